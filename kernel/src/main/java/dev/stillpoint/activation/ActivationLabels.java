package dev.stillpoint.activation;

import java.util.regex.Pattern;

/// Reads the labels of activations.
final class ActivationLabels {
    private static final String KNOWN = "relu, leaky-relu:SLOPE, tanh, sigmoid, identity, softmax:BLOCK";

    /// A decimal number; what else `Double.parseDouble` reads (type suffixes, hexadecimal, blanks) is a typing mistake.
    private static final Pattern NUMBER = Pattern.compile("[-+]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][-+]?\\d+)?");

    private static final Pattern COUNT = Pattern.compile("\\d{1,9}");

    private ActivationLabels() {}

    static Activation parse(String label) {
        int colon = label.indexOf(':');
        String name = colon < 0 ? label : label.substring(0, colon);
        String parameter = colon < 0 ? "" : label.substring(colon + 1);
        return switch (name) {
            case "leaky-relu" -> new LeakyRelu(slope(label, parameter));
            case "softmax" -> new Softmax(block(label, parameter));
            default -> plain(label);
        };
    }

    private static Activation plain(String label) {
        return switch (label) {
            case "relu" -> new Relu();
            case "tanh" -> new Tanh();
            case "sigmoid" -> new Sigmoid();
            case "identity" -> new Identity();
            default -> throw new IllegalArgumentException("unknown activation '" + label + "': expected " + KNOWN);
        };
    }

    private static double slope(String label, String parameter) {
        double slope = NUMBER.matcher(parameter).matches() ? Double.parseDouble(parameter) : Double.NaN;
        if (!Double.isFinite(slope)) {
            throw new IllegalArgumentException(
                    "activation '" + label + "' needs a finite slope, as in leaky-relu:0.1; known are " + KNOWN);
        }
        return slope;
    }

    private static int block(String label, String parameter) {
        int block = COUNT.matcher(parameter).matches() ? Integer.parseInt(parameter) : 0;
        if (block == 0) {
            throw new IllegalArgumentException(
                    "activation '" + label + "' needs a positive block size, as in softmax:4; known are " + KNOWN);
        }
        return block;
    }
}
