package dev.stillpoint.trainer.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import java.math.BigDecimal;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Drawn models are well-posed, scaled to their inputs, and the same everywhere.
final class RandomModelTest {
    @ParameterizedTest
    @CsvSource({"2, 0.5, 1", "13, 0.8, 2", "64, 0.99, 3", "65, 0.1, 4"})
    void theWeightsProveTheContraction(int n, double kappa, long seed) {
        RandomModel model = RandomModel.draw(SmallModels.inputs(20, 5, seed), n, kappa, new SplitMix64(seed));
        Matrix a = model.problem().a().toMatrix();
        assertEquals(Precision.F32, a.precision());
        BigDecimal upper = new BigDecimal(model.lambdaUpper());
        BigDecimal lower = new BigDecimal(model.lambdaLower());
        for (int i = 0; i < n; i++) {
            BigDecimal sum = BigDecimal.ZERO;
            for (int j = 0; j < n; j++) {
                sum = sum.add(new BigDecimal(Math.abs(a.get(i, j))).multiply(new BigDecimal(model.weight(j))));
            }
            BigDecimal weight = new BigDecimal(model.weight(i));
            assertTrue(weight.signum() > 0 && weight.compareTo(BigDecimal.ONE) <= 0, "weight " + i);
            assertTrue(sum.compareTo(upper.multiply(weight)) <= 0, "row %d, seed %d".formatted(i, seed));
            if (i < n - 1) {
                assertTrue(sum.compareTo(lower.multiply(weight)) >= 0, "row %d, seed %d".formatted(i, seed));
            }
        }
        assertTrue(model.lambdaUpper() <= kappa, "lambda " + model.lambdaUpper());
        // Rounding down by 2^-23, rounding of the entries by 2^-24 each way.
        assertTrue(model.lambdaLower() >= kappa * (1 - 0x1p-22), "lambda " + model.lambdaLower());
    }

    @Test
    void theLastUnitIsOne() {
        Matrix inputs = SmallModels.inputs(3, 4, 1);
        RandomModel model = RandomModel.draw(inputs, 8, 0.9, new SplitMix64(1));
        for (int i = 0; i < inputs.rows(); i++) {
            assertEquals(1, SmallModels.solve(model, SmallModels.row(inputs, i))[7]);
        }
        Matrix a = model.problem().a().toMatrix();
        for (int i = 0; i < 8; i++) {
            assertEquals(0, a.get(i, 7));
        }
    }

    @Test
    void theScaleOfTheInputsDoesNotMatter() {
        Matrix inputs = SmallModels.inputs(50, 6, 5);
        Matrix large = Matrix.zeros(Precision.F32, 50, 6);
        for (int i = 0; i < 50; i++) {
            for (int j = 0; j < 6; j++) {
                large.set(i, j, 1024 * inputs.get(i, j));
            }
        }
        RandomModel model = RandomModel.draw(inputs, 10, 0.8, new SplitMix64(9));
        RandomModel other = RandomModel.draw(large, 10, 0.8, new SplitMix64(9));
        Matrix b = model.problem().b().toMatrix();
        Matrix scaled = other.problem().b().toMatrix();
        for (int i = 0; i < 10; i++) {
            for (int j = 0; j < 6; j++) {
                assertEquals(b.get(i, j), 1024 * scaled.get(i, j));
            }
        }
    }

    /// A change of these numbers changes every published figure of the demo.
    @Test
    void aSeedGivesTheSameModelEverywhere() {
        RandomModel model = RandomModel.draw(SmallModels.inputs(10, 3, 1), 16, 0.8, new SplitMix64(1));
        assertEquals(1519421079, Arrays.hashCode(model.problem().a().toMatrix().toFloatArray()));
        assertEquals(1763967491, Arrays.hashCode(model.problem().b().toMatrix().toFloatArray()));
        assertEquals(811625675, Arrays.hashCode(model.problem().bias().toFloatArray()));
    }

    @Test
    void equalInputsAreRefused() {
        Matrix equal = Matrix.of(new float[12], 4, 3);
        SplitMix64 random = new SplitMix64(1);
        assertThrows(IllegalArgumentException.class, () -> RandomModel.draw(equal, 4, 0.5, random));
    }
}
