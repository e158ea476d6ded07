package dev.stillpoint.activation;

/// Reads the labels of activations.
final class ActivationLabels {
    private ActivationLabels() {}

    static Activation parse(String label) {
        return switch (label) {
            case "relu" -> Activation.relu();
            case "tanh" -> Activation.tanh();
            case "sigmoid" -> Activation.sigmoid();
            case "identity" -> Activation.identity();
            default -> throw new IllegalArgumentException("unknown activation '" + label + "'");
        };
    }
}
