/// The engine: models, solvers, and the CPU backend.
@org.jspecify.annotations.NullMarked
module dev.stillpoint.kernel {
    requires static transitive org.jspecify;

    exports dev.stillpoint.activation;
    exports dev.stillpoint.backend;
    exports dev.stillpoint.matrix;
    exports dev.stillpoint.operator;
    exports dev.stillpoint.solver;
    exports dev.stillpoint.wellposed;

    uses dev.stillpoint.backend.BackendProvider;
}
