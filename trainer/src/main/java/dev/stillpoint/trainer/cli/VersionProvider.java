package dev.stillpoint.trainer.cli;

import picocli.CommandLine.IVersionProvider;

/// The version, from the module descriptor or the jar's manifest.
final class VersionProvider implements IVersionProvider {
    VersionProvider() {}

    @Override
    public String[] getVersion() {
        return new String[] {"stillpoint " + version() + ", Java " + Runtime.version()};
    }

    static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "(unpackaged)" : version;
    }
}
