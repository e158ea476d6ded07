package dev.stillpoint.trainer.cli;

import java.lang.module.ModuleDescriptor;
import picocli.CommandLine.IVersionProvider;

/// The version, from the module descriptor.
final class VersionProvider implements IVersionProvider {
    VersionProvider() {}

    @Override
    public String[] getVersion() {
        return new String[] {"stillpoint " + version() + ", Java " + Runtime.version()};
    }

    static String version() {
        ModuleDescriptor descriptor = Main.class.getModule().getDescriptor();
        return descriptor == null ? "(unpackaged)" : descriptor.rawVersion().orElse("(no version)");
    }
}
