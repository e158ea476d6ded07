package dev.stillpoint.internal.engine;

import dev.stillpoint.internal.reference.PanelProductF64;
import dev.stillpoint.internal.reference.SampleRows;
import dev.stillpoint.operator.LinearOperator;
import java.util.Arrays;
import java.util.List;

/// Factors of a product `F_1 F_2 ... F_m`: factor `k` has
///
///     x_m = x,  x_(k-1) = 0 + F_k x_k      v_1 = v,  v_(k+1) = 0 + F_k' v_k
///
/// in double precision, each a product of its factor, or of its [transpose][LinearOperator#transpose()], that
/// begins with `+0`.
///
/// Products want panels `[value][lane]`, leaves want samples one behind the other: two panels take turns, and each
/// intermediate is kept as samples, too.
final class GradientChain implements GradientNode {
    private final List<GradientNode> nodes;
    private final int lanes;

    /// `F_2 ... F_m`, and `F_1' ... F_(m-1)'`: what makes each intermediate of `x`, and of `v`.
    private final PanelProductF64[] forward;

    private final PanelProductF64[] backward;

    /// Values of a panel.
    private final int panel;

    /// Values of all intermediates of `x`; those of `v` are as many.
    private final int inner;

    private final int scratch;

    /// A chain.
    ///
    /// @param factors `F_1 ... F_m`
    /// @param nodes a node for each, which has its `v` and `x`
    GradientChain(GradientEngine engine, List<LinearOperator> factors, List<GradientNode> nodes) {
        this.nodes = nodes;
        lanes = engine.lanes();
        int between = factors.size() - 1;
        forward = new PanelProductF64[between];
        backward = new PanelProductF64[between];
        int widest = 0;
        int sum = 0;
        int own = 0;
        for (int k = 0; k < between; k++) {
            forward[k] = engine.product(factors.get(k + 1));
            backward[k] = engine.product(factors.get(k).transpose());
            widest = Math.max(widest, Math.max(forward[k].columns(), backward[k].columns()));
            widest = Math.max(widest, forward[k].rows());
            sum = Math.addExact(sum, forward[k].rows());
            own = Math.max(own, Math.max(forward[k].scratch(lanes), backward[k].scratch(lanes)));
        }
        for (GradientNode node : nodes) {
            own = Math.max(own, node.scratch());
        }
        panel = Math.multiplyExact(widest, lanes);
        inner = Math.multiplyExact(sum, lanes);
        scratch = Math.addExact(own, Math.multiplyExact(2, Math.addExact(panel, inner)));
    }

    @Override
    public int scratch() {
        return scratch;
    }

    @Override
    public void store(SampleRows v, SampleRows x, int first, int count, double[] scratch, int so) {
        int behind = so + 2 * (panel + inner);
        SampleRows[] vs = new SampleRows[nodes.size()];
        SampleRows[] xs = new SampleRows[nodes.size()];
        vs[0] = v;
        xs[xs.length - 1] = x;
        int keep = so + 2 * panel;
        int from = so;
        int to = so + panel;
        for (int k = forward.length; k > 0; k--) {
            PanelProductF64 product = forward[k - 1];
            if (k == forward.length) {
                gather(x, product.columns(), count, scratch, from);
            }
            xs[k - 1] = multiply(product, from, to, keep, count, scratch, behind);
            keep += product.rows() * lanes;
            int turn = from;
            from = to;
            to = turn;
        }
        for (int k = 0; k < backward.length; k++) {
            PanelProductF64 product = backward[k];
            if (k == 0) {
                gather(v, product.columns(), count, scratch, from);
            }
            vs[k + 1] = multiply(product, from, to, keep, count, scratch, behind);
            keep += product.rows() * lanes;
            int turn = from;
            from = to;
            to = turn;
        }
        for (int k = 0; k < vs.length; k++) {
            nodes.get(k).store(vs[k], xs[k], first, count, scratch, behind);
        }
    }

    /// Makes a panel of samples; lanes without one are 0.
    private void gather(SampleRows samples, int values, int count, double[] panels, int to) {
        double[] from = samples.values();
        Arrays.fill(panels, to, to + values * lanes, 0);
        for (int s = 0; s < count; s++) {
            int o = samples.begin(s);
            for (int i = 0; i < values; i++) {
                panels[to + i * lanes + s] = from[o + i];
            }
        }
    }

    /// Multiplies a panel, and keeps the result as samples, too.
    private SampleRows multiply(
            PanelProductF64 product, int from, int to, int keep, int count, double[] scratch, int behind) {
        int values = product.rows();
        Arrays.fill(scratch, to, to + values * lanes, 0);
        product.multiply(scratch, from, scratch, to, scratch, to, lanes, scratch, behind);
        for (int s = 0; s < count; s++) {
            for (int i = 0; i < values; i++) {
                scratch[keep + s * values + i] = scratch[to + i * lanes + s];
            }
        }
        return new SampleRows(scratch, keep, values);
    }
}
