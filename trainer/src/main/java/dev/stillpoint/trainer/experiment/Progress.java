package dev.stillpoint.trainer.experiment;

/// Told how far a run is.
@FunctionalInterface
public interface Progress {
    /// A phase has come to `done` of `total` steps. A phase begins with 0 and ends with `total`; phases follow one
    /// another. Calls come from any thread of the run, one at a time; they should be quick.
    ///
    /// @param phase what the run is doing, in a few words
    /// @param done steps done
    /// @param total steps of this phase, at least 1
    void report(String phase, long done, long total);

    /// Tells nobody.
    static Progress none() {
        return (_, _, _) -> {};
    }
}
