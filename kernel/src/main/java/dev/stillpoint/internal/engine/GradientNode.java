package dev.stillpoint.internal.engine;

import dev.stillpoint.internal.reference.LeafGradient;
import dev.stillpoint.internal.reference.PatternGradient;
import dev.stillpoint.internal.reference.SampleRows;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.operator.BlockOperator;
import dev.stillpoint.operator.BlockTriangularOperator;
import dev.stillpoint.operator.ConvolutionOperator;
import dev.stillpoint.operator.DenseOperator;
import dev.stillpoint.operator.DiagonalOperator;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.operator.LowRankOperator;
import dev.stillpoint.operator.ProductOperator;
import dev.stillpoint.operator.SparseOperator;
import dev.stillpoint.operator.SumOperator;
import java.util.ArrayList;
import java.util.List;

/// Takes samples `(v, x)` of an operator down to its leaves: each has the part of `v` and `x`, or the
/// intermediates of a product, that its own gradient is made of.
///
/// A node is immutable but for the blocks of the leaves; what it needs beside them is lent by the caller.
sealed interface GradientNode permits GradientChain, GradientNode.Leaf, GradientNode.Sum, GradientNode.Blocks {
    /// Values that [#store] wants to be lent.
    int scratch();

    /// Stores samples in the leaves: see [LeafGradient#store].
    ///
    /// @param count at most the lanes of the engine
    /// @param scratch [#scratch] values from `so`, overwritten
    void store(SampleRows v, SampleRows x, int first, int count, double[] scratch, int so);

    /// Takes an operator apart.
    ///
    /// @param leaves takes the leaves, in the order of the letters
    static GradientNode of(LinearOperator operator, GradientEngine engine, List<LeafGradient> leaves) {
        return switch (operator) {
            case DenseOperator(Matrix matrix) -> leaf(engine.dense(matrix.rows(), matrix.columns()), leaves);
            case SparseOperator sparse -> leaf(PatternGradient.of(sparse), leaves);
            case DiagonalOperator diagonal -> leaf(PatternGradient.of(diagonal), leaves);
            case ConvolutionOperator convolution -> leaf(engine.convolution(convolution), leaves);
            case LowRankOperator lowRank -> {
                LeafGradient left = engine.dense(lowRank.rows(), lowRank.rank());
                LeafGradient right = engine.dense(lowRank.columns(), lowRank.rank());
                leaves.add(left);
                leaves.add(right);
                yield new GradientChain(
                        engine,
                        List.of(LinearOperator.dense(lowRank.left()), LinearOperator.dense(lowRank.transposedRight())),
                        List.of(new Leaf(left, false), new Leaf(right, true)));
            }
            case ProductOperator(var factors) -> new GradientChain(engine, factors, all(factors, engine, leaves));
            case SumOperator(var terms) -> new Sum(all(terms, engine, leaves));
            case BlockTriangularOperator triangle -> of(triangle.toBlocks(), engine, leaves);
            case BlockOperator blocks -> {
                List<Block> present = new ArrayList<>();
                for (int i = 0; i < blocks.blockRows(); i++) {
                    for (int j = 0; j < blocks.blockColumns(); j++) {
                        LinearOperator block = blocks.block(i, j);
                        if (block != null) {
                            GradientNode node = of(block, engine, leaves);
                            present.add(new Block(blocks.rowBegin(i), blocks.columnBegin(j), node));
                        }
                    }
                }
                yield new Blocks(present);
            }
        };
    }

    private static List<GradientNode> all(
            List<LinearOperator> operators, GradientEngine engine, List<LeafGradient> leaves) {
        List<GradientNode> nodes = new ArrayList<>();
        for (LinearOperator operator : operators) {
            nodes.add(of(operator, engine, leaves));
        }
        return nodes;
    }

    private static Leaf leaf(LeafGradient gradient, List<LeafGradient> leaves) {
        leaves.add(gradient);
        return new Leaf(gradient, false);
    }

    /// An operator that is made of no others, or the factor `R'` of `LR'`: the gradient with respect to `R` is
    /// that of a matrix whose `v` is `x`, and whose `x` is `v`.
    ///
    /// @param gradient its gradient
    /// @param swapped whether the two change places
    record Leaf(LeafGradient gradient, boolean swapped) implements GradientNode {
        @Override
        public int scratch() {
            return 0;
        }

        @Override
        public void store(SampleRows v, SampleRows x, int first, int count, double[] scratch, int so) {
            gradient.store(swapped ? x : v, swapped ? v : x, first, count);
        }
    }

    /// Terms of a sum: each has `v` and `x`.
    ///
    /// @param terms the terms
    record Sum(List<GradientNode> terms) implements GradientNode {
        @Override
        public int scratch() {
            return terms.stream().mapToInt(GradientNode::scratch).max().orElse(0);
        }

        @Override
        public void store(SampleRows v, SampleRows x, int first, int count, double[] scratch, int so) {
            for (GradientNode term : terms) {
                term.store(v, x, first, count, scratch, so);
            }
        }
    }

    /// A block that is present.
    ///
    /// @param row its first row
    /// @param column its first column
    /// @param node the block
    record Block(int row, int column, GradientNode node) {}

    /// Blocks: each has its rows of `v` and its columns of `x`.
    ///
    /// @param blocks those that are present
    record Blocks(List<Block> blocks) implements GradientNode {
        @Override
        public int scratch() {
            return blocks.stream()
                    .mapToInt(block -> block.node().scratch())
                    .max()
                    .orElse(0);
        }

        @Override
        public void store(SampleRows v, SampleRows x, int first, int count, double[] scratch, int so) {
            for (Block block : blocks) {
                block.node().store(v.from(block.row()), x.from(block.column()), first, count, scratch, so);
            }
        }
    }
}
