package dev.stillpoint.internal.engine;

import dev.stillpoint.adjoint.AdjointPlan;
import dev.stillpoint.adjoint.AdjointProblem;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.backend.SolveRequest;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.StoppingRule;

/// An adjoint plan of an engine: a plan of linearised recipes, whose input rows are made of a gradient and a
/// point.
public final class EngineAdjointPlan implements AdjointPlan {
    /// `points = A states + B inputs + bias`, all of the forward problem.
    @FunctionalInterface
    public interface Points {
        /// Fills `points`, `(samples, n)`.
        void compute(FixedPointProblem forward, Matrix inputs, Matrix states, Matrix points);
    }

    private final Points points;
    private final AdjointProblem problem;
    private final EnginePlan plan;

    /// A plan.
    ///
    /// @param factory in the precision of the options; closed with the plan, or by the caller when this throws
    public EngineAdjointPlan(
            EngineFactory factory,
            Points points,
            AdjointProblem problem,
            Solver solver,
            StoppingRule stopping,
            PlanOptions options) {
        if (options.certificate() != null) {
            throw new IllegalArgumentException("the options have a certificate, which is one of states: prepare"
                    + " the adjoint problem without it, and bound its result by an AdjointCertificate");
        }
        this.points = points;
        this.problem = problem;
        FixedPointProblem forward = problem.forward();
        FixedPointProblem transposed =
                new FixedPointProblem(forward.a().transpose(), problem.c().transpose(), null, forward.activation());
        plan = new EnginePlan(
                factory,
                options,
                problem.stateSize(),
                Math.addExact(problem.outputSize(), problem.stateSize()),
                factory.adjoints(transposed, solver, stopping),
                null);
    }

    @Override
    public SolveResult solve(Matrix points, Matrix outputGradients) {
        return plan.solve(SolveRequest.of(rows(points, outputGradients)));
    }

    @Override
    public SolveResult solve(Matrix points, Matrix outputGradients, Matrix initial) {
        return plan.solve(SolveRequest.of(rows(points, outputGradients)).from(initial));
    }

    /// The input rows: `q` values of the gradient, then `n` of the point.
    private Matrix rows(Matrix points, Matrix outputGradients) {
        int n = problem.stateSize();
        int q = problem.outputSize();
        ShapeException.checkColumns("points", points, n);
        ShapeException.check("output gradients", outputGradients, points.rows(), q);
        Matrix rows = Matrix.zeros(plan.precision(), points.rows(), q + n);
        double[] row = new double[q + n];
        for (int s = 0; s < points.rows(); s++) {
            outputGradients.getRow(s, row, 0);
            points.getRow(s, row, q);
            rows.setRow(s, row, 0);
        }
        return rows;
    }

    @Override
    public Matrix points(Matrix inputs, Matrix states) {
        FixedPointProblem forward = problem.forward();
        ShapeException.checkColumns("inputs", inputs, forward.inputSize());
        ShapeException.check("states", states, inputs.rows(), forward.stateSize());
        Matrix found = Matrix.zeros(plan.precision(), inputs.rows(), forward.stateSize());
        points.compute(forward, inputs, states, found);
        return found;
    }

    @Override
    public Precision precision() {
        return plan.precision();
    }

    @Override
    public long footprint() {
        return plan.footprint();
    }

    @Override
    public void close() {
        plan.close();
    }
}
