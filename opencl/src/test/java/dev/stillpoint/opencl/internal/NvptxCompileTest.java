package dev.stillpoint.opencl.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.backend.StepRecipe;
import dev.stillpoint.internal.engine.BlockCourse;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.operator.BlockTriangularOperator;
import dev.stillpoint.solver.Anderson;
import dev.stillpoint.solver.Broyden;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.StoppingRule;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The module's kernels keep their arrays in registers.
class NvptxCompileTest {
    private static final String OPTIONS = "-cl-std=CL1.2 -cl-fp32-correctly-rounded-divide-sqrt";

    /// A program of the module.
    ///
    /// @param name what the test is called
    /// @param resources the files it is made of
    /// @param source its whole text
    private record Program(String name, Set<String> resources, String source) {}

    /// Every `.cl` file of the module is in one of these. A new kernel is added here.
    private static final List<Program> PROGRAMS = List.of(
            new Program("self-test FP32", Set.of("self-test.cl"), SelfTest.prelude(Precision.F32) + SelfTest.source()),
            new Program("self-test FP64", Set.of("self-test.cl"), SelfTest.prelude(Precision.F64) + SelfTest.source()),
            solve(Precision.F32, Activation.relu(), Solver.picard()),
            solve(Precision.F64, Activation.softmax(4), Solver.forwardBackward(0.5)),
            solve(Precision.F32, Activation.tanh(), Solver.douglasRachford(1)),
            solve(Precision.F32, Activation.tanh(), new Anderson(5)),
            solve(Precision.F64, Activation.relu(), new Broyden(5)),
            solve(Precision.F32, Activation.tanh(), Solver.newton()),
            solve(Precision.F32, Activation.softmax(4), Solver.newton()),
            pass());

    private static Program pass() {
        Tuning generic = new Tuning(1, 64, 256, 8, 2, 4, 1L << 34, true);
        FixedPointProblem problem = DeviceCase.triangular(List.of());
        BlockCourse course = BlockCourse.compile(problem, (BlockTriangularOperator) problem.a(), Solver.picard());
        BlockCourse.Pass pass = (BlockCourse.Pass) course.stages().getFirst();
        PassTable table = new PassTable(pass, problem.inputSize(), Precision.F64, generic);
        return new Program("pass", Set.copyOf(Resources.PASS), table.prelude() + Resources.program(Resources.PASS));
    }

    /// A solve with the code of all kinds of operators and activations, cut for a graphics processor.
    private static Program solve(Precision precision, Activation phi, Solver solver) {
        DeviceCase each = new DeviceCase(precision, "dense", phi, solver);
        Tuning generic = new Tuning(1, 64, 256, 8, 2, 4, 1L << 34, true);
        RecipeTable table = new RecipeTable(
                StepRecipe.compile(each.problem(), solver), StoppingRule.mixed(1e-6), 0, precision, generic);
        return new Program(
                each.toString(), Set.copyOf(Resources.SOLVE), table.prelude() + Resources.program(Resources.SOLVE));
    }

    @Test
    void everyKernelFileIsCompiled() throws IOException, URISyntaxException {
        Path one = Path.of(Objects.requireNonNull(SelfTest.class.getResource("self-test.cl"))
                .toURI());
        Set<String> compiled = PROGRAMS.stream()
                .flatMap(program -> program.resources().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        Path folder = Objects.requireNonNull(one.getParent());
        try (Stream<Path> files = Files.walk(folder)) {
            Set<String> present = files.map(file -> folder.relativize(file).toString())
                    .filter(name -> name.endsWith(".cl"))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(present, compiled, "expected a program of this test for each of the files");
        }
    }

    @TestFactory
    Stream<DynamicTest> kernelsKeepNothingInMemory() {
        return PROGRAMS.stream()
                .map(program -> DynamicTest.dynamicTest(
                        program.name(), () -> assertEquals(List.of(), NvptxCompile.check(program.source(), OPTIONS))));
    }

    @Test
    void findsAnArrayInMemory() throws IOException, InterruptedException {
        assertEquals(
                List.of("planted_frame: 64"),
                NvptxCompile.check(PlantedFault.source("planted-frame.cl"), "-cl-std=CL1.2"));
    }

    @Test
    void saysWhyAProgramDoesNotCompile() throws IOException, InterruptedException {
        NvptxCompile.require();
        AssertionError failure = assertThrows(
                AssertionError.class,
                () -> NvptxCompile.check("__kernel void f(void) { undeclared_name(); }", "-cl-std=CL1.2"));
        assertTrue(String.valueOf(failure.getMessage()).contains("undeclared_name"), failure.toString());
    }
}
