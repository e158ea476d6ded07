/// Data, training, experiments and the command line.
@org.jspecify.annotations.NullMarked
module dev.stillpoint.trainer {
    requires static transitive org.jspecify;
    requires transitive dev.stillpoint.kernel;
    requires dev.stillpoint.opencl;
    requires dev.stillpoint.validation;
    requires info.picocli;
    requires me.tongfei.progressbar;
    requires com.fasterxml.jackson.core;
    requires ejml.core;
    requires ejml.ddense;

    exports dev.stillpoint.trainer.data;
    exports dev.stillpoint.trainer.experiment;

    opens dev.stillpoint.trainer.cli to
            info.picocli;
}
