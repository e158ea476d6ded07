package dev.stillpoint.wellposed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.Course;
import dev.stillpoint.solver.ForwardBackward;
import dev.stillpoint.solver.PeacemanRachford;
import dev.stillpoint.solver.Solver;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SolverAdvisorTest {

    private static SolverChoice choose(Activation phi, double[]... a) {
        return SolverAdvisor.recommend(WellPosedness.analyse(Matrices.operator(a), phi));
    }

    @Test
    void aContractionIsIterated() {
        SolverChoice choice = choose(Activation.relu(), new double[] {0, 4}, new double[] {0.125, 0});
        assertEquals(List.of("broyden", "newton", "picard"), legs(choice));
        assertEquals("its last leg converges: lambda_PF(|A|) <= 0.7071067812 < 1", choice.reason());
    }

    @Test
    void anEasyContractionIsIterated() {
        SolverChoice choice = choose(Activation.relu(), new double[] {0, 0.7}, new double[] {0.5, 0});
        assertEquals(Solver.picard(), choice.solver());
        assertEquals("Picard iteration converges: lambda_PF(|A|) <= 0.5916079784 < 1", choice.reason());
    }

    private static List<String> legs(SolverChoice choice) {
        return assertInstanceOf(Course.class, choice.solver()).legs().stream()
                .map(leg -> leg.solver().name())
                .toList();
    }

    @Test
    void aContractionInTheTwoNormIsIterated() {
        // lambda_PF(|A|) = 1.2, |A|_2 = 0.6 sqrt 2.
        SolverChoice choice = choose(Activation.tanh(), new double[] {0.6, -0.6}, new double[] {0.6, 0.6});
        assertEquals(List.of("broyden", "newton", "picard"), legs(choice));
        assertTrue(choice.reason().contains("|A|_2 <= 0.848528"), choice.reason());
    }

    /// `I - A = [[1, 5], [-5, 1]]`: `m = 1`, `L = sqrt 26`.
    @Test
    void aMonotoneModelIsSplit() {
        SolverChoice choice = choose(Activation.relu(), new double[] {0, -5}, new double[] {5, 0});
        assertEquals(List.of("peaceman-rachford", "newton", "forward-backward"), legs(choice));
        List<Course.Leg> legs = ((Course) choice.solver()).legs();
        double alpha = ((PeacemanRachford) legs.getFirst().solver()).alpha();
        assertEquals(1 / Math.sqrt(Math.sqrt(26)), alpha, 64 * 0x1p-53);
        // m/L^2, from below up to the rounding of two divisions.
        assertEquals(1 / 26.0, ((ForwardBackward) legs.getLast().solver()).alpha(), 64 * 0x1p-53);
        assertTrue(choice.reason().startsWith("its first and its last leg converge: "), choice.reason());
    }

    @Test
    void aTriangleIsSubstituted() {
        LinearOperator upper = Matrices.operator(Matrices.rows(new double[] {-3, 50}, new double[] {0, 0.5}));
        LinearOperator lower = Matrices.operator(Matrices.rows(new double[] {0.5, 0}, new double[] {2, 0}));
        for (LinearOperator a : List.of(upper, lower)) {
            for (Activation phi : List.of(Activation.relu(), Activation.tanh(), Activation.leakyRelu(0.5))) {
                SolverChoice choice = SolverAdvisor.recommend(a, phi);
                assertEquals(Solver.substitution(), choice.solver());
                assertEquals(choice, SolverAdvisor.recommend(a, WellPosedness.analyse(a, phi)));
                assertTrue(choice.reason().startsWith("backward substitution is exact"), choice.reason());
            }
        }
    }

    /// Not where the diagonal is zero or above 1, the activation no proximal map or blockwise, or both sides
    /// full.
    @Test
    void whatNeedsOrAllowsNoSubstitutionIsIterated() {
        LinearOperator strict = Matrices.operator(Matrices.rows(new double[] {0, 50}, new double[] {0, 0}));
        LinearOperator above = Matrices.operator(Matrices.rows(new double[] {0, 50}, new double[] {0, 1}));
        LinearOperator full = Matrices.operator(Matrices.rows(new double[] {0.5, 50}, new double[] {1e-3, 0.5}));
        LinearOperator good = Matrices.operator(Matrices.rows(new double[] {0.1, 0.1}, new double[] {0, 0.1}));
        assertEquals(
                Solver.picard(),
                SolverAdvisor.recommend(strict, Activation.relu()).solver());
        assertEquals(List.of("newton", "broyden", "anderson"), legs(SolverAdvisor.recommend(above, Activation.relu())));
        assertEquals(List.of("broyden", "newton", "picard"), legs(SolverAdvisor.recommend(full, Activation.relu())));
        assertEquals(
                Solver.picard(),
                SolverAdvisor.recommend(good, Activation.softmax(2)).solver());
        assertEquals(
                Solver.picard(),
                SolverAdvisor.recommend(good, Activation.leakyRelu(-0.5)).solver());
        LinearOperator other = Matrices.operator(Matrices.rows(new double[] {0.1}));
        WellPosednessReport report = WellPosedness.analyse(good, Activation.relu());
        assertThrows(ShapeException.class, () -> SolverAdvisor.recommend(other, report));
    }

    @Test
    void withoutAProofTheReasonSaysSo() {
        SolverChoice triangular = choose(Activation.relu(), new double[] {-3, 50}, new double[] {0, -3});
        assertEquals(List.of("newton", "broyden", "anderson"), legs(triangular));
        assertTrue(triangular.reason().contains("without a proof"), triangular.reason());
        // Expanding: no proximal map, so a monotone operator does not help.
        SolverChoice expanding = choose(Activation.leakyRelu(-3), new double[] {0, -2}, new double[] {2, 0});
        assertTrue(expanding.reason().contains("without a proof"), expanding.reason());
        SolverChoice blockwise = choose(Activation.softmax(2), new double[] {20, -20}, new double[] {20, 20});
        assertEquals(List.of("broyden", "newton"), legs(blockwise));
    }
}
