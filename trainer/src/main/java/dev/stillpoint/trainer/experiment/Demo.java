package dev.stillpoint.trainer.experiment;

import dev.stillpoint.backend.Backend;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.backend.SolvePlan;
import dev.stillpoint.backend.SolveRequest;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.model.ImplicitModel;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.Status;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.trainer.data.Dataset;
import dev.stillpoint.trainer.data.Split;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;

/// A random well-posed model reads handwritten digits.
///
/// 1. Draw the equation `x = relu(Ax + Bu + bias)` at random, with `lambda_PF(|A|)` below 1, so that every image `u`
/// has
///    exactly one state `x`.
/// 2. Solve for the states of all images by Picard iteration in FP32.
/// 3. Fit `C` of `y = Cx` to the classes of the training images by ridge regression; the largest output of a test image
///    is what it is read as.
/// 4. Solve again in FP64, and compare: each sample's difference must lie within what its residuals and the rounding
///    errors allow.
///
/// With `n = 512` and the optical digits, 97 to 98 % of the test digits are read rightly.
public final class Demo {
    private static final int WARM_UP = 256;
    private static final int CHUNK = 4096;
    private static final int TRACE = 60;
    private static final int PATIENCE = 8;
    private static final int EXAMPLES = 36;
    private static final int MOST_MISREAD = 18;

    private final DemoOptions options;
    private final Progress progress;

    private Demo(DemoOptions options, Progress progress) {
        this.options = options;
        this.progress = progress;
    }

    /// Runs the demo on the calling thread, and on as many more as the options say.
    ///
    /// @throws IOException when a data file is missing or malformed
    /// @throws CancellationException when the thread is interrupted; its interrupt flag stays set
    public static DemoResult run(DemoOptions options, Progress progress) throws IOException {
        return new Demo(options, progress).run();
    }

    private DemoResult run() throws IOException {
        long begin = System.nanoTime();
        String loading = "Loading the data";
        progress.report(loading, 0, 2);
        Dataset train = load(Split.TRAIN);
        progress.report(loading, 1, 2);
        Dataset test = load(Split.TEST);
        progress.report(loading, 2, 2);

        String drawing = "Drawing the model";
        progress.report(drawing, 0, 1);
        RandomModel random = RandomModel.draw(
                train.features(), options.stateSize(), options.kappa(), new SplitMix64(options.seed()));
        FixedPointProblem problem = random.problem();
        progress.report(drawing, 1, 1);

        SolveResult trainStates;
        SolveResult testStates;
        DemoResult.Solve single;
        try (SolvePlan plan = plan(problem, stopping(), Precision.F32)) {
            SolveTally tally = new SolveTally(Precision.F32);
            PhaseCounter counter =
                    new PhaseCounter(progress, "Solving in FP32", (long) train.samples() + test.samples());
            plan.solve(train.features().slice(0, Math.min(WARM_UP, train.samples())));
            trainStates = tally.solve(plan, train.features(), counter);
            testStates = tally.solve(plan, test.features(), counter);
            single = tally.summary();
        }

        RidgeReadout ridge = RidgeReadout.fit(
                trainStates.states(), train.labels(), train.classes().size(), progress);
        ImplicitModel model = new ImplicitModel(problem, LinearOperator.dense(ridge.c()), null);
        int[] read = read(model.predict(test.features(), testStates));
        DemoResult.Readout readout = new DemoResult.Readout(
                ridge.penalty(),
                ridge.heldOutError(),
                accuracy(read(model.predict(train.features(), trainStates)), train),
                accuracy(read, test),
                confusion(read, test));

        Comparison comparison = new Comparison(new ErrorEstimate(random));
        DemoResult.Solve twofold;
        int readingsThatDiffer = 0;
        try (SolvePlan plan = plan(problem, stopping(), Precision.F64)) {
            SolveTally tally = new SolveTally(Precision.F64);
            PhaseCounter counter =
                    new PhaseCounter(progress, "Solving in FP64", (long) train.samples() + test.samples());
            plan.solve(train.features().slice(0, Math.min(WARM_UP, train.samples())));
            // In pieces, as all states in FP64 would take twice the memory of those in FP32.
            for (int first = 0; first < train.samples(); first += CHUNK) {
                Matrix inputs = train.features().slice(first, Math.min(first + CHUNK, train.samples()));
                comparison.add(inputs, trainStates, first, tally.solve(plan, inputs, counter));
            }
            for (int first = 0; first < test.samples(); first += CHUNK) {
                Matrix inputs = test.features().slice(first, Math.min(first + CHUNK, test.samples()));
                SolveResult states = tally.solve(plan, inputs, counter);
                comparison.add(inputs, testStates, first, states);
                int[] readAgain = read(model.predict(inputs, states));
                for (int i = 0; i < readAgain.length; i++) {
                    readingsThatDiffer += readAgain[i] == read[first + i] ? 0 : 1;
                }
            }
            twofold = tally.summary();
        }

        List<DemoResult.Trace> traces = traces(problem, test.features(), testStates);
        List<Integer> chosen = examples(read, test);
        return new DemoResult(
                options,
                train.name(),
                train.classes(),
                train.samples(),
                test.samples(),
                problem.inputSize(),
                random.lambdaLower(),
                random.lambdaUpper(),
                options.backend().device(),
                single,
                twofold,
                readout,
                comparison.summary(readingsThatDiffer),
                traces,
                test.select(chosen),
                chosen.stream().map(i -> read[i]).toList(),
                (System.nanoTime() - begin) * 1e-9);
    }

    private Dataset load(Split split) throws IOException {
        return options.data().load(split, options.folder()).first(options.limit());
    }

    private StoppingRule stopping() {
        return StoppingRule.mixed(options.tolerance());
    }

    private SolvePlan plan(FixedPointProblem problem, StoppingRule stopping, Precision precision) {
        Backend backend = options.backend();
        return backend.prepare(problem, Solver.picard(), stopping, new PlanOptions(precision, options.threads()));
    }

    /// Solves for the sample that took most iterations again, with 1, 2, 3, ... iterations at most, until its residual
    /// is 0 or has long not fallen.
    private List<DemoResult.Trace> traces(FixedPointProblem problem, Matrix inputs, SolveResult result) {
        int slowest = 0;
        for (int i = 1; i < result.samples(); i++) {
            slowest = result.iterations(i) > result.iterations(slowest) ? i : slowest;
        }
        SolveRequest request = SolveRequest.of(inputs.slice(slowest, slowest + 1));
        PhaseCounter counter = new PhaseCounter(progress, "Following a residual", 2L * TRACE);
        List<DemoResult.Trace> traces = new ArrayList<>();
        for (Precision precision : List.of(Precision.F32, Precision.F64)) {
            List<Double> residuals = new ArrayList<>();
            boolean falls = true;
            while (falls && residuals.size() < TRACE) {
                int iterations = residuals.size() + 1;
                StoppingRule stopping = StoppingRule.absolute(0).withMaxIterations(iterations);
                double residual;
                try (SolvePlan plan = plan(problem, stopping, precision)) {
                    residual = plan.solve(request).residual(0);
                }
                residuals.add(residual);
                counter.accept(1);
                falls = residual > 0 && (iterations <= PATIENCE || residual < residuals.get(iterations - 1 - PATIENCE));
            }
            counter.accept(TRACE - residuals.size());
            traces.add(new DemoResult.Trace(precision, residuals));
        }
        return traces;
    }

    /// The class of each row's largest output, the first of equal ones.
    private static int[] read(Matrix outputs) {
        int[] read = new int[outputs.rows()];
        double[] row = new double[outputs.columns()];
        for (int i = 0; i < read.length; i++) {
            outputs.getRow(i, row, 0);
            for (int k = 1; k < row.length; k++) {
                read[i] = row[k] > row[read[i]] ? k : read[i];
            }
        }
        return read;
    }

    private static double accuracy(int[] read, Dataset data) {
        int right = 0;
        for (int i = 0; i < read.length; i++) {
            right += read[i] == data.label(i) ? 1 : 0;
        }
        return (double) right / read.length;
    }

    private static List<List<Integer>> confusion(int[] read, Dataset data) {
        int classes = data.classes().size();
        int[][] counts = new int[classes][classes];
        for (int i = 0; i < read.length; i++) {
            counts[data.label(i)][read[i]]++;
        }
        List<List<Integer>> rows = new ArrayList<>();
        for (int[] row : counts) {
            rows.add(Arrays.stream(row).boxed().toList());
        }
        return rows;
    }

    /// The first misread samples, and the first samples read rightly after them.
    private static List<Integer> examples(int[] read, Dataset data) {
        List<Integer> chosen = new ArrayList<>();
        for (int i = 0; i < read.length && chosen.size() < MOST_MISREAD; i++) {
            if (read[i] != data.label(i)) {
                chosen.add(i);
            }
        }
        for (int i = 0; i < read.length && chosen.size() < EXAMPLES; i++) {
            if (read[i] == data.label(i)) {
                chosen.add(i);
            }
        }
        return chosen;
    }

    /// Counts iterations and seconds over the solves of one precision.
    private static final class SolveTally {
        private final Precision precision;
        private final List<Integer> histogram = new ArrayList<>();
        private int samples;
        private int converged;
        private long nanoseconds;

        SolveTally(Precision precision) {
            this.precision = precision;
        }

        SolveResult solve(SolvePlan plan, Matrix inputs, PhaseCounter counter) {
            long begin = System.nanoTime();
            SolveResult result = plan.solve(SolveRequest.of(inputs).reporting(counter));
            nanoseconds += System.nanoTime() - begin;
            samples += result.samples();
            converged += result.count(Status.CONVERGED);
            for (int i = 0; i < result.samples(); i++) {
                int iterations = result.iterations(i);
                while (histogram.size() <= iterations) {
                    histogram.add(0);
                }
                histogram.set(iterations, histogram.get(iterations) + 1);
            }
            return result;
        }

        DemoResult.Solve summary() {
            return new DemoResult.Solve(precision, samples, converged, histogram, nanoseconds * 1e-9);
        }
    }
}
