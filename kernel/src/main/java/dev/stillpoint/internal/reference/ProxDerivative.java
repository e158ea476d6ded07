package dev.stillpoint.internal.reference;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.activation.BlockActivation;
import dev.stillpoint.activation.Gate;
import dev.stillpoint.activation.GroupNorm;
import dev.stillpoint.activation.Identity;
import dev.stillpoint.activation.LeakyRelu;
import dev.stillpoint.activation.MaxPool;
import dev.stillpoint.activation.Relu;
import dev.stillpoint.activation.Sigmoid;
import dev.stillpoint.activation.Softmax;
import dev.stillpoint.activation.Tanh;

/// Products with the Jacobian of a proximal map, which is symmetric, of one state in double precision.
///
/// Where `phi` has the slope `d` at the value `p` of the proximal map, that has the slope `e = d/fma(alpha, 1 - d,
/// d)`: differentiating `(1 - alpha) phi(t) + alpha t = v` gives `((1 - alpha) d + alpha) dt = dv`. Sums are chains
/// in increasing row.
public final class ProxDerivative {
    private ProxDerivative() {}

    /// `out = P w` on `size` values that begin at `begin`, where `P` is the Jacobian of `prox_{alpha f}` at `v`.
    ///
    /// @param phi a proximal map
    /// @param alpha the step, positive and finite
    /// @param v the argument of the proximal map
    /// @param w the direction
    /// @param out the result, neither `v` nor `w`
    public static void times(Activation phi, double alpha, double[] v, double[] w, double[] out, int begin, int size) {
        if (alpha == 1) {
            PanelActivationF64.derivativeTimes(phi, v, begin, w, begin, out, begin, size, 1);
            return;
        }
        switch (phi) {
            case Relu _, Identity _ -> PanelActivationF64.derivativeTimes(phi, v, begin, w, begin, out, begin, size, 1);
            case LeakyRelu(double slope) -> {
                double bent = slope(alpha, slope);
                for (int i = begin; i < begin + size; i++) {
                    out[i] = v[i] < 0 ? bent * w[i] : w[i];
                }
            }
            case Tanh _ -> {
                for (int i = begin; i < begin + size; i++) {
                    double p = ScalarProxF64.tanh(alpha, v[i]);
                    out[i] = slope(alpha, Math.fma(-p, p, 1)) * w[i];
                }
            }
            case Sigmoid _ -> {
                for (int i = begin; i < begin + size; i++) {
                    double p = ScalarProxF64.sigmoid(alpha, v[i]);
                    out[i] = slope(alpha, Math.fma(-p, p, p)) * w[i];
                }
            }
            case Softmax(int block) -> {
                PanelActivationF64.prox(phi, alpha, v, begin, out, begin, size, 1);
                for (int first = begin; first < begin + size; first += block) {
                    softmax(alpha, w, out, first, block);
                }
            }
            case GroupNorm _, MaxPool _, Gate _ ->
                throw new IllegalArgumentException(phi.label() + " is no proximal map");
            case BlockActivation(var parts) -> {
                int from = begin;
                for (BlockActivation.Part part : parts) {
                    times(part.activation(), alpha, v, w, out, from, part.size());
                    from += part.size();
                }
            }
        }
    }

    private static double slope(double alpha, double d) {
        return d / Math.fma(alpha, 1 - d, d);
    }

    /// `h_i (w_i - h'w/sum(h))`, `h_i = p_i/fma(alpha, 1 - p_i, p_i)`, from `p` in `out`.
    private static void softmax(double alpha, double[] w, double[] out, int first, int block) {
        double sum = 0;
        double dot = 0;
        for (int i = first; i < first + block; i++) {
            out[i] = slope(alpha, out[i]);
            sum += out[i];
            dot = Math.fma(out[i], w[i], dot);
        }
        double mean = dot / sum;
        for (int i = first; i < first + block; i++) {
            out[i] *= w[i] - mean;
        }
    }
}
