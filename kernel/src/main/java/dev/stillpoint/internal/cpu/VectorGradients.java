package dev.stillpoint.internal.cpu;

import dev.stillpoint.internal.engine.GradientEngine;
import dev.stillpoint.internal.reference.ConvolutionGradient;
import dev.stillpoint.internal.reference.LeafGradient;
import dev.stillpoint.internal.reference.PanelProductF64;
import dev.stillpoint.operator.ConvolutionOperator;
import dev.stillpoint.operator.LinearOperator;

/// Vectors as an engine of gradients.
///
/// @param kernels micro-kernels of one width
/// @param leaves packs products of the same width
record VectorGradients(TileKernels kernels, PanelProductF64.Leaves leaves) implements GradientEngine {
    @Override
    public int lanes() {
        return kernels.lanes();
    }

    @Override
    public PanelProductF64 product(LinearOperator operator) {
        return PanelProductF64.of(operator, leaves);
    }

    @Override
    public LeafGradient dense(int rows, int columns) {
        return new TiledGradient(rows, columns, kernels);
    }

    @Override
    public LeafGradient convolution(ConvolutionOperator operator) {
        return TiledCorrelation.fits(operator, kernels)
                ? new TiledCorrelation(operator, kernels)
                : new ConvolutionGradient(operator);
    }
}
