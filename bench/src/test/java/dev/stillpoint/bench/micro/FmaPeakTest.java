package dev.stillpoint.bench.micro;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stillpoint.bench.micro.FmaPeak.Chains;
import dev.stillpoint.matrix.Precision;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Small counts, whose sums both precisions hold exactly.
final class FmaPeakTest {
    private static Stream<Arguments> loops() {
        return Arrays.stream(Precision.values())
                .flatMap(precision -> Arrays.stream(Chains.values()).map(chains -> Arguments.of(precision, chains)));
    }

    @ParameterizedTest
    @MethodSource("loops")
    void everyLaneOfEveryChainTakesEveryStep(Precision precision, Chains chains) {
        int c = chains.count();
        for (int rounds : new int[] {0, 1, 2, 7, 100}) {
            double start = c * (c - 1) / 2.0;
            double expected = FmaPeak.lanes(precision) * (start + c * rounds * 1.5 * 0.75);
            assertEquals(expected, FmaPeak.run(precision, chains, rounds, 1.5, 0.75), rounds + " rounds");
        }
    }

    /// With `a = b = 1` every multiply-add raises the sum by one.
    @ParameterizedTest
    @MethodSource("loops")
    void operationsAreTwoForEachMultiplyAdd(Precision precision, Chains chains) {
        int rounds = 1000;
        double fmas = FmaPeak.run(precision, chains, rounds, 1, 1) - FmaPeak.run(precision, chains, 0, 1, 1);
        assertEquals(FmaPeak.flops(precision, chains, rounds), Math.round(2 * fmas));
    }

    @ParameterizedTest
    @MethodSource("loops")
    void theBenchmarkCountsWhatItDoes(Precision precision, Chains chains) {
        FmaPeak benchmark = new FmaPeak();
        benchmark.precision = precision;
        benchmark.chains = chains;
        FlopCounter counter = new FlopCounter();
        double once = benchmark.fma(counter);
        long flops = counter.flops;
        assertEquals(once, benchmark.fma(counter));
        assertEquals(2 * flops, counter.flops);
        int c = chains.count();
        double fmas = flops / 2.0;
        // 1.125 an operation; the sum stays below 2^24 eighths a chain, hence exact, in every lane of FP32, and the
        // lanes' sum may round once an addition.
        double expected = FmaPeak.lanes(precision) * (c * (c - 1) / 2.0) + fmas * 1.5 * 0.75;
        double additions = c + FmaPeak.lanes(precision);
        assertEquals(expected, once, additions * precision.unitRoundoff() * expected);
    }
}
