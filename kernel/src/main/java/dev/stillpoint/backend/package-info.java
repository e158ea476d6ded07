/// The interface between problems and the engines that solve them.
///
/// A [Backend][dev.stillpoint.backend.Backend] prepares a [SolvePlan][dev.stillpoint.backend.SolvePlan]; the unit
/// of the interface is a whole solve, never a vector operation, so that iterates stay packed and on the device. A
/// plan is compiled by way of a [StepRecipe][dev.stillpoint.backend.StepRecipe], which is data: every backend
/// runs the same recipe to the same bits.
///
/// ## The canonical order
///
/// A result has the same bits on every backend, whatever the batch, the order of its samples, the threads and the
/// width of the vectors. Each quantity of a sample is therefore computed by the operations, and in the order,
/// written here. The order is part of the format: to change it is to change every stored result.
///
/// - **Operations.** Add, subtract, multiply, fused multiply-add, division and square root, each correctly
///   rounded to the working precision; comparisons, selections and operations on bits. Subnormals are kept.
///   Model, inputs, starts, coefficients and tolerances are rounded to the working precision first.
/// - **Products.** `t = z + Op x` goes on from `z`: no operator computes `Op x` by itself and adds it. Blocking
///   may cut a chain, and go on from the stored value, but not reorder it. An operator is, by its kind:
///     - dense: each component is one chain that begins with `z_i` and takes `t = fma(Op_ik, x_k, t)` in
///     increasing
///       `k`;
///     - sparse: one such chain over the stored entries of the row in increasing column, stored zeros included;
///     - diagonal: `t_i = fma(d_i, x_i, z_i)`;
///     - convolution: one chain over the taps in increasing (input channel of the group, kernel row, kernel
///       column), those in the padding skipped;
///     - product `F_1 F_2 ... F_m`: `y = 0 + F_m x`, each component beginning with `+0`, `y = 0 + F_(m-1) y` and
///     so
///       on, and at last `t = z + F_1 y`;
///     - low rank `LR'`: the product of dense `L` and dense `R'`;
///     - sum `F_1 + ... + F_m`: `t = z + F_1 x`, then `t = t + F_2 x` from the stored value, and so on;
///     - blocks, block triangular ones among them: for each block row, `t_i = z_i + F_ij x_j` for the first `j`
///     that is present, then on
///       from the stored value for the others in increasing `j`; `t_i = z_i` where none is.
/// - **Inputs and predictions.** `z = Bu + bias` is the product of `B` that begins with the bias, or with `+0`
///   without one. A prediction begins with `+0`, goes on with `D`, and then with `C`; the point `Ax + Bu + bias` of
///   an adjoint equation begins with the bias, or `+0`, and goes on with `B`, and then with `A`.
/// - **Combinations.** `fma(second, x, first * t)`, see
///   [Combination][dev.stillpoint.backend.StepRecipe.Combination]; a coefficient `1 - theta` or `1 - alpha` is
///   computed in double precision and then rounded.
/// - **Resolvents.** Those of splittings are `R = 2 V`, `V = ((1 + alpha) I - alpha A)^-1`, computed in double
///   precision from the `A` that was given: each entry of the matrix as `(1 + alpha or 0) - alpha A_ij`, inverted
///   by Gauss-Jordan elimination with row pivoting, for `k = 0, 1, ...`: the first row of `k, k + 1, ...` whose
///   entry of column `k` is largest is swapped to row `k`; with that entry `p` replaced by 1 the row is divided
///   by `p`; from every other row, whose entry `f` of column `k` is replaced by 0, `f` times it is subtracted,
///   the product rounded and then the difference. The swaps are undone among the columns, last first. Where `A`
///   is diagonal, `R_ii = 2/(1 + alpha - alpha A_ii)`. Then `R` is rounded to the working precision.
/// - **Sums.** A sum over rows (squared norms, softmax) is made of tiles of eight consecutive rows, the first row
///   of the block or state being the first of a tile. Within a tile it is a chain from 0 in increasing row:
///   `fma(d, d, s)` for squares, `s + e` for plain sums. Tile sums are added by a binary tree:
///   `s_j = s_2j + s_2j+1`, level after level, an odd last one carried up unchanged.
/// - **Residual and test.** `r^2` is the sum of squares of `f(x)_i - x_i`, `F^2` that of `f(x)_i`; a sample has
///   converged when `sqrt(r^2) <= fma(relative, sqrt(F^2), absolute)`, and diverged when `r^2` or `F^2` is not
///   finite. In FP32 a norm above about `1.8e19` overflows to that, and differences below about `3e-23` count as
///   0.
/// - **Elementary functions.** The straight lines of operations of the class `ElementaryF32` or `ElementaryF64`
///   of the scalar twin. `relu(v)` is `v < 0 ? 0 : v`, so that not-a-number passes. Proximal maps that are found
///   by iteration iterate for each component, or block, by itself.
/// - **Blockwise activations.** Softmax: `exp(v_i - max v)` divided by the sum of these. Group norm:
///   `m = sum(v)/b`, `d_i = v_i - m`, `s = sqrt(sum(d^2)/b + eps)`, `d_i/s`, with `b` and `eps` rounded to the
///   working precision. Max-pooling: comparisons `t > top` in increasing row. All sums are those above, over the
///   rows of the block.
/// - **Block triangular problems** are solved block after block, from the last to the first. The constant of
///   block `i` is `z_i = bias_i + F_i,i+1 x_(i+1) + ... + F_iL x_L + B_i u`, a product that goes on in this
///   order; the product with `F_ii` begins with it. A block without `F_ii` is `phi(z_i)`, has residual 0 and
///   counts no iteration. The `N` others are problems of their own, with the absolute tolerance over `sqrt(N)`,
///   computed in double precision. A sample has the worst status of its blocks, the most iterations of one, at
///   least 1, and the norm of their residuals in double precision: with `r` for the blocks so far, `r` becomes
///   `sqrt(r r + r_i r_i)`, or `r_i` where `r` is 0. It has diverged too where a value of an explicit block is
///   not finite.
/// - **Backward substitution.** The blocks of a block triangular problem are taken as above (any other `A` is one
///   block), and `z_i` is as there; a block without `F_ii` is `phi(z_i)`. `F_ii`, upper or lower triangular, is
///   cut into tiles of 32 rows from its first row. An upper one is solved from the last tile to the first, and in
///   a tile from the last row to the first, a lower one the other way round, and a diagonal one as an upper one.
///   The rows of a tile begin with those of `z_i` and go on with the product of the entries in the columns of the
///   tiles before: a dense one where `F_ii` is dense, else a sparse one over the stored entries. Then each row
///   goes on with `t = fma(F_ij, x_j, t)` over its entries in the columns of the tile that are not zero, but for
///   the diagonal, in increasing `j`; `d = 1 - F_ii`, `v = t/d`, `alpha = 1/d`, each rounded, and the value is
///   `prox_{alpha f}(v)`. Other operators count as sparse: diagonal ones and convolutions with their entries, the
///   rest with those of their dense form that are not zero. The residual is that of one iteration of Picard on
///   the whole `A` which starts from the state found; that state is returned, and has the status by that
///   residual, with one iteration. Where a value is not finite the sample has diverged.
/// - **Anderson acceleration.** `g = f - x`, `dg = g - g'`, `df = f - f'`, with `f'` and `g'` of the iteration
///   before; `dg_i'dg_j` and `dg_i'g` are sums as above of products `fma(a, b, s)`. The columns are those of the
///   sample's last iterations, the newest first. The system in the working precision, for `k = 0, 1, ...`: `s_k =
///   1/sqrt(dg_k'dg_k)`, `pivot = 1 + 16 u`; for `j < k`: `v = (dg_j'dg_k s_k) s_j`, `v = fma(-L_kq, L_jq, v)`
///   for `q < j`, `L_kj = v/L_jj`, `pivot = fma(-L_kj, L_kj, pivot)`; `L_kk = sqrt(pivot)`. Columns end before
///   the first whose `dg_k'dg_k` is not positive and finite or whose pivot is below `256 u`. Then forward, `v =
///   dg_i'g s_i`, `v = fma(-L_iq, y_q, v)` for `q < i`, `y_i = v/L_ii`; and back, `v = y_i`, `v = fma(-L_qi, y_q,
///   v)` for `q > i` in increasing order, `y_i = v/L_ii`, `gamma_i = y_i s_i`. The next
///   iterate is `f`, then `fma(-gamma_i, df_i, x)` for `i = 0, 1, ...`; `f` itself where a `gamma` is not finite.
///   Where `r^2` exceeds `100` times its least value so far, it is the `f` of that iterate, and the next
///   iteration has no predecessor.
/// - **Broyden's method.** `v = fma(-1, x, f)`, times `tau` where that is not 1. With the sample's steps since it
///   last began anew, `s_0` the oldest and `s_(k-1)` the newest, and `s's` sums as above: for `i = 0, ..., k -
///   2`: `v = fma(s_i'v/|s_i|^2, s_(i+1), v)`; then `v = v (1/(1 - s_(k-1)'v/|s_(k-1)|^2))`. The next iterate is
///   `f` where there is no step and `tau` is 1, else `fma(1, v, x)`; without that last factor, and as without
///   steps, where it is not finite. `v` is the newest step where its square is positive and finite, else the
///   sample begins anew; so it does when it has the most steps, `tau` being halved where no iterate was the best
///   since it last did. Where `r^2` exceeds `100` times its least value so far, `tau` is halved, the next iterate
///   is `fma(-(1 - tau), g, f)` with the `f` and `g = fma(-1, x, f)` of that iterate, and the sample begins anew.
///   Where `tau` is not above `2^-10`, halving it makes it 1.
/// - **Semismooth Newton.** An iterate is accepted where it is the first, where `r^2` is below that of the last
///   accepted one, or where the step before was forced. From an accepted iterate `x`, the next is `fma(1, d, x)`;
///   where that is not accepted, `fma(1/2, d, x)`, and so on six times; then, forced, `fma(1, d, x)` again. `d`
///   by elimination, and by GMRES, is written in the classes `ActiveSetF32` and `KrylovF32` of the engine; a
///   column of GMRES is an iteration; a check that falls on one is made at the next iterate.
/// - **Courses.** A leg looks at the least residual so far, `sqrt` of the least `r^2` in the working precision,
///   at its first check and then every `patience` iterations, rounded up to whole check intervals. A sample
///   leaves where it is not at most half of that of the look before, and where the sample diverges. The next leg
///   starts from the state with that residual; iterations go on counting, and
///   those of each leg are its own for checks. What is returned is the state with the least residual of all legs.
/// - **Sequential averaging.** In the `k`-th iteration of the sample `x+ = fma(c4, x, c3 f)`; `c3 = 1 - beta_k`
///   and `c4 = beta_k (1 - gamma lambda_k - gamma q)` are computed in double precision, the powers as
///   `exp(-p log k)` with the functions of `StrictMath`, and rounded. `q` is 1, or `-2/(s s)` with `s = |x|^2 +
///   eps` and `|x|^2` a sum as above.
/// - **Adjoint equations** `v = J' (A'v + C'g)` take the order of fixed points, with `f(v) = J' (z + A'v)`, `z =
///   0 + C'g`, and the transposed operators, whose kinds say their order. The Jacobian `J` of `phi` at the point
///   `t` of a sample is, for componentwise activations, slopes `d`, with `p = phi(t)`: relu `t < 0 ? 0 : 1`, leaky
///   relu `t < 0 ? s : 1`, tanh `fma(-p, p, 1)`, sigmoid `fma(-p, p, p)`, identity 1; then `f` is `d_i T_i`, also
///   where `d_i` is 0, and the proximal map with step alpha is `e_i v_i`, `e = d/fma(alpha, 1 - d, d)`, or `d` where
///   alpha is 1. For others it is the transposed derivative of the class `PanelActivationF32` of the scalar twin at
///   `t`. `J'` stands for the derivative of `phi` in Newton's systems.
/// - **Gradients with respect to operators** are computed in double precision, each entry as one chain
///   `g = fma(v, x, g)` that begins with `+0` and takes the samples in increasing order, and for the weights of a
///   convolution, in each sample, the output positions in increasing order, those whose tap falls into the padding
///   skipped. The intermediates of a product are, for each sample, `x = 0 + F x` from the last factor on, and
///   `v = 0 + F' v` from the first on, with the transposed operators; a low rank one is the product of dense `L` and
///   dense `R'`. The gradient with respect to a bias is a chain `g = g + v`, from `+0` on, likewise; those with
///   respect to inputs are predictions with `D'` and `B'`.
/// - **Unrolled iterations** are those of fixed points, a block triangular `A` as a whole. Backwards, `l_K` is the
///   product `0 + C'g`, `z` is as above, `t_k = z + A x_k`, and `l_k = s_k + A' v_k` begins with `s_k`. With the
///   coefficients of the iteration, rounded as they are there: `J'l` of Picard and averaging by the class
///   `PanelActivationF64`, `P l` of forward-backward by the class `ProxDerivative` of the scalar twin, at the `V`
///   of the iteration, and `v_k` and `s_k` as the class `UnrolledStep` of the gradients has them; these in double
///   precision, then rounded. `sum v_k` is a chain of additions in double precision, from `+0` on, in decreasing
///   `k`; for gradients with respect to `A` the iterations of a sample, in increasing `k`, stand for samples.
/// - **Iterations.** But for the columns of GMRES, iteration `j` of a sample evaluates `f` at its iterate `j -
///   1`, the
/// start being iterate 0.
///   Checks fall on the iterations `c, 2c, ...` and `maxIterations` of the sample itself. The returned state is
///   the one whose residual was measured.
/// - **Not-a-number** is stored as the canonical one.
///
/// The scalar twin in `dev.stillpoint.internal.reference` says the same in code; every other executor is tested
/// against it to the bit.
///
/// ## Writing a backend
///
/// A new backend implements [BackendProvider][dev.stillpoint.backend.BackendProvider] and registers it with
/// `ServiceLoader`, in its `module-info` and in `META-INF/services`. A plan owns its memory and its threads, and
/// gives both back on close. A plan may be used from any thread, by one at a time.
package dev.stillpoint.backend;
