package dev.stillpoint;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.INTERFACES;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What the modules may know of each other, and what none of them may use.
final class ArchitectureTest {
    private static final String[] KERNEL = {
        "dev.stillpoint.activation..",
        "dev.stillpoint.adjoint..",
        "dev.stillpoint.backend..",
        "dev.stillpoint.internal..",
        "dev.stillpoint.io..",
        "dev.stillpoint.matrix..",
        "dev.stillpoint.model..",
        "dev.stillpoint.operator..",
        "dev.stillpoint.solver..",
        "dev.stillpoint.wellposed.."
    };

    private static JavaClasses classes;

    @BeforeAll
    static void read() {
        classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.stillpoint");
        assertTrue(classes.size() > 100, "the classes of all modules are on the class path: " + classes.size());
    }

    @Test
    void theKernelKnowsNoOtherModule() {
        noClasses()
                .that()
                .resideInAnyPackage(KERNEL)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.stillpoint.opencl..", "dev.stillpoint.validation..", "dev.stillpoint.trainer..")
                .check(classes);
    }

    @Test
    void openclAndValidationKnowTheKernelAlone() {
        noClasses()
                .that()
                .resideInAPackage("dev.stillpoint.opencl..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.stillpoint.validation..", "dev.stillpoint.trainer..")
                .check(classes);
        noClasses()
                .that()
                .resideInAPackage("dev.stillpoint.validation..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.stillpoint.opencl..", "dev.stillpoint.trainer..", "dev.stillpoint.internal..")
                .check(classes);
    }

    @Test
    void insideTheKernelDependenciesRunOneWay() {
        noClasses()
                .that()
                .resideInAPackage("dev.stillpoint.matrix..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(except("dev.stillpoint.matrix.."))
                .check(classes);
        noClasses()
                .that()
                .resideInAnyPackage("dev.stillpoint.operator..", "dev.stillpoint.activation..", "dev.stillpoint.io..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.stillpoint.solver..",
                        "dev.stillpoint.model..",
                        "dev.stillpoint.backend..",
                        "dev.stillpoint.wellposed..",
                        "dev.stillpoint.internal.cpu..",
                        "dev.stillpoint.internal.engine..")
                .check(classes);
        noClasses()
                .that()
                .resideInAnyPackage("dev.stillpoint.solver..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.stillpoint.model..", "dev.stillpoint.backend..", "dev.stillpoint.internal..")
                .check(classes);
        noClasses()
                .that()
                .resideInAPackage("dev.stillpoint.backend..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.stillpoint.internal.cpu..", "dev.stillpoint.internal.engine..")
                .check(classes);
        // A prediction needs no plan, and has the products of the CPU engine.
        noClasses()
                .that()
                .resideInAPackage("dev.stillpoint.model..")
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("dev.stillpoint.internal.cpu..", "dev.stillpoint.internal.engine..")
                                .and(not(simpleName("CpuPrediction"))))
                .check(classes);
        noClasses()
                .that()
                .resideInAPackage("dev.stillpoint.internal..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.stillpoint.model..")
                .check(classes);
        noClasses()
                .that()
                .resideInAPackage("dev.stillpoint.internal.reference..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.stillpoint.internal.cpu..")
                .check(classes);
    }

    private static String[] except(String kept) {
        return Arrays.stream(KERNEL).filter(name -> !name.equals(kept)).toArray(String[]::new);
    }

    @Test
    void onlyTheCpuEngineTouchesVectors() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.stillpoint.internal.cpu..", "dev.stillpoint.bench..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jdk.incubator.vector..")
                .check(classes);
    }

    @Test
    void nothingOfTheJdkThatIsNotForUse() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("sun..", "jdk.internal..", "com.sun..")
                .check(classes);
    }

    @Test
    void noStaticStateThatChanges() {
        fields().that().areStatic().should().beFinal().check(classes);
        // The OpenCL loader library belongs to the process, so what guards its loading is static; it holds no state.
        noFields()
                .that()
                .areStatic()
                .and()
                .areNotDeclaredIn("dev.stillpoint.opencl.internal.OpenClLoader")
                .should()
                .haveRawType(assignableTo(ThreadLocal.class)
                        .or(assignableTo(Lock.class))
                        .or(assignableTo(Thread.class))
                        .or(resideInAPackage("java.util.concurrent..")))
                .check(classes);
    }

    /// A constant collection is an unmodifiable one, made by `of` or `copyOf`: its field is declared by the
    /// interface, and a class that fills one in a static initialiser would call `put` or `add`.
    @Test
    void constantCollectionsAreNotFilled() {
        noFields()
                .that()
                .areStatic()
                .and()
                .haveRawType(assignableTo(Collection.class).or(assignableTo(Map.class)))
                .should()
                .haveRawType(INTERFACES.negate().as("a concrete, so probably modifiable, collection"))
                .check(classes);
    }
}
