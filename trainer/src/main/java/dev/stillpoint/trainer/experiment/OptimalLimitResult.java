package dev.stillpoint.trainer.experiment;

import dev.stillpoint.solver.Status;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// What the experiment about the limit of deep optimization-induced models found.
///
/// @param options what was asked for
/// @param minimiserNorm `|y|_2`
/// @param points the states for `alpha = 1, 1/2, 1/4, ...`
public record OptimalLimitResult(OptimalLimitOptions options, double minimiserNorm, List<Point> points) {
    /// Copies the list.
    public OptimalLimitResult {
        points = List.copyOf(points);
    }

    /// The state for one `alpha`.
    ///
    /// @param alpha `alpha`
    /// @param distance `|z_L - y|_2`, of the state of the model: that of its last layer
    /// @param farthest the largest `|z_l - y|_2` of all layers
    /// @param bound what `distance` cannot exceed, but for rounding and the solver's tolerance
    /// @param iterations iterations of the solve
    /// @param status how the solve ended
    public record Point(double alpha, double distance, double farthest, double bound, int iterations, Status status) {}

    /// Whether every state was found.
    public boolean allConverged() {
        return points.stream().allMatch(point -> point.status() == Status.CONVERGED);
    }

    /// The points that the exponent is fitted to: the smaller half of the `alpha`, for the law holds in the limit.
    public List<Point> fitted() {
        return points.subList(points.size() / 2, points.size());
    }

    /// `p` of the best fit `C alpha^p` to the distances of the last layer, by least squares of the logarithms.
    public double exponent() {
        return exponent(Point::distance);
    }

    /// `p` likewise of the layer that is farthest.
    public double farthestExponent() {
        return exponent(Point::farthest);
    }

    /// `C alpha^p` of the fit to the distances of the last layer.
    double fit(double alpha) {
        double p = exponent();
        double sum = 0;
        for (Point point : fitted()) {
            sum += Math.log(point.distance()) - p * Math.log(point.alpha());
        }
        return Math.exp(sum / fitted().size() + p * Math.log(alpha));
    }

    private double exponent(ToDoubleFunction<Point> distance) {
        List<Point> fitted = fitted();
        double meanX = 0;
        double meanY = 0;
        for (Point point : fitted) {
            meanX += Math.log(point.alpha()) / fitted.size();
            meanY += Math.log(distance.applyAsDouble(point)) / fitted.size();
        }
        double products = 0;
        double squares = 0;
        for (Point point : fitted) {
            double x = Math.log(point.alpha()) - meanX;
            products += x * (Math.log(distance.applyAsDouble(point)) - meanY);
            squares += x * x;
        }
        return products / squares;
    }

    /// The result in a few lines of text.
    public String summary() {
        Point last = points.getLast();
        return String.format(
                Locale.ROOT,
                """
                model: %d units of %d values, %s, slope %s, seed %d
                minimiser: |y| = %.6f
                alpha = 1: |z - y| = %.3e; alpha = 2^-%d: %.3e, at most %.3e; farthest layer %.3e
                exponent: %.4f, of the farthest layer %.4f, over the %d smallest alpha; the theory says 1
                """,
                options.depth(),
                options.order(),
                options.activation().label(),
                options.slope(),
                options.seed(),
                minimiserNorm,
                points.getFirst().distance(),
                options.halvings(),
                last.distance(),
                last.bound(),
                last.farthest(),
                exponent(),
                farthestExponent(),
                fitted().size());
    }
}
