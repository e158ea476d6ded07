package dev.stillpoint.validation.reference;

import java.util.Arrays;
import java.util.List;

/// Different activations on consecutive parts of the state, taken as one block: with the largest of the constants
/// in the 2-norm, which is true, if less sharp than part by part.
record PartsReference(List<Part> parts) implements ReferenceActivation {
    /// An activation on `size` values.
    record Part(ReferenceActivation activation, int size) {}

    @Override
    public int blockSize() {
        return parts.stream().mapToInt(Part::size).sum();
    }

    @Override
    public double lipschitz() {
        return parts.stream()
                .mapToDouble(part -> part.activation().lipschitz())
                .max()
                .orElseThrow();
    }

    @Override
    public double radius() {
        double squares = 0;
        for (Part part : parts) {
            double radius = part.activation().radius();
            squares += part.activation().blocks(part.size()) * radius * radius;
        }
        return Math.sqrt(squares) * (1 + 0x1p-40);
    }

    @Override
    public boolean isProximal() {
        return parts.stream().allMatch(part -> part.activation().isProximal());
    }

    @Override
    public double[] value(double[] v) {
        return piecewise(v, v, (activation, own, _) -> activation.value(own));
    }

    @Override
    public DoubleDouble[] value(DoubleDouble[] v) {
        DoubleDouble[] x = new DoubleDouble[v.length];
        int begin = 0;
        for (Part part : parts) {
            DoubleDouble[] own = part.activation().value(Arrays.copyOfRange(v, begin, begin + part.size()));
            System.arraycopy(own, 0, x, begin, own.length);
            begin += own.length;
        }
        return x;
    }

    @Override
    public double[] derivativeTimes(double[] v, double[] w) {
        return piecewise(v, w, ReferenceActivation::derivativeTimes);
    }

    @Override
    public double[] prox(double alpha, double[] v) {
        return piecewise(v, v, (activation, own, _) -> activation.prox(alpha, own));
    }

    /// What an activation makes of its own values of `v` and `w`.
    @FunctionalInterface
    private interface Piece {
        double[] apply(ReferenceActivation activation, double[] v, double[] w);
    }

    private double[] piecewise(double[] v, double[] w, Piece piece) {
        double[] x = new double[v.length];
        int begin = 0;
        for (Part part : parts) {
            int end = begin + part.size();
            double[] own = piece.apply(
                    part.activation(), Arrays.copyOfRange(v, begin, end), Arrays.copyOfRange(w, begin, end));
            System.arraycopy(own, 0, x, begin, own.length);
            begin = end;
        }
        return x;
    }
}
