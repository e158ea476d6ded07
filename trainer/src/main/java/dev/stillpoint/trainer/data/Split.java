package dev.stillpoint.trainer.data;

/// A part of a data set, by what it is for.
public enum Split {
    /// To fit a model on.
    TRAIN("train"),
    /// To judge a model by, and nothing else.
    TEST("test");

    private final String label;

    Split(String label) {
        this.label = label;
    }

    /// The name on command lines and in reports.
    public String label() {
        return label;
    }
}
