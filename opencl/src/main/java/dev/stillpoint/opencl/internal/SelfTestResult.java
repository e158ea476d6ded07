package dev.stillpoint.opencl.internal;

import dev.stillpoint.matrix.Precision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// How a device's arithmetic compares with Java's in one precision.
///
/// @param precision the precision
/// @param cases how many results of each operation were compared
/// @param differences the operations of which some result differs, none on a device that passes
record SelfTestResult(Precision precision, int cases, List<Difference> differences) {
    /// An operation whose results differ.
    ///
    /// @param operation the operation
    /// @param count how many results differ, not-a-number being equal to any other
    /// @param onSubnormals how many of these have a subnormal operand or should have a subnormal result
    /// @param first the first of them, in bits: its operands, what the device gives, what Java gives
    record Difference(Operation operation, int count, int onSubnormals, String first) {}

    /// Compares a device's results with Java's.
    ///
    /// @param operands the operands
    /// @param results bits of the results, operation after operation
    static SelfTestResult compare(Operands operands, long[] results) {
        List<Difference> differences = new ArrayList<>();
        for (int number = 0; number < Operation.ALL.size(); number++) {
            Operation operation = Operation.ALL.get(number);
            Tally tally = new Tally(operands, operation);
            for (int i = 0; i < operands.count(); i++) {
                tally.compare(i, results[number * operands.count() + i]);
            }
            if (tally.count > 0) {
                differences.add(new Difference(operation, tally.count, tally.onSubnormals, tally.first));
            }
        }
        return new SelfTestResult(operands.format().precision(), operands.count(), List.copyOf(differences));
    }

    /// What is wrong, one line for each fault.
    List<String> faults() {
        List<String> faults = new ArrayList<>();
        for (Difference difference : differences) {
            boolean subnormals = difference.onSubnormals() == difference.count();
            String label = difference.operation().label();
            faults.add("%s %s %s (%d of %d results differ)"
                    .formatted(
                            BinaryFormat.of(precision).label(),
                            label,
                            subnormals
                                    ? "is wrong on subnormals"
                                    : difference.operation().fault(),
                            difference.count(),
                            cases));
        }
        return List.copyOf(faults);
    }

    private static final class Tally {
        private final Operands operands;
        private final Operation operation;
        private int count;
        private int onSubnormals;
        private String first = "";

        Tally(Operands operands, Operation operation) {
            this.operands = operands;
            this.operation = operation;
        }

        void compare(int i, long result) {
            BinaryFormat format = operands.format();
            long a = operands.bits(0, i);
            long b = operands.bits(1, i);
            long c = operands.bits(2, i);
            long expected = operation.apply(format.precision(), a, b, c);
            long given = format.canonical(result);
            if (given == expected) {
                return;
            }
            long[] used = Arrays.copyOf(new long[] {a, b, c}, operation.arity());
            if (count == 0) {
                first = "%s gives %s instead of %s"
                        .formatted(
                                Arrays.stream(used).mapToObj(format::hex).collect(Collectors.joining(", ")),
                                format.hex(given),
                                format.hex(expected));
            }
            count++;
            // What is converted from an integer is no number of the format.
            boolean subnormalOperand =
                    operation != Operation.FROM_INTEGER && Arrays.stream(used).anyMatch(format::isSubnormal);
            if (subnormalOperand || format.isSubnormal(expected)) {
                onSubnormals++;
            }
        }
    }
}
