/// Problems, double-precision references and the suite that proves an installation.
@org.jspecify.annotations.NullMarked
module dev.stillpoint.validation {
    requires static transitive org.jspecify;
    requires transitive dev.stillpoint.kernel;
    requires com.fasterxml.jackson.core;

    exports dev.stillpoint.validation.certificate;
    exports dev.stillpoint.validation.problem;
    exports dev.stillpoint.validation.reference;
    exports dev.stillpoint.validation.report;
}
