package dev.stillpoint.operator;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.ShapeException;
import java.util.List;

/// The product of operators, applied from right to left: `y = F_1 (F_2 ( ... (F_m x)))`.
///
/// **Order.** The result of each factor but the first is that of its own product with a `z` of `+0`; the first
/// factor's product begins with the `z` of the whole. [#toMatrix()] multiplies in FP64, from the left, where there
/// are several factors.
///
/// Source: IDL-21 §2.4 (compositions), §5.3.
///
/// @param factors `F_1 ... F_m`, at least one
public record ProductOperator(List<LinearOperator> factors) implements LinearOperator {
    /// Checks shapes.
    ///
    /// @throws ShapeException when the shapes of neighbours do not fit
    /// @throws IllegalArgumentException when there is no factor
    public ProductOperator {
        factors = List.copyOf(factors);
        if (factors.isEmpty()) {
            throw new IllegalArgumentException("a product needs at least one factor");
        }
        for (int f = 1; f < factors.size(); f++) {
            LinearOperator left = factors.get(f - 1);
            LinearOperator right = factors.get(f);
            if (left.columns() != right.rows()) {
                throw new ShapeException("factor %d is %d x %d and factor %d is %d x %d, expected %d rows"
                        .formatted(
                                f, left.rows(), left.columns(), f + 1, right.rows(), right.columns(), left.columns()));
            }
        }
    }

    @Override
    public int rows() {
        return factors.getFirst().rows();
    }

    @Override
    public int columns() {
        return factors.getLast().columns();
    }

    @Override
    public long flops() {
        return factors.stream().mapToLong(LinearOperator::flops).sum();
    }

    @Override
    public Matrix toMatrix() {
        Matrix product = factors.getFirst().toMatrix();
        for (LinearOperator factor : factors.subList(1, factors.size())) {
            product = Entries.product(product, factor.toMatrix());
        }
        return product;
    }

    /// `F_m' ... F_2' F_1'`: the factors transposed, the last one first.
    @Override
    public ProductOperator transpose() {
        return new ProductOperator(
                factors.reversed().stream().map(LinearOperator::transpose).toList());
    }
}
