/// The engine: models, solvers, and the CPU backend.
@org.jspecify.annotations.NullMarked
module dev.stillpoint.kernel {
    requires static org.jspecify;

    exports dev.stillpoint.matrix;
}
