package dev.stillpoint.bench.report;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What is timed beside the peak, with the sizes that it has where none are asked for.
public enum Suite {
    /// Whole solves in which every sample takes the same number of iterations.
    SOLVE,
    /// A batch whose last sample takes a hundred times the iterations of the others.
    STRAGGLER,
    /// A feed-forward network given as one strictly triangular matrix; its `n` is the width of a layer.
    LAYERS,
    /// The projection of a matrix of `m` rows of `n` values onto those with a bounded max-row-sum norm.
    PROJECTION,
    /// What bounds of all errors cost beside a solve, in iterations.
    CERTIFY,
    /// Every solver on every problem of a list, the sizes being the problems' own; nothing is measured beside it.
    SOLVERS;

    /// `m n^2` of the batches that are certified: 4096 samples of 256 states.
    private static final int CERTIFIED_VALUES = 1 << 28;

    /// Its name on the command line and in reports.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The suite of that name.
    ///
    /// @throws IllegalArgumentException when there is none
    public static Suite of(String label) {
        for (Suite suite : values()) {
            if (suite.label().equals(label)) {
                return suite;
            }
        }
        throw new IllegalArgumentException("unknown benchmark '" + label + "': expected one of "
                + Arrays.stream(values()).map(Suite::label).collect(Collectors.joining(", ")));
    }

    /// The values of `n` to measure: the given ones, or its own where there are none.
    List<Integer> sizes(List<Integer> given) {
        if (!given.isEmpty()) {
            return given;
        }
        return switch (this) {
            case SOLVE -> List.of(32, 64, 128, 256, 512);
            case STRAGGLER -> List.of(256);
            case LAYERS -> List.of(64, 256, 512);
            case PROJECTION -> List.of(4096);
            case CERTIFY -> List.of(128, 256, 512, 1024);
            case SOLVERS -> List.of();
        };
    }

    /// The values of `m` to measure beside an `n`: the given ones, or its own where there are none.
    List<Integer> batches(List<Integer> given, int n) {
        if (!given.isEmpty()) {
            return given;
        }
        return switch (this) {
            case SOLVE, LAYERS -> List.of(256);
            case STRAGGLER -> List.of(4000);
            case PROJECTION -> List.of(4096);
            // As much work for each n, some tenths of a second.
            case CERTIFY -> List.of(Math.clamp(CERTIFIED_VALUES / ((long) n * n), 1, CERTIFIED_VALUES));
            case SOLVERS -> List.of();
        };
    }
}
