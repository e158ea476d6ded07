package dev.stillpoint.activation;

import dev.stillpoint.matrix.ShapeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// Different activations on consecutive parts of the state: `phi(v) = (phi_1(v_1), ..., phi_L(v_L))`, as a
/// network's layers have them that are put together to one implicit model.
///
/// It fits states of [#size()] values only. It is proximal where every part is, with the sum of their functions
/// `f`, and positively homogeneous where every part is. As a whole it has the largest of its parts' constants in
/// the 2-norm; what looks at activation blocks takes each part's own.
///
/// Parts that are themselves block activations are replaced by their parts, and neighbours with the same activation
/// joined, so that two that act alike are equal. Source: IDL-21 §2.1, §2.4 and (3.2).
///
/// @param parts the parts, from the first value to the last
public record BlockActivation(List<Part> parts) implements Activation {
    /// An activation on a part of the state.
    ///
    /// @param activation what acts on it
    /// @param size its number of values, whole blocks of the activation
    public record Part(Activation activation, int size) {
        /// Checks the size.
        ///
        /// @throws ShapeException when it is not positive, or not made of whole blocks
        public Part {
            if (size < 1) {
                throw new ShapeException("a part with activation %s has %d values, expected a positive number"
                        .formatted(activation.label(), size));
            }
            activation.checkSize(size);
        }
    }

    /// Checks and simplifies the parts.
    ///
    /// @throws IllegalArgumentException when there is none
    /// @throws ShapeException when they have more than `2^31 - 1` values together
    public BlockActivation {
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("a block activation needs at least one part");
        }
        List<Part> simple = new ArrayList<>();
        for (Part part : parts) {
            if (part.activation() instanceof BlockActivation(List<Part> inner)) {
                inner.forEach(own -> join(simple, own));
            } else {
                join(simple, part);
            }
        }
        long size = simple.stream().mapToLong(Part::size).sum();
        if (size > Integer.MAX_VALUE) {
            throw new ShapeException("the parts have %d values together, expected fewer than 2^31".formatted(size));
        }
        parts = List.copyOf(simple);
    }

    private static void join(List<Part> parts, Part next) {
        Part last = parts.isEmpty() ? null : parts.getLast();
        boolean same = last != null && last.activation().equals(next.activation());
        if (last != null && same && last.size() <= Integer.MAX_VALUE - next.size()) {
            parts.set(parts.size() - 1, new Part(next.activation(), last.size() + next.size()));
        } else {
            parts.add(next);
        }
    }

    /// Values of the state.
    public int size() {
        return parts.stream().mapToInt(Part::size).sum();
    }

    @Override
    public String label() {
        return parts.stream()
                .map(part -> part.activation().label() + "@" + part.size())
                .collect(Collectors.joining("/", "blocks:", ""));
    }

    /// All of the state: it is not made of blocks of one size.
    @Override
    public int blockSize() {
        return size();
    }

    @Override
    public boolean isComponentwise() {
        return parts.stream().allMatch(part -> part.activation().isComponentwise());
    }

    @Override
    public Lipschitz lipschitz() {
        double largest = parts.stream()
                .mapToDouble(part -> part.activation().lipschitz().constant())
                .max()
                .orElseThrow();
        return new Lipschitz(largest, Lipschitz.Norm.TWO);
    }

    @Override
    public boolean isProximal() {
        return parts.stream().allMatch(part -> part.activation().isProximal());
    }

    @Override
    public boolean isPositivelyHomogeneous() {
        return parts.stream().allMatch(part -> part.activation().isPositivelyHomogeneous());
    }

    @Override
    public void checkSize(int n) {
        if (n != size()) {
            throw new ShapeException(
                    "activation %s acts on %d values, and the state has %d".formatted(label(), size(), n));
        }
    }

    @Override
    public double objective(double[] x) {
        checkProximal();
        checkSize(x.length);
        double sum = 0;
        int begin = 0;
        for (Part part : parts) {
            sum += part.activation().objective(Arrays.copyOfRange(x, begin, begin + part.size()));
            begin += part.size();
        }
        return sum;
    }
}
