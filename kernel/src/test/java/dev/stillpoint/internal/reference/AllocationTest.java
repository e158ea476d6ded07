package dev.stillpoint.internal.reference;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.stillpoint.activation.Activation;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.operator.Operators;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The panel functions and products allocate nothing once warm.
class AllocationTest {
    private static final int CALLS = 400;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "relu",
                "leaky-relu:0.1",
                "tanh",
                "sigmoid",
                "identity",
                "softmax:20",
                "group-norm:20",
                "max-pool:20",
                "gate:sigmoid:tanh",
                "blocks:relu@5/softmax:5@15"
            })
    void panelFunctionsAllocateNothing(String label) {
        Activation phi = Activation.parse(label);
        float[] v = new float[80];
        float[] p = new float[80];
        double[] w = new double[80];
        double[] q = new double[80];
        for (int i = 0; i < v.length; i++) {
            v[i] = (i % 13 - 6) / 3.0f;
            w[i] = v[i];
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        boolean proximal = phi.isProximal();
        long allocated = Long.MAX_VALUE;
        // The first rounds link and compile.
        for (int round = 0; round < 3; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < CALLS; i++) {
                PanelActivationF32.value(phi, v, 0, p, 0, 20, 4);
                if (proximal) {
                    PanelActivationF32.prox(phi, 0.5f, v, 0, p, 0, 20, 4);
                    PanelActivationF64.prox(phi, 2, w, 0, q, 0, 20, 4);
                }
                PanelActivationF32.derivativeTimes(phi, v, 0, v, 0, p, 0, 20, 4);
                PanelActivationF64.value(phi, w, 0, q, 0, 20, 4);
                PanelActivationF64.transposedDerivativeTimes(phi, w, 0, w, 0, q, 0, 20, 4);
                PanelActivationF64.derivativeTimes(phi, w, 0, w, 0, q, 0, 20, 4);
            }
            allocated = Math.min(allocated, threads.getCurrentThreadAllocatedBytes() - before);
        }
        long bytes = allocated;
        // An object a call would be 16 bytes and more.
        assertTrue(bytes < CALLS, () -> label + " allocated " + bytes + " bytes in " + CALLS + " rounds");
    }

    /// A product works in the scratch that it is lent, whatever it is made of.
    @Test
    void productsAllocateNothing() {
        int lanes = 2;
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (LinearOperator operator : Operators.uniform(3).all()) {
            PanelProductF64 product = PanelProductF64.of(operator);
            double[] x = new double[operator.columns() * lanes];
            double[] t = new double[operator.rows() * lanes];
            double[] scratch = new double[product.scratch(lanes)];
            long allocated = Long.MAX_VALUE;
            for (int round = 0; round < 3; round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < CALLS; i++) {
                    product.multiply(x, 0, t, 0, t, 0, lanes, scratch, 0);
                }
                allocated = Math.min(allocated, threads.getCurrentThreadAllocatedBytes() - before);
            }
            long bytes = allocated;
            assertTrue(bytes < CALLS, () -> operator + " allocated " + bytes + " bytes in " + CALLS + " products");
        }
    }
}
