package dev.stillpoint.internal.cpu;

import dev.stillpoint.internal.engine.GradientEngine;
import dev.stillpoint.internal.reference.ConvolutionGradient;
import dev.stillpoint.internal.reference.DenseGradient;
import dev.stillpoint.internal.reference.LeafGradient;
import dev.stillpoint.internal.reference.PanelProductF64;
import dev.stillpoint.operator.ConvolutionOperator;
import dev.stillpoint.operator.LinearOperator;

/// The scalar twin as an engine of gradients.
record TwinGradients() implements GradientEngine {
    @Override
    public int lanes() {
        return 8;
    }

    @Override
    public PanelProductF64 product(LinearOperator operator) {
        return PanelProductF64.of(operator);
    }

    @Override
    public LeafGradient dense(int rows, int columns) {
        return new DenseGradient(rows, columns);
    }

    @Override
    public LeafGradient convolution(ConvolutionOperator operator) {
        return new ConvolutionGradient(operator);
    }
}
