package dev.stillpoint.trainer.experiment;

import dev.stillpoint.trainer.experiment.OptimalLimitResult.Point;
import dev.stillpoint.validation.report.Axis;
import dev.stillpoint.validation.report.Block;
import dev.stillpoint.validation.report.Environment;
import dev.stillpoint.validation.report.Page;
import dev.stillpoint.validation.report.Plot;
import dev.stillpoint.validation.report.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// The page that shows how the state of a deep optimization-induced model tends to a minimiser.
public final class OptimalLimitPage {
    private final OptimalLimitResult result;

    private OptimalLimitPage(OptimalLimitResult result) {
        this.result = result;
    }

    /// The page as HTML, with the environment of this process.
    public static String html(OptimalLimitResult result) {
        return of(result, Environment.current()).toHtml();
    }

    static Page of(OptimalLimitResult result, Environment environment) {
        return new OptimalLimitPage(result).page(environment);
    }

    private Page page(Environment environment) {
        OptimalLimitOptions options = result.options();
        return new Page(
                "Stillpoint: the limit of a deep optimization-induced model",
                String.format(
                        Locale.ROOT,
                        "As its layers are averaged ever more, the state of a model of %d layers tends to the minimiser of"
                                + " a convex function, in proportion to alpha^%.3f.",
                        options.depth(),
                        result.exponent()),
                environment,
                List.of(
                        keyFigures(),
                        new Block.Paragraph("Each layer moves a part alpha of the way to a proximal map. Theorem 3 of"
                                + " OPT-21: as alpha goes to 0, the states of all layers tend to the y that, with some"
                                + " x_1 ... x_L, is the minimiser of one strongly convex function. The deep model is"
                                + " then a wide one of a single layer."),
                        new Block.Preformatted(String.format(
                                Locale.ROOT,
                                "z_l = alpha prox_phi_l(z_(l-1)) + (1 - alpha) z_(l-1),   z_0 = z_L      %d layers of %d"
                                        + " values, %s%n"
                                        + "(x, y) minimises  sum_l phi_l(x_l) + |x_l - y|^2/2",
                                options.depth(),
                                options.order(),
                                options.activation().label())),
                        new Block.Figure(
                                "The distance of the states from the minimiser, as alpha goes to 0 from the right to the"
                                        + " left. Dashed: what the contraction of the layers allows for the last one, and"
                                        + " the power of alpha that fits the smaller half of its distances best.",
                                new Plot.Xy(
                                        Axis.logarithmic("Averaging alpha", ""),
                                        Axis.logarithmic("Distance from the minimiser", "2-norm"),
                                        series(),
                                        List.of())),
                        new Block.Heading("Figures"),
                        table()));
    }

    private Block keyFigures() {
        Point first = result.points().getFirst();
        Point last = result.points().getLast();
        return new Block.KeyFigures(List.of(
                new Block.KeyFigure(
                        "Exponent",
                        String.format(Locale.ROOT, "%.4f", result.exponent()),
                        String.format(
                                Locale.ROOT, "1 in theory; %.4f of the farthest layer", result.farthestExponent())),
                new Block.KeyFigure(
                        "At alpha = 1",
                        String.format(Locale.ROOT, "%.1e", first.distance()),
                        String.format(Locale.ROOT, "|z - y|, where |y| = %.2f", result.minimiserNorm())),
                new Block.KeyFigure(
                        "At alpha = 2^-" + result.options().halvings(),
                        String.format(Locale.ROOT, "%.1e", last.distance()),
                        String.format(Locale.ROOT, "at most %.1e is proved", last.bound()))));
    }

    private List<Series> series() {
        return List.of(
                Series.points("last layer", points(Point::distance)),
                Series.line("farthest layer", points(Point::farthest)),
                Series.dashedLine("bound", points(Point::bound)),
                Series.dashedLine(
                        String.format(Locale.ROOT, "fit, alpha^%.3f", result.exponent()),
                        points(point -> result.fit(point.alpha()))));
    }

    private List<Series.Point> points(ToDoubleFunction<Point> value) {
        return result.points().stream()
                .map(point -> new Series.Point(point.alpha(), value.applyAsDouble(point)))
                .toList();
    }

    private Block table() {
        List<List<String>> rows = new ArrayList<>();
        for (int k = 0; k < result.points().size(); k++) {
            Point point = result.points().get(k);
            rows.add(List.of(
                    k == 0 ? "1" : "2^-" + k,
                    String.format(Locale.ROOT, "%.6e", point.distance()),
                    k == 0
                            ? ""
                            : String.format(
                                    Locale.ROOT,
                                    "%.4f",
                                    Math.log(result.points().get(k - 1).distance() / point.distance()) / Math.log(2)),
                    String.format(Locale.ROOT, "%.6e", point.farthest()),
                    String.format(Locale.ROOT, "%.6e", point.bound()),
                    Integer.toString(point.iterations())));
        }
        return new Block.Table(
                String.format(
                        Locale.ROOT,
                        "A model with the slope %s and the seed %d, by Picard iteration in FP64. The exponent is that from"
                                + " the row before.",
                        result.options().slope(),
                        result.options().seed()),
                List.of(
                        Block.Column.number("alpha"),
                        Block.Column.number("last layer"),
                        Block.Column.number("exponent"),
                        Block.Column.number("farthest layer"),
                        Block.Column.number("bound of the last"),
                        Block.Column.number("iterations")),
                rows);
    }
}
