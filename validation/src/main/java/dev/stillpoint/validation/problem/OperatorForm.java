package dev.stillpoint.validation.problem;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// The form in which the state matrix of a problem is given to an engine.
///
/// The form says in which order a product is computed, and so has a part in the bits of a result. Each but the first
/// two asks for a structure that has it.
public enum OperatorForm {
    /// All entries, whatever the structure: `dense`.
    DENSE,
    /// The entries that are not zero, whatever the structure: `sparse`.
    SPARSE,
    /// The diagonal: `diagonal`, with the structure `sparse:0` over single values.
    DIAGONAL,
    /// Two factors: `low-rank`, with the structure `low-rank:RANK`.
    LOW_RANK,
    /// The weights of a kernel: `convolution`, with the structure `convolution:CHANNELSxHEIGHTxWIDTH`.
    CONVOLUTION,
    /// The dense blocks on and above the diagonal that are not zero: `block-triangular`, with the structures
    /// `block-triangular:GROUPS`, `cascade:GROUPS` and `layers:GROUPS`.
    BLOCK_TRIANGULAR,
    /// A diagonal and two factors: `sum`, with the structure `diagonal-low-rank:RANK`.
    SUM;

    /// The text that [#parse] reads.
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// The form that `label` names.
    ///
    /// @throws IllegalArgumentException when it names none
    static OperatorForm parse(String label) {
        for (OperatorForm form : values()) {
            if (form.label().equals(label)) {
                return form;
            }
        }
        throw new IllegalArgumentException("operator is '" + label + "', expected one of "
                + Arrays.stream(values()).map(OperatorForm::label).collect(Collectors.joining(", ")));
    }

    /// Checks that a matrix of this structure has this form.
    ///
    /// @param block values of a block of the activation
    /// @throws IllegalArgumentException when it has not
    void check(Kind kind, Structure structure, int block) {
        if (kind instanceof Kind.Monotone && this != DENSE && this != SPARSE) {
            throw new IllegalArgumentException(
                    "operator is " + label() + ", expected dense or sparse with the kind monotone");
        }
        String expected = switch (this) {
            case DENSE, SPARSE -> "";
            case DIAGONAL ->
                structure.equals(new Structure.Sparse(0)) && block == 1
                        ? ""
                        : "sparse:0 and an activation without blocks";
            case LOW_RANK -> structure instanceof Structure.LowRank ? "" : "low-rank:RANK";
            case CONVOLUTION -> structure instanceof Structure.Convolution ? "" : "convolution:CHANNELSxHEIGHTxWIDTH";
            case BLOCK_TRIANGULAR ->
                structure instanceof Structure.BlockTriangular
                                || structure instanceof Structure.Cascade
                                || structure instanceof Structure.Layers
                        ? ""
                        : "block-triangular:GROUPS, cascade:GROUPS or layers:GROUPS";
            case SUM -> structure instanceof Structure.DiagonalLowRank ? "" : "diagonal-low-rank:RANK";
        };
        if (!expected.isEmpty()) {
            throw new IllegalArgumentException(
                    "structure is " + structure.label() + ", expected " + expected + " with the operator " + label());
        }
    }
}
