package dev.stillpoint.opencl.internal;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.activation.BlockActivation;
import dev.stillpoint.activation.Gate;
import dev.stillpoint.activation.GroupNorm;
import dev.stillpoint.activation.Identity;
import dev.stillpoint.activation.LeakyRelu;
import dev.stillpoint.activation.MaxPool;
import dev.stillpoint.activation.Relu;
import dev.stillpoint.activation.Sigmoid;
import dev.stillpoint.activation.Softmax;
import dev.stillpoint.activation.Tanh;
import dev.stillpoint.matrix.Precision;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/// An activation, or its proximal map, as the list of parts that `activation.cl` interprets.
final class ActivationTable {
    private final Precision precision;
    private final OptionalDouble step;
    private final Set<PartKind> kinds;
    private final Integers parts = new Integers();
    private final List<Double> parameters = new ArrayList<>();

    /// The table of an activation of `n` rows.
    ///
    /// @param step the step of its proximal map, or empty for the activation itself
    /// @param kinds takes the kinds of parts
    ActivationTable(Activation phi, int n, Precision precision, OptionalDouble step, EnumSet<PartKind> kinds) {
        this.precision = precision;
        double rounded = round(step.orElse(1));
        this.step = rounded == 1 ? OptionalDouble.empty() : OptionalDouble.of(rounded);
        this.kinds = kinds;
        add(phi, 0, n);
    }

    /// The parts, [PartKind#SIZE] integers each.
    int[] parts() {
        return parts.toArray();
    }

    /// How many parts there are.
    int count() {
        return parameters.size();
    }

    /// A value for each part: slope, eps or step, in the working precision.
    List<Double> parameters() {
        return parameters;
    }

    private double round(double value) {
        return precision == Precision.F32 ? (float) value : value;
    }

    private void add(Activation phi, int begin, int rows) {
        boolean proximal = step.isPresent();
        double alpha = step.orElse(1);
        switch (phi) {
            case Relu() -> part(PartKind.RELU, begin, rows, 1, 0);
            case Identity() -> part(PartKind.IDENTITY, begin, rows, 1, 0);
            case LeakyRelu(double slope) -> part(PartKind.LEAKY_RELU, begin, rows, 1, slope(slope, alpha, proximal));
            case Tanh() -> part(proximal ? PartKind.TANH_PROX : PartKind.TANH, begin, rows, 1, alpha);
            case Sigmoid() -> part(proximal ? PartKind.SIGMOID_PROX : PartKind.SIGMOID, begin, rows, 1, alpha);
            case Softmax(int block) ->
                part(proximal ? PartKind.SOFTMAX_PROX : PartKind.SOFTMAX, begin, rows, block, alpha);
            case GroupNorm(int block, double eps) -> part(PartKind.GROUP_NORM, begin, rows, block, round(eps));
            case MaxPool(int block) -> part(PartKind.MAX_POOL, begin, rows, block, 0);
            case Gate(Activation outer, Activation inner) -> {
                part(PartKind.GATE, begin, rows, 2, 0);
                int last = parts.size();
                parts.set(last - 2, outer instanceof Tanh ? 1 : 0);
                parts.set(last - 1, inner instanceof Tanh ? 1 : 0);
            }
            case BlockActivation(var all) -> {
                int at = begin;
                for (BlockActivation.Part part : all) {
                    add(part.activation(), at, part.size());
                    at += part.size();
                }
            }
        }
    }

    /// `s`, or `s/fma(alpha, 1 - s, s)` in the working precision.
    private double slope(double slope, double alpha, boolean proximal) {
        if (!proximal) {
            return round(slope);
        }
        if (precision == Precision.F64) {
            return slope / Math.fma(alpha, 1 - slope, slope);
        }
        float s = (float) slope;
        return s / Math.fma((float) alpha, 1 - s, s);
    }

    private void part(PartKind kind, int begin, int rows, int block, double parameter) {
        kinds.add(kind);
        parts.addAll(kind.code(), begin, rows, block, 0, 0);
        parameters.add(parameter);
    }
}
