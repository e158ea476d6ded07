/// Linear maps as descriptions: what `A`, `B`, `C` and `D` of a model are made of.
///
/// Operators are immutable and may be shared between models and threads. Computing is left to backends, which pack
/// an operator once per plan. Constructors check shapes and values, so that every operator that exists is finite
/// and fits together.
///
/// | operator | product | operations |
/// | --- | --- | --- |
/// | [DenseOperator][dev.stillpoint.operator.DenseOperator] | `M x` | `2 rows columns` |
/// | [SparseOperator][dev.stillpoint.operator.SparseOperator] | stored entries alone | `2 entries` |
/// | [DiagonalOperator][dev.stillpoint.operator.DiagonalOperator] | `d_i x_i` | `2 n` |
/// | [LowRankOperator][dev.stillpoint.operator.LowRankOperator] | `L (R'x)` | `2 k (rows + columns)` |
/// | [ConvolutionOperator][dev.stillpoint.operator.ConvolutionOperator] | 2-D convolution | 2 for each tap |
/// | [ProductOperator][dev.stillpoint.operator.ProductOperator] | `F_1 (F_2 x)` | of its factors |
/// | [SumOperator][dev.stillpoint.operator.SumOperator] | `F_1 x + F_2 x` | of its terms |
/// | [BlockOperator][dev.stillpoint.operator.BlockOperator] | any blocks | of its blocks |
/// | [BlockTriangularOperator][dev.stillpoint.operator.BlockTriangularOperator] | blocks `j >= i` | of its blocks |
/// |
///
/// The last three are made of other operators, to any depth. The order of each product is written in
/// `dev.stillpoint.backend`; each operator's own page has it too. Each has a
/// [transpose][dev.stillpoint.operator.LinearOperator#transpose()] of the same entries, of the same kind where
/// there is one.
package dev.stillpoint.operator;
