package dev.stillpoint.trainer.experiment;

import dev.stillpoint.trainer.data.Dataset;
import dev.stillpoint.validation.report.Axis;
import dev.stillpoint.validation.report.Block;
import dev.stillpoint.validation.report.Environment;
import dev.stillpoint.validation.report.Page;
import dev.stillpoint.validation.report.Plot;
import dev.stillpoint.validation.report.Series;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The page that shows what the demo found.
public final class DemoPage {
    private final DemoResult result;

    private DemoPage(DemoResult result) {
        this.result = result;
    }

    /// Writes the page to `file`, which appears whole or not at all; one that is there is replaced.
    ///
    /// @throws IOException when the file cannot be written
    public static void write(DemoResult result, Path file) throws IOException {
        of(result, Environment.current().with("Device", result.device())).write(file);
    }

    static Page of(DemoResult result, Environment environment) {
        return new DemoPage(result).page(environment);
    }

    private Page page(Environment environment) {
        List<Block> blocks = new ArrayList<>();
        blocks.add(keyFigures());
        blocks.add(new Block.Paragraph(String.format(
                Locale.ROOT,
                "An implicit model has no layers: its hidden state is the solution of an equation. Here the equation was"
                        + " drawn at random, with |A| scaled so that exactly one solution exists for every image, and"
                        + " only the linear outputs y = Cx were fitted, by ridge regression on the states of the %,d"
                        + " training images.",
                result.trainSamples())));
        blocks.add(new Block.Preformatted(String.format(
                Locale.ROOT,
                "x = relu(A x + B u + b)     %d states x, %d inputs u, λ_PF(|A|) = %.4f%n"
                        + "y = C x                     %d outputs y, the largest names the class",
                result.options().stateSize(),
                result.inputSize(),
                result.lambdaUpper(),
                result.classes().size())));
        blocks.add(new Block.Heading("Solving"));
        blocks.add(new Block.FigureRow(List.of(iterations(), residuals())));
        blocks.add(new Block.Heading("Single against double precision"));
        blocks.add(new Block.Paragraph(agreement()));
        blocks.add(differences());
        blocks.add(new Block.Heading("Reading"));
        blocks.add(confusion());
        blocks.add(examples());
        blocks.add(new Block.Heading("Settings"));
        blocks.add(settings());
        return new Page(
                "Stillpoint demo: " + result.dataset().toLowerCase(Locale.ROOT),
                String.format(
                        Locale.ROOT,
                        "A random implicit model with %d states reads %,d images that it has not seen, %.1f %% of them"
                                + " rightly.",
                        result.options().stateSize(),
                        result.testSamples(),
                        100 * result.readout().testAccuracy()),
                environment,
                blocks);
    }

    private Block keyFigures() {
        DemoResult.Solve single = result.single();
        return new Block.KeyFigures(List.of(
                new Block.KeyFigure(
                        "Test accuracy",
                        String.format(
                                Locale.ROOT, "%.2f %%", 100 * result.readout().testAccuracy()),
                        String.format(Locale.ROOT, "of %,d images", result.testSamples())),
                new Block.KeyFigure(
                        "Solved a second",
                        String.format(Locale.ROOT, "%,d", Math.round(single.samplesPerSecond())),
                        String.format(
                                Locale.ROOT,
                                "images in FP32, %,d in FP64",
                                Math.round(result.twofold().samplesPerSecond()))),
                new Block.KeyFigure(
                        "Iterations",
                        String.format(Locale.ROOT, "%.1f", single.meanIterations()),
                        String.format(
                                Locale.ROOT,
                                "on average, %d to %d",
                                single.leastIterations(),
                                single.mostIterations())),
                new Block.KeyFigure(
                        "FP32 against FP64",
                        String.format(Locale.ROOT, "%.1e", result.agreement().largestDifference()),
                        String.format(
                                Locale.ROOT,
                                "largest difference, the tolerance allows %.1e",
                                result.agreement().largestExpected()))));
    }

    private Block.Figure iterations() {
        List<Plot.Bar> bars = new ArrayList<>();
        List<Integer> counts = result.single().iterations();
        for (int k = result.single().leastIterations(); k < counts.size(); k++) {
            bars.add(new Plot.Bar(k - 0.5, k + 0.5, counts.get(k)));
        }
        return new Block.Figure(
                String.format(
                        Locale.ROOT,
                        "Every image has its own stopping test, so easy ones leave early: Picard iterations in FP32 until"
                                + " the residual is at most %.0e (1 + |f(x)|).",
                        result.options().tolerance()),
                new Plot.Bars(
                        Axis.linear("Iterations of an image", ""),
                        Axis.linear("Images", "count"),
                        bars,
                        List.of(new Plot.Mark(
                                String.format(
                                        Locale.ROOT,
                                        "mean %.1f",
                                        result.single().meanIterations()),
                                result.single().meanIterations()))));
    }

    private Block.Figure residuals() {
        List<Series> series = new ArrayList<>();
        for (DemoResult.Trace trace : result.traces()) {
            series.add(Series.line("FP" + 8 * trace.precision().bytes(), points(trace.residuals())));
        }
        List<Double> longest = result.traces().getLast().residuals();
        List<Double> rate = new ArrayList<>();
        double guaranteed = longest.getFirst();
        for (int k = 0; k < longest.size(); k++) {
            rate.add(guaranteed);
            guaranteed *= result.lambdaUpper();
        }
        series.add(Series.dashedLine(String.format(Locale.ROOT, "%.2f to the k", result.lambdaUpper()), points(rate)));
        return new Block.Figure(
                "The least residual so far of the test image that took most iterations, without a tolerance: iterations"
                        + " go on until the residual is exactly 0, or rounding errors keep it from falling. Dashed: the"
                        + " rate that λ_PF(|A|) guarantees.",
                new Plot.Xy(
                        Axis.linear("Iteration k", ""),
                        Axis.logarithmic("Residual |f(x) - x|", "2-norm"),
                        series,
                        List.of()));
    }

    private static List<Series.Point> points(List<Double> values) {
        List<Series.Point> points = new ArrayList<>();
        for (int k = 0; k < values.size(); k++) {
            points.add(new Series.Point(k + 1, values.get(k)));
        }
        return points;
    }

    private String agreement() {
        DemoResult.Agreement agreement = result.agreement();
        return String.format(
                Locale.ROOT,
                "All %,d images were solved again in FP64, with the same tolerance. The residuals that the tolerance"
                        + " leaves, and the contraction of the model, allow the two solutions of an image to be up to"
                        + " %.1e apart, and %.1e with rounding errors at their worst; the largest difference is %.1e,"
                        + " and %s. %s.",
                result.twofold().samples(),
                agreement.largestExpected(),
                agreement.largestBound(),
                agreement.largestDifference(),
                agreement.samplesBeyondBound() == 0
                        ? "every image is within its own bound"
                        : String.format(
                                Locale.ROOT,
                                "%,d images are beyond their bound, which is a fault",
                                agreement.samplesBeyondBound()),
                agreement.readingsThatDiffer() == 0
                        ? "Every test image is read as the same class from both"
                        : String.format(
                                Locale.ROOT,
                                "From its FP64 solution, %,d of the test images are read as another class",
                                agreement.readingsThatDiffer()));
    }

    private Block differences() {
        DemoResult.Agreement agreement = result.agreement();
        List<Plot.Bar> bars = agreement.histogram().stream()
                .map(bin -> new Plot.Bar(bin.from(), bin.to(), bin.samples()))
                .toList();
        return new Block.Figure(
                "The largest difference of a state between FP32 and FP64, image by image.",
                new Plot.Bars(
                        Axis.logarithmic("Difference, max |x - x′|", "units of the state"),
                        Axis.linear("Images", "count"),
                        bars,
                        List.of(
                                new Plot.Mark("allowed by the tolerance", agreement.largestExpected()),
                                new Plot.Mark("with rounding", agreement.largestBound()))));
    }

    private Block confusion() {
        List<List<Double>> cells = result.readout().confusion().stream()
                .map(row -> row.stream().map(Integer::doubleValue).toList())
                .toList();
        return new Block.Figure(
                "What the test images are (rows) and what they were read as (columns).",
                new Plot.HeatMap("Read as", "Class", result.classes(), result.classes(), "Test images", cells));
    }

    private Block examples() {
        Dataset examples = result.examples();
        List<Block.Image> images = new ArrayList<>();
        float[] features = new float[examples.featureSize()];
        for (int i = 0; i < examples.samples(); i++) {
            examples.features().getRow(i, features, 0);
            byte[] pixels = new byte[features.length];
            for (int j = 0; j < pixels.length; j++) {
                pixels[j] = (byte) Math.round(255 * (1 - features[j]));
            }
            int label = examples.label(i);
            int read = result.examplePredictions().get(i);
            String name = result.classes().get(label);
            images.add(new Block.Image(
                    examples.width(),
                    examples.height(),
                    pixels,
                    read == label
                            ? name
                            : name + ", read as " + result.classes().get(read),
                    read != label));
        }
        return new Block.ImageGrid("Test images: some that were misread, and some that were not.", images);
    }

    private Block settings() {
        DemoOptions options = result.options();
        return new Block.Table(
                "What this run was asked to do, and what it took.",
                List.of(Block.Column.text("Setting"), Block.Column.number("Value")),
                List.of(
                        List.of("Data set", result.dataset()),
                        List.of("Training images", String.format(Locale.ROOT, "%,d", result.trainSamples())),
                        List.of("Test images", String.format(Locale.ROOT, "%,d", result.testSamples())),
                        List.of("States n", Integer.toString(options.stateSize())),
                        List.of("Inputs p", Integer.toString(result.inputSize())),
                        List.of("Seed", Long.toString(options.seed())),
                        List.of("Solver", "Picard iteration"),
                        List.of("Tolerance, absolute and relative", Double.toString(options.tolerance())),
                        List.of("Threads", Integer.toString(options.threads())),
                        List.of(
                                "Penalty of the ridge regression",
                                String.format(
                                        Locale.ROOT, "%.3g", result.readout().penalty())),
                        List.of(
                                "Training accuracy",
                                String.format(
                                        Locale.ROOT,
                                        "%.2f %%",
                                        100 * result.readout().trainAccuracy())),
                        List.of(
                                "Solves in FP32",
                                String.format(
                                        Locale.ROOT, "%.2f s", result.single().seconds())),
                        List.of(
                                "Solves in FP64",
                                String.format(
                                        Locale.ROOT, "%.2f s", result.twofold().seconds())),
                        List.of("Whole run", String.format(Locale.ROOT, "%.1f s", result.seconds()))));
    }
}
