package dev.stillpoint.wellposed;

/// What is proved about a model: whether `x = phi(Ax + b)` has exactly one solution for every `b` (IDL-21,
/// Definition 2.1).
public enum Verdict {
    /// It has, by a theorem whose condition was verified with rounding taken into account.
    WELL_POSED("true"),
    /// It has not: for some `b` there are several solutions or none.
    ILL_POSED("false"),
    /// Neither was proved.
    UNKNOWN("unknown");

    private final String label;

    Verdict(String label) {
        this.label = label;
    }

    /// The word in reports: `true`, `false`, `unknown`.
    public String label() {
        return label;
    }
}
