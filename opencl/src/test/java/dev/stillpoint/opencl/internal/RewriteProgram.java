package dev.stillpoint.opencl.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;

/// A program that writes one file of a cache again and again, with a new binary each time, and reads it before
/// each time. It prints how often it read one; a file that is not whole ends it with an exception.
public final class RewriteProgram {
    static final String DIRECTORY = "stillpoint.test.directory";
    static final int TIMES = 100;

    private static final int LONGEST = 1 << 20;

    private RewriteProgram() {}

    /// The program.
    ///
    /// @throws IOException when a file cannot be read or written, or is not whole
    public static void main(String[] arguments) throws IOException {
        ProgramDirectory directory = new ProgramDirectory(Path.of(System.getProperty(DIRECTORY)), 1L << 28);
        long seed = ProcessHandle.current().pid();
        Random random = new Random(seed);
        int read = 0;
        for (int i = 0; i < TIMES; i++) {
            Optional<byte[]> before = directory.read(key());
            read += before.isPresent() ? 1 : 0;
            byte[] binary = new byte[random.nextInt(LONGEST)];
            random.nextBytes(binary);
            directory.write(key(), binary);
        }
        System.out.println(read);
    }

    static ProgramKey key() {
        return ProgramKey.of("V", Descriptions.named("device"), "source", "options");
    }
}
