package dev.stillpoint.solver;

/// Douglas-Rachford splitting: the mean of `v` and the step of [Peaceman-Rachford][PeacemanRachford],
///
///     x = prox_{alpha f}(v),   w = 2 x - v,   v+ = v/2 + (2 V (w + alpha z) - w)/2,   V = ((1 + alpha) I - alpha
///     A)^-1
///
/// with `z = Bu + bias` and `phi = prox_f`; it starts as that does. It converges, for every `alpha > 0`, whenever
/// `I - A` is monotone (`m >= 0`) and there is a fixed point, also where Peaceman-Rachford runs in a cycle; where
/// `m > 0` it is as a rule slower. Cost and refusals are those of Peaceman-Rachford. Source: NTK-22 §2.3.2.
///
/// @param alpha the step, positive and finite
public record DouglasRachford(double alpha) implements Solver {
    /// Checks the step.
    ///
    /// @throws IllegalArgumentException when it is not positive and finite
    public DouglasRachford {
        Step.check(alpha);
    }

    @Override
    public String name() {
        return "douglas-rachford";
    }

    @Override
    public String label() {
        return name() + "(alpha=" + alpha + ")";
    }
}
