package dev.stillpoint.activation;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Reads the labels of activations.
final class ActivationLabels {
    private static final String KNOWN = "relu, leaky-relu:SLOPE, tanh, sigmoid, identity, softmax:BLOCK,"
            + " group-norm:BLOCK[:EPS], max-pool:BLOCK, gate:FACTOR:FACTOR, blocks:ACTIVATION@SIZE/ACTIVATION@SIZE/...";

    /// A decimal number; what else `Double.parseDouble` reads (type suffixes, hexadecimal, blanks) is a typing
    /// mistake.
    private static final Pattern NUMBER = Pattern.compile("[-+]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][-+]?\\d+)?");

    private static final Pattern COUNT = Pattern.compile("\\d{1,9}");

    private ActivationLabels() {}

    static Activation parse(String label) {
        int colon = label.indexOf(':');
        String name = colon < 0 ? label : label.substring(0, colon);
        String parameter = colon < 0 ? "" : label.substring(colon + 1);
        return switch (name) {
            case "leaky-relu" -> new LeakyRelu(slope(label, parameter));
            case "softmax" -> new Softmax(block(label, parameter, name));
            case "max-pool" -> new MaxPool(block(label, parameter, name));
            case "group-norm" -> groupNorm(label, parameter);
            case "gate" -> gate(label, parameter);
            case "blocks" -> blocks(label, parameter);
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

    private static Activation groupNorm(String label, String parameter) {
        int colon = parameter.indexOf(':');
        if (colon < 0) {
            return Activation.groupNorm(block(label, parameter, "group-norm"));
        }
        int block = block(label, parameter.substring(0, colon), "group-norm");
        String text = parameter.substring(colon + 1);
        double eps = NUMBER.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
        try {
            return Activation.groupNorm(block, eps);
        } catch (IllegalArgumentException refused) {
            throw because(label, refused);
        }
    }

    private static Activation gate(String label, String parameter) {
        int colon = parameter.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException(
                    "activation '" + label + "' needs two factors, as in gate:sigmoid:tanh; known are " + KNOWN);
        }
        try {
            return Activation.gate(plain(parameter.substring(0, colon)), plain(parameter.substring(colon + 1)));
        } catch (IllegalArgumentException refused) {
            throw because(label, refused);
        }
    }

    /// Parts stand between slashes; what follows the last `@` of one is its size.
    private static Activation blocks(String label, String parameters) {
        List<BlockActivation.Part> parts = new ArrayList<>();
        for (String part : parameters.split("/", -1)) {
            int at = part.lastIndexOf('@');
            String size = part.substring(at + 1);
            if (at < 0 || !COUNT.matcher(size).matches()) {
                throw new IllegalArgumentException(
                        ("activation '%s' has the part '%s', expected ACTIVATION@SIZE, as in blocks:relu@64/softmax:10@10;"
                                        + " known are %s")
                                .formatted(label, part, KNOWN));
            }
            try {
                parts.add(new BlockActivation.Part(parse(part.substring(0, at)), Integer.parseInt(size)));
            } catch (IllegalArgumentException refused) {
                throw because(label, refused);
            }
        }
        return new BlockActivation(parts);
    }

    private static IllegalArgumentException because(String label, IllegalArgumentException refused) {
        return new IllegalArgumentException(
                "activation '%s': %s; known are %s".formatted(label, refused.getMessage(), KNOWN), refused);
    }

    private static int block(String label, String parameter, String name) {
        int block = COUNT.matcher(parameter).matches() ? Integer.parseInt(parameter) : 0;
        if (block == 0) {
            throw new IllegalArgumentException("activation '%s' needs a positive block size, as in %s:4; known are %s"
                    .formatted(label, name, KNOWN));
        }
        return block;
    }
}
