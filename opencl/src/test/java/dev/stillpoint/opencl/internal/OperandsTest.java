package dev.stillpoint.opencl.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.matrix.Precision;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The operands are worth something only where they reach what they are meant to reach.
class OperandsTest {
    /// At least half of a family of 200 must do what the family is for.
    private static final int MANY = 100;

    @Test
    void formatsAreThoseOfJava() {
        BinaryFormat single = BinaryFormat.of(Precision.F32);
        assertEquals(Float.floatToIntBits(1), single.powerOfTwo(0));
        assertEquals(Float.floatToIntBits(Float.MIN_NORMAL), single.powerOfTwo(1 - single.bias()));
        assertEquals(Float.floatToIntBits(Float.POSITIVE_INFINITY), single.infinity());
        assertEquals(Float.floatToIntBits(Float.NaN), single.nan());
        assertEquals(Integer.toUnsignedLong(Float.floatToIntBits(-0f)), single.sign());
        BinaryFormat twice = BinaryFormat.of(Precision.F64);
        assertEquals(Double.doubleToLongBits(1), twice.powerOfTwo(0));
        assertEquals(Double.doubleToLongBits(Double.MIN_NORMAL), twice.powerOfTwo(1 - twice.bias()));
        assertEquals(Double.doubleToLongBits(Double.POSITIVE_INFINITY), twice.infinity());
        assertEquals(Double.doubleToLongBits(Double.NaN), twice.nan());
        assertEquals(Double.doubleToLongBits(-0.0), twice.sign());
    }

    @Test
    void classifiesBits() {
        BinaryFormat single = BinaryFormat.of(Precision.F32);
        for (float value : new float[] {0, -0f, Float.MIN_NORMAL, 1, Float.NEGATIVE_INFINITY, Float.NaN}) {
            assertEquals(false, single.isSubnormal(Integer.toUnsignedLong(Float.floatToIntBits(value))), "" + value);
            assertEquals(
                    Float.isNaN(value), single.isNan(Integer.toUnsignedLong(Float.floatToIntBits(value))), "" + value);
        }
        for (float value : new float[] {Float.MIN_VALUE, -Float.MIN_VALUE, Math.nextDown(Float.MIN_NORMAL)}) {
            assertTrue(single.isSubnormal(Integer.toUnsignedLong(Float.floatToIntBits(value))), "" + value);
        }
        assertEquals(single.nan(), single.canonical(0xffc0_0001L));
        assertEquals(0xff80_0000L, single.canonical(0xff80_0000L));
    }

    @ParameterizedTest
    @EnumSource
    void areTheSameEveryTimeAndFitTheFormat(Precision precision) {
        Operands operands = Operands.of(precision);
        Operands again = Operands.of(precision);
        long all = operands.format().sign() | (operands.format().sign() - 1);
        assertEquals(operands.count(), again.count());
        for (int i = 0; i < operands.count(); i++) {
            for (int which = 0; which < 3; which++) {
                long bits = operands.bits(which, i);
                assertEquals(bits, again.bits(which, i));
                assertEquals(bits, bits & all);
                assertEquals(bits, operands.format().canonical(bits));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void reachSubnormalResults(Precision precision) {
        for (Operation operation : new Operation[] {
            Operation.ADD, Operation.SUBTRACT, Operation.MULTIPLY, Operation.DIVIDE, Operation.FMA, Operation.SELECT
        }) {
            Operands operands = Operands.of(precision);
            long subnormal = IntStream.range(0, operands.count())
                    .filter(i -> operands.format().isSubnormal(expected(operands, operation, i)))
                    .count();
            assertTrue(subnormal >= MANY, operation + " has " + subnormal);
        }
    }

    @ParameterizedTest
    @EnumSource
    void tellFusedFromUnfused(Precision precision) {
        Operands operands = Operands.of(precision);
        long different = IntStream.range(0, operands.count())
                .filter(i -> expected(operands, Operation.FMA, i) != expected(operands, Operation.MULTIPLY_ADD, i))
                .count();
        assertTrue(different >= 2 * MANY, different + " of " + operands.count());
    }

    @Test
    void reachHalfwayCasesOfConversion() {
        Operands operands = Operands.of(Precision.F64);
        int[] halfway = new int[2];
        for (int i = 0; i < operands.count(); i++) {
            double value = Double.longBitsToDouble(operands.bits(0, i));
            float rounded = (float) value;
            double other = value > rounded ? Math.nextUp(rounded) : Math.nextDown(rounded);
            if (value != rounded && value - rounded == other - value) {
                halfway[Math.abs(value) < Float.MIN_NORMAL ? 1 : 0]++;
            }
        }
        assertTrue(halfway[0] >= 20, halfway[0] + " halfway between normal numbers");
        assertTrue(halfway[1] >= 20, halfway[1] + " halfway between subnormal numbers");
    }

    private static long expected(Operands operands, Operation operation, int i) {
        return operation.apply(
                operands.format().precision(), operands.bits(0, i), operands.bits(1, i), operands.bits(2, i));
    }
}
