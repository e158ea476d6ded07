package dev.stillpoint.internal.engine;

/// What one thread of a plan does to a batch.
public interface Worker {
    /// Works on a batch until no sample is left or the batch is cancelled.
    ///
    /// @param share samples that fall to this worker when all have the same number
    void run(Batch batch, int share);

    /// Bytes of the arrays that the worker has of its own, at most.
    long bytes();
}
