package dev.stillpoint.internal.engine;

import dev.stillpoint.internal.reference.LeafGradient;
import dev.stillpoint.internal.reference.PanelProductF64;
import dev.stillpoint.operator.ConvolutionOperator;
import dev.stillpoint.operator.LinearOperator;

/// What an engine supplies for gradients with respect to operators, all in double precision.
public interface GradientEngine {
    /// Lanes of the panels of [#product].
    int lanes();

    /// Packs an operator.
    PanelProductF64 product(LinearOperator operator);

    /// The gradient of a dense matrix.
    LeafGradient dense(int rows, int columns);

    /// The gradient of the weights of a convolution.
    LeafGradient convolution(ConvolutionOperator operator);
}
