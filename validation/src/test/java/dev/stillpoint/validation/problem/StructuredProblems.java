package dev.stillpoint.validation.problem;

import java.util.stream.Stream;

/// Problems whose state matrix an engine is given in another form than dense, blockwise activations, and batches of
/// so few samples that each is solved by itself.
final class StructuredProblems {
    private StructuredProblems() {}

    static Stream<String> all() {
        return Stream.of("f32", "f64").flatMap(precision -> Stream.concat(operators(precision), few(precision)));
    }

    private static Stream<String> operators(String precision) {
        return Stream.of(
                line(64, 19, "relu", precision, "structure=sparse:0.1,operator=sparse"),
                line(61, 19, "tanh", precision, "structure=sparse:0.1,solver=forward-backward:0.5,operator=sparse"),
                line(37, 19, "sigmoid", precision, "structure=sparse:0,operator=diagonal"),
                line(64, 19, "relu", precision, "structure=low-rank:5,operator=low-rank"),
                line(70, 19, "relu", precision, "structure=convolution:2x5x7,operator=convolution"),
                line(
                        105,
                        19,
                        "leaky-relu:0.1",
                        precision,
                        "structure=convolution:3x7x5,solver=forward-backward:0.5,operator=convolution"),
                line(61, 19, "relu", precision, "structure=block-triangular:3,operator=block-triangular"),
                line(61, 19, "relu", precision, "structure=layers:4,operator=block-triangular"),
                line(
                        64,
                        19,
                        "tanh",
                        precision,
                        "structure=cascade:4,solver=forward-backward:0.5,operator=block-triangular"),
                line(50, 19, "relu", precision, "structure=diagonal-low-rank:3,solver=picard:0.7,operator=sum"),
                line(64, 19, "group-norm:4:0.5", precision, "structure=dense"),
                line(64, 19, "max-pool:4", precision, "structure=dense"),
                line(
                        64,
                        19,
                        "blocks:relu@19/softmax:5@15/max-pool:10@10/group-norm:4:0.5@8/tanh@12",
                        precision,
                        "structure=sparse:0.3,operator=sparse"));
    }

    private static Stream<String> few(String precision) {
        return Stream.of(
                line(207, 1, "relu", precision, "structure=dense"),
                line(64, 3, "tanh", precision, "structure=dense,solver=forward-backward:0.5"),
                line(70, 1, "max-pool:7", precision, "structure=convolution:2x5x7,operator=convolution"),
                line(64, 3, "softmax:4", precision, "structure=cascade:4,operator=block-triangular"),
                line(64, 1, "group-norm:8:0.5", precision, "structure=low-rank:5,operator=low-rank"),
                line(50, 3, "sigmoid", precision, "structure=diagonal-low-rank:3,operator=sum"));
    }

    private static String line(int n, int m, String phi, String precision, String rest) {
        return "implicit:n=%d,p=5,q=3,m=%d,phi=%s,lambda=0.8,precision=%s,seed=%d,%s"
                .formatted(n, m, phi, precision, n + 1, rest);
    }
}
