package dev.stillpoint.trainer.experiment;

import dev.stillpoint.backend.Backend;
import dev.stillpoint.trainer.data.KnownDataset;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What the demo does.
///
/// @param data the data set
/// @param folder the folder of the data sets, or null for none; the digits need none
/// @param stateSize `n`, at least 2
/// @param kappa what `lambda_PF(|A|)` is to be, in (0, 1)
/// @param tolerance the tolerance of the solver, absolute and relative, positive
/// @param seed the seed of the model
/// @param limit samples of each split that are used at most, at least 10
/// @param backend what solves
/// @param threads threads that solve, at least 1
public record DemoOptions(
        KnownDataset data,
        @Nullable Path folder,
        int stateSize,
        double kappa,
        double tolerance,
        long seed,
        int limit,
        Backend backend,
        int threads) {
    /// Checks the options.
    ///
    /// @throws IllegalArgumentException when one is out of range
    public DemoOptions {
        check(stateSize >= 2, "state size", stateSize, "at least 2");
        check(kappa > 0 && kappa < 1, "kappa", kappa, "a number between 0 and 1");
        check(tolerance > 0 && tolerance < 1, "tolerance", tolerance, "a number between 0 and 1");
        check(limit >= 10, "limit", limit, "at least 10");
        check(threads >= 1, "threads", threads, "at least 1");
    }

    /// The optical digits, all of them; `n = 512`, `kappa = 0.8`, tolerance 1e-6, seed 1; the CPU with all of its
    /// processors.
    public static DemoOptions defaults() {
        return new DemoOptions(
                KnownDataset.DIGITS,
                null,
                512,
                0.8,
                1e-6,
                1,
                Integer.MAX_VALUE,
                Backend.cpu(),
                Runtime.getRuntime().availableProcessors());
    }

    /// These options with another data set.
    ///
    /// @param data the data set
    /// @param folder the folder of the data sets, or null for none
    public DemoOptions withData(KnownDataset data, @Nullable Path folder) {
        return new DemoOptions(data, folder, stateSize, kappa, tolerance, seed, limit, backend, threads);
    }

    /// These options with another number of states.
    public DemoOptions withStateSize(int stateSize) {
        return new DemoOptions(data, folder, stateSize, kappa, tolerance, seed, limit, backend, threads);
    }

    /// These options with another contraction.
    public DemoOptions withKappa(double kappa) {
        return new DemoOptions(data, folder, stateSize, kappa, tolerance, seed, limit, backend, threads);
    }

    /// These options with another tolerance.
    public DemoOptions withTolerance(double tolerance) {
        return new DemoOptions(data, folder, stateSize, kappa, tolerance, seed, limit, backend, threads);
    }

    /// These options with another seed.
    public DemoOptions withSeed(long seed) {
        return new DemoOptions(data, folder, stateSize, kappa, tolerance, seed, limit, backend, threads);
    }

    /// These options with at most `limit` samples of each split.
    public DemoOptions withLimit(int limit) {
        return new DemoOptions(data, folder, stateSize, kappa, tolerance, seed, limit, backend, threads);
    }

    /// These options on another backend.
    public DemoOptions withBackend(Backend backend) {
        return new DemoOptions(data, folder, stateSize, kappa, tolerance, seed, limit, backend, threads);
    }

    /// These options with another number of threads.
    public DemoOptions withThreads(int threads) {
        return new DemoOptions(data, folder, stateSize, kappa, tolerance, seed, limit, backend, threads);
    }

    private static void check(boolean holds, String name, Object value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(name + " is " + value + ", expected " + expected);
        }
    }
}
