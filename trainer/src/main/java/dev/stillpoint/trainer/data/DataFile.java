package dev.stillpoint.trainer.data;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/// A data file read whole, so that its checksum is that of the bytes that are used.
final class DataFile {
    private final String name;
    private final byte[] bytes;

    /// A file.
    ///
    /// @param name the file, for messages
    /// @param bytes its content, handed over
    DataFile(String name, byte[] bytes) {
        this.name = name;
        this.bytes = bytes;
    }

    /// Reads a file.
    ///
    /// @param content what the file should hold, for messages
    /// @param md5 the MD5 checksum that it must have, or null for any
    /// @throws NoSuchFileException when there is none
    /// @throws MalformedDataException when the checksum differs
    static DataFile read(Path file, String content, @Nullable String md5) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString(), null, "no such file, expected " + content);
        }
        DataFile read = new DataFile(file.toString(), Files.readAllBytes(file));
        if (md5 != null && !md5.equals(read.md5())) {
            throw read.malformed("its MD5 checksum is %s, expected %s as %s has".formatted(read.md5(), md5, content));
        }
        return read;
    }

    /// The file, for messages.
    String name() {
        return name;
    }

    /// The content as text of one byte a character.
    String text() {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private String md5() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has MD5", missing);
        }
    }

    /// What is gzipped in the file.
    ///
    /// @throws MalformedDataException when it is no whole gzip file, or anything follows
    byte[] gunzip() throws IOException {
        try (WholeGzip gzip = new WholeGzip(new ByteArrayInputStream(bytes), bytes.length)) {
            byte[] content = gzip.readAllBytes();
            if (gzip.excess() > 0) {
                throw malformed("%d bytes follow the gzip stream, expected none".formatted(gzip.excess()));
            }
            return content;
        } catch (ZipException | EOFException corrupt) {
            String reason = corrupt.getMessage() == null ? "it ends early" : corrupt.getMessage();
            throw new MalformedDataException(name, "not a whole gzip file: " + reason, corrupt);
        }
    }

    MalformedDataException malformed(String problem) {
        return new MalformedDataException(name, problem);
    }

    /// A gzip stream that knows what follows its last member, which the platform's ignores.
    private static final class WholeGzip extends GZIPInputStream {
        private static final int TRAILER = 8;

        /// The buffer takes the whole file, so that the inflater has seen all of it.
        WholeGzip(InputStream in, int size) throws IOException {
            super(in, Math.max(1, size));
        }

        int excess() {
            return inf.getRemaining() - TRAILER;
        }
    }
}
