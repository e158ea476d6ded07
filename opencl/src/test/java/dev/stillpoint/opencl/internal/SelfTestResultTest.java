package dev.stillpoint.opencl.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.matrix.Precision;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Devices with the usual faults, imitated in Java, must be found out, and nothing else said of them.
class SelfTestResultTest {
    private interface Device {
        long compute(Operation operation, long a, long b, long c);
    }

    private static SelfTestResult test(Precision precision, Device device) {
        Operands operands = Operands.of(precision);
        long[] results = new long[Operation.ALL.size() * operands.count()];
        for (int number = 0; number < Operation.ALL.size(); number++) {
            for (int i = 0; i < operands.count(); i++) {
                results[number * operands.count() + i] = device.compute(
                        Operation.ALL.get(number), operands.bits(0, i), operands.bits(1, i), operands.bits(2, i));
            }
        }
        return SelfTestResult.compare(operands, results);
    }

    /// A correct device but for one operation.
    private static SelfTestResult faulty(Precision precision, Operation faulty, Device device) {
        return test(
                precision,
                (operation, a, b, c) ->
                        operation == faulty ? device.compute(operation, a, b, c) : operation.apply(precision, a, b, c));
    }

    private static void assertOnly(Operation operation, String fault, SelfTestResult result) {
        assertEquals(
                List.of(operation),
                result.differences().stream()
                        .map(SelfTestResult.Difference::operation)
                        .toList());
        String text = result.faults().getFirst();
        assertTrue(text.startsWith(BinaryFormat.of(result.precision()).label() + " " + fault + " ("), text);
    }

    private static long bits(float value) {
        return Integer.toUnsignedLong(Float.floatToIntBits(value));
    }

    private static float value(long bits) {
        return Float.intBitsToFloat((int) bits);
    }

    @ParameterizedTest
    @EnumSource
    void findsNothingOnACorrectDevice(Precision precision) {
        SelfTestResult result = test(precision, (operation, a, b, c) -> operation.apply(precision, a, b, c));
        assertEquals(List.of(), result.faults());
        assertEquals(Operands.of(precision).count(), result.cases());
    }

    @ParameterizedTest
    @EnumSource
    void acceptsAnyNotANumber(Precision precision) {
        BinaryFormat format = BinaryFormat.of(precision);
        SelfTestResult result = test(precision, (operation, a, b, c) -> {
            long correct = operation.apply(precision, a, b, c);
            return format.isNan(correct) ? format.sign() | format.nan() | 5 : correct;
        });
        assertEquals(List.of(), result.faults());
    }

    @ParameterizedTest
    @EnumSource
    void findsOneWrongBit(Precision precision) {
        BinaryFormat format = BinaryFormat.of(precision);
        for (Operation wrong : Operation.ALL) {
            boolean[] done = new boolean[1];
            SelfTestResult result = faulty(precision, wrong, (operation, a, b, c) -> {
                long correct = operation.apply(precision, a, b, c);
                boolean subnormal = operation != Operation.FROM_INTEGER
                        && LongStream.of(a, b, c).anyMatch(format::isSubnormal);
                if (done[0] || subnormal || correct != format.powerOfTwo(0)) {
                    return correct;
                }
                done[0] = true;
                return correct + 1;
            });
            assertOnly(wrong, wrong.label() + " " + wrong.fault(), result);
            assertEquals(1, result.differences().getFirst().count());
        }
    }

    @ParameterizedTest
    @EnumSource
    void findsLostSubnormals(Precision precision) {
        BinaryFormat format = BinaryFormat.of(precision);
        for (Operation operation : List.of(Operation.ADD, Operation.MULTIPLY, Operation.DIVIDE, Operation.FMA)) {
            SelfTestResult result = faulty(precision, operation, (_, a, b, c) -> {
                long correct = operation.apply(precision, a, b, c);
                return format.isSubnormal(correct) ? correct & format.sign() : correct;
            });
            assertOnly(operation, operation.label() + " is wrong on subnormals", result);
        }
    }

    @Test
    void findsDivisionByReciprocal() {
        SelfTestResult result =
                faulty(Precision.F32, Operation.DIVIDE, (_, a, b, _) -> bits(value(a) * (1 / value(b))));
        assertOnly(Operation.DIVIDE, "divide is not correctly rounded", result);
    }

    @Test
    void findsARootByReciprocal() {
        SelfTestResult result = faulty(Precision.F32, Operation.SQRT, (operation, a, b, c) -> {
            float x = value(a);
            return x > 0 && x < Float.POSITIVE_INFINITY
                    ? bits(x * (float) (1 / Math.sqrt(x)))
                    : operation.apply(Precision.F32, a, b, c);
        });
        assertOnly(Operation.SQRT, "square root is not correctly rounded", result);
    }

    @ParameterizedTest
    @EnumSource
    void findsContractionAndItsOpposite(Precision precision) {
        assertOnly(
                Operation.MULTIPLY_ADD,
                "multiply then add is not rounded twice",
                faulty(precision, Operation.MULTIPLY_ADD, (_, a, b, c) -> Operation.FMA.apply(precision, a, b, c)));
        assertOnly(
                Operation.FMA,
                "fma is not correctly rounded",
                faulty(precision, Operation.FMA, (_, a, b, c) -> Operation.MULTIPLY_ADD.apply(precision, a, b, c)));
    }

    @Test
    void findsArithmeticWithoutNotANumber() {
        assertOnly(
                Operation.COMPARE,
                "comparison differs",
                faulty(
                        Precision.F32,
                        Operation.COMPARE,
                        (_, a, b, _) -> bits(value(a) < value(b) ? 1 : value(a) == value(b) ? 2 : 3)));
        assertOnly(
                Operation.SELECT,
                "selection differs",
                faulty(Precision.F32, Operation.SELECT, (_, a, _, _) -> bits(value(a) > 0 ? value(a) : 0)));
    }

    @Test
    void findsConversionsThatTruncate() {
        assertOnly(
                Operation.FROM_INTEGER,
                "conversion from an integer is not correctly rounded",
                faulty(Precision.F32, Operation.FROM_INTEGER, (operation, a, b, c) -> {
                    float nearest = value(operation.apply(Precision.F32, a, b, c));
                    boolean tooFar = Math.abs((double) nearest) > Math.abs((double) (int) a);
                    return bits(tooFar ? nearest - Math.signum(nearest) * Math.ulp(Math.nextDown(nearest)) : nearest);
                }));
        assertOnly(
                Operation.TO_SINGLE,
                "conversion to FP32 is not correctly rounded",
                faulty(Precision.F64, Operation.TO_SINGLE, (operation, a, b, c) -> {
                    double exact = Double.longBitsToDouble(a);
                    float nearest = (float) exact;
                    boolean tooFar = Math.abs((double) nearest) > Math.abs(exact) && Float.isFinite(nearest);
                    return tooFar
                            ? Double.doubleToLongBits(Math.nextAfter(nearest, 0))
                            : operation.apply(Precision.F64, a, b, c);
                }));
        assertOnly(
                Operation.TO_INTEGER,
                "conversion to an integer differs",
                faulty(Precision.F32, Operation.TO_INTEGER, (operation, a, b, c) -> {
                    float x = value(a);
                    return Math.abs(x) < 0x1p30f ? bits((float) Math.rint(x)) : operation.apply(Precision.F32, a, b, c);
                }));
    }

    @Test
    void showsTheFirstDifferenceInBits() {
        Operands operands = Operands.of(Precision.F32);
        SelfTestResult result = faulty(Precision.F32, Operation.ADD, (_, _, _, _) -> 0x4049_0fdbL);
        assertEquals(
                "%s, %s gives 40490fdb instead of %s"
                        .formatted(
                                operands.format().hex(operands.bits(0, 0)),
                                operands.format().hex(operands.bits(1, 0)),
                                "00000000"),
                result.differences().getFirst().first());
    }
}
