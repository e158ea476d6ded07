/// Gradients through a fixed point.
///
/// With `D = phi'(t)` at the fixed point `x = phi(t)`, `t = Ax + Bu + bias`, and `g` the gradient of a loss with
/// respect to the outputs `y = Cx + Du`, the adjoint state of a sample solves `v = D'(A'v + C'g)`, and the
/// gradients of the loss are
///
///     dA = sum v x'    dB = sum v u'    dbias = sum v    dC = sum g x'    dD = sum g u'    du = B'v + D'g
///
/// the sums being over samples. The transposed operators are
/// [transposes][dev.stillpoint.operator.LinearOperator#transpose()]. Each sum of outer products is asked for with
/// respect to the numbers that an operator is made of, its [letters][dev.stillpoint.adjoint.OperatorLetters], so
/// that its structure stays: an [OperatorGradient][dev.stillpoint.adjoint.OperatorGradient] computes it.
///
///     OperatorGradient gradient = new OperatorGradient(a);       // any operator
///     gradient.add(adjoints, states, threads);                   // (samples, n) each, batch after batch
///     List<Matrix> letters = OperatorLetters.of(a);              // as many, of the same shapes as
///     List<Matrix> gradients = gradient.letters();
///     LinearOperator next = OperatorLetters.replace(a, step(letters, gradients));
///
/// All gradients are computed in double precision and in a written order, with the same bits for any number of
/// threads, any width of vectors and any cut of a batch. Source: IDL-21 §6.2, NTK-22 §2.1.3.
package dev.stillpoint.adjoint;
