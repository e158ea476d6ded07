package dev.stillpoint.internal.engine;

/// What solves the samples of a problem, or of a block of one.
public interface Runner extends Worker {
    /// Works until no sample is left or the work is cancelled.
    ///
    /// @param share samples that fall to this runner when all have the same number
    void run(Work work, int share);

    @Override
    default void run(Batch batch, int share) {
        run((Work) batch, share);
    }
}
