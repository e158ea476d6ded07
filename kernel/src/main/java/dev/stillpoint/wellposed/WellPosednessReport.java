package dev.stillpoint.wellposed;

import dev.stillpoint.activation.Activation;
import java.util.List;
import java.util.Optional;

/// What is proved about `x = phi(Ax + b)`, with the figures it rests on. Every bound is rigorous for the matrix as
/// stored.
///
/// @param activation `phi`
/// @param verdict what is proved
/// @param contraction whether the map is proved to be a contraction in some weighted norm, so that Picard iteration
///     converges from anywhere
/// @param condition one line for humans: the condition that holds with its figures, what proves that the model is
///     ill-posed, or the figures of the conditions that do not hold
/// @param lambdaPf the Perron-Frobenius eigenvalue of `N(A, gamma)`, which is `gamma |A|` for a componentwise
///     activation
/// @param lambdaPfAbsolute that of `|A|`; no proof of anything for a blockwise activation
/// @param normOne `|A|_1`
/// @param normTwo `|A|_2`
/// @param normInfinity `|A|_inf`
/// @param monotoneMargin `lambda_min(I - (A + A')/2)`: its lower bound is the safe side
/// @param lipschitz `|I - A|_2`: its upper bound is the safe side
/// @param weights verified contraction weights, present when `lambda_PF(N(A, gamma)) < 1` unless none fit the range
///     of doubles
/// @param findings every test with its outcome, one each, in the order of [Finding.Test]
/// @param structure the pattern of `A`
public record WellPosednessReport(
        Activation activation,
        Verdict verdict,
        boolean contraction,
        String condition,
        Bracket lambdaPf,
        Bracket lambdaPfAbsolute,
        Bracket normOne,
        Bracket normTwo,
        Bracket normInfinity,
        Bracket monotoneMargin,
        Bracket lipschitz,
        Optional<ContractionWeights> weights,
        List<Finding> findings,
        Structure structure) {
    /// Copies the list.
    public WellPosednessReport {
        findings = List.copyOf(findings);
    }

    /// What a test found.
    public Finding finding(Finding.Test test) {
        return findings.stream()
                .filter(finding -> finding.test() == test)
                .findFirst()
                .orElseThrow();
    }
}
