package dev.stillpoint.wellposed;

import dev.stillpoint.wellposed.ComponentTests.Decision;
import dev.stillpoint.wellposed.Finding.Outcome;
import dev.stillpoint.wellposed.Finding.Test;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Puts the decisions on all components together: one that is ill-posed makes the model so, and the model is
/// well-posed when all are (IDL-21 Theorems 2.7 and 2.8).
final class ComponentFindings {
    private final List<Decision> decisions;
    private final Verdict verdict;
    private final String summary;

    private ComponentFindings(List<Decision> decisions, Verdict verdict, String summary) {
        this.decisions = decisions;
        this.verdict = verdict;
        this.summary = summary;
    }

    /// Where a test of the whole matrix has settled the matter.
    static ComponentFindings notNeeded() {
        return new ComponentFindings(List.of(), Verdict.WELL_POSED, "");
    }

    /// Decides components one after the other, up to the first that is ill-posed.
    static ComponentFindings decide(ComponentTests tests, int components) {
        List<Decision> decisions = new ArrayList<>();
        Map<Test, Integer> counts = new EnumMap<>(Test.class);
        int undecided = 0;
        String firstUndecided = "";
        for (int c = 0; c < components; c++) {
            Decision decision = tests.decide(c);
            decisions.add(decision);
            switch (decision.verdict()) {
                case ILL_POSED -> {
                    return new ComponentFindings(decisions, Verdict.ILL_POSED, decision.reason());
                }
                case WELL_POSED -> counts.merge(decision.test(), 1, Integer::sum);
                case UNKNOWN -> {
                    undecided++;
                    firstUndecided = undecided == 1 ? decision.reason() : firstUndecided;
                }
            }
        }
        if (undecided > 0) {
            String which = components == 1
                    ? "the one component is undecided"
                    : "%d of %d components are undecided".formatted(undecided, components);
            return new ComponentFindings(decisions, Verdict.UNKNOWN, which + ": " + firstUndecided);
        }
        String summary = components == 1
                ? decisions.getFirst().reason()
                : "each of the %d diagonal blocks of the block-triangular form is well-posed: %s"
                        .formatted(
                                components,
                                counts.entrySet().stream()
                                        .map(entry -> entry.getValue() + " by "
                                                + entry.getKey().label())
                                        .collect(Collectors.joining(", ")));
        return new ComponentFindings(decisions, Verdict.WELL_POSED, summary);
    }

    /// What is proved of the model.
    Verdict verdict() {
        return verdict;
    }

    /// Why, in words; empty where it was not needed.
    String summary() {
        return summary;
    }

    /// Whether every component is proved to contract. The whole map then contracts in a norm that weighs components
    /// differently enough.
    boolean contracts() {
        return verdict == Verdict.WELL_POSED
                && !decisions.isEmpty()
                && decisions.stream().allMatch(Decision::contracts);
    }

    /// The findings of the tests that work on components.
    List<Finding> findings() {
        return List.of(finding(Test.ORTHANTS), finding(Test.DIAGONAL_LYAPUNOV), components());
    }

    private Finding finding(Test test) {
        if (decisions.isEmpty()) {
            return skipped(test);
        }
        List<Decision> by = decisions.stream().filter(d -> d.test() == test).toList();
        if (by.isEmpty()) {
            return new Finding(test, Outcome.NOT_APPLICABLE, "no component came down to it");
        }
        boolean whole = test == Test.DIAGONAL_LYAPUNOV ? contracts() : decisions.size() == 1;
        Decision first = by.getFirst();
        if (first.verdict() == Verdict.WELL_POSED && whole) {
            return new Finding(test, Outcome.HOLDS, first.reason());
        }
        String count = decisions.size() == 1 ? "" : "in %d of %d components: ".formatted(by.size(), decisions.size());
        return new Finding(test, Outcome.DOES_NOT_HOLD, count + first.reason());
    }

    private Finding components() {
        if (decisions.isEmpty()) {
            return skipped(Test.COMPONENTS);
        }
        return new Finding(
                Test.COMPONENTS, verdict == Verdict.WELL_POSED ? Outcome.HOLDS : Outcome.DOES_NOT_HOLD, summary);
    }

    private static Finding skipped(Test test) {
        return new Finding(test, Outcome.SKIPPED, "not needed: a test of the whole matrix settles it");
    }
}
