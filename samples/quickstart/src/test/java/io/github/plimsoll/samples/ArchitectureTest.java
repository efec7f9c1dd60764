package io.github.plimsoll.samples;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.ObjectInputStream;

/** The rules that hold between the modules; here, because the samples are the only place that sees them all. */
@AnalyzeClasses(
        packages = {
            ArchitectureTest.CORE,
            ArchitectureTest.VALIDATION,
            ArchitectureTest.SERVING,
            ArchitectureTest.MONITORING
        },
        importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
    static final String CORE = "io.github.plimsoll.core";
    static final String VALIDATION = "io.github.plimsoll.validation";
    static final String SERVING = "io.github.plimsoll.serving";
    static final String MONITORING = "io.github.plimsoll.monitoring";

    @ArchTest
    static final ArchRule dependenciesPointDown = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("core")
            .definedBy(CORE + "..")
            .layer("validation")
            .definedBy(VALIDATION + "..")
            .layer("serving")
            .definedBy(SERVING + "..")
            .layer("monitoring")
            .definedBy(MONITORING + "..")
            .whereLayer("validation")
            .mayOnlyBeAccessedByLayers("monitoring")
            .whereLayer("serving")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("monitoring")
            .mayNotBeAccessedByAnyLayer()
            .because("serving and monitoring meet in core's extension points, and core knows nobody");

    @ArchTest
    static final ArchRule coreInternalsStayInCore = internalsStayIn(CORE);

    @ArchTest
    static final ArchRule validationInternalsStayInValidation = internalsStayIn(VALIDATION);

    @ArchTest
    static final ArchRule servingInternalsStayInServing = internalsStayIn(SERVING);

    @ArchTest
    static final ArchRule monitoringInternalsStayInMonitoring = internalsStayIn(MONITORING);

    @ArchTest
    static final ArchRule enginesStayBehindTheLoader = noClasses()
            .that()
            .resideOutsideOfPackage(CORE + ".internal..")
            .and()
            .haveNameNotMatching("io\\.github\\.plimsoll\\.core\\.model\\.DjlTranslation(\\$.*)?")
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    "ai.djl..", "ai.onnxruntime..", "ml.dmlc..", "com.microsoft.ml..", "io.github.metarank.."))
            .because("the engine is the host's choice, and core must load without any");

    @ArchTest
    static final ArchRule enginesDoNotKnowEachOtherInCircles =
            slices().matching(CORE + ".internal.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule whatEnginesShareKnowsNoEngine = noClasses()
            .that()
            .resideInAPackage(CORE + ".internal")
            .should()
            .dependOnClassesThat(resideInAnyPackage(CORE + ".internal.*"));

    @ArchTest
    static final ArchRule caffeineStaysInServing = noClasses()
            .that()
            .resideOutsideOfPackage(SERVING + "..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("com.github.benmanes.caffeine.."))
            .because("only a host that caches needs its jar");

    @ArchTest
    static final ArchRule micrometerStaysInServingAndMonitoring = noClasses()
            .that()
            .resideOutsideOfPackages(SERVING + "..", MONITORING + "..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("io.micrometer.."))
            .because("only a host that measures needs its jar");

    @ArchTest
    static final ArchRule junitStaysInItsPackage = noClasses()
            .that()
            .resideOutsideOfPackage(VALIDATION + ".junit..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("org.junit.."))
            .because("a service at work has no test framework");

    @ArchTest
    static final ArchRule nothingIsPrinted =
            NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.because("the host decides where words go");

    @ArchTest
    static final ArchRule nothingIsLoggedPastSlf4j = noClasses()
            .should()
            .dependOnClassesThat(resideInAnyPackage("java.util.logging.."))
            .because("the host has one logging facade to configure");

    @ArchTest
    static final ArchRule nothingIsDeserialised = noClasses()
            .should()
            .dependOnClassesThat(assignableTo(ObjectInputStream.class))
            .because("bytes from a model folder must never choose which code runs");

    private static ArchRule internalsStayIn(String module) {
        return noClasses()
                .that()
                .resideOutsideOfPackage(module + "..")
                .should()
                .dependOnClassesThat(resideInAnyPackage(module + "..internal.."))
                .because("internal packages are free to change");
    }
}
