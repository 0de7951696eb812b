package dev.redisreplication.node.replication.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/**
 * The file that keeps a managed node's term across restarts: one line, {@code term <n>}, filled up with blanks to a length
 * that every term has. A node whose disk is full must still be able to step down: then the line, which is far shorter than a
 * sector, is written over the one before.
 */
final class NodeState {
    private static final String NAME = "node.state";

    private final Path file;

    NodeState(Path directory) {
        this.file = directory.resolve(NAME);
    }

    /**
     * The term that was kept, 0 when there is none.
     *
     * @throws IOException when the file is not what {@link #keep} wrote: guessing a term would be dangerous
     */
    long term() throws IOException {
        if (!Files.exists(file)) {
            return 0;
        }
        String text = Files.readString(file, StandardCharsets.US_ASCII).strip();
        if (!text.matches("term \\d{1,18}")) {
            throw new IOException(file + ": 'term <n>' was expected, found '" + text + "'");
        }
        return Long.parseLong(text.substring(5));
    }

    /** Sees to it that there is a file, while the disk may still have room for one. */
    void prepare() throws IOException {
        if (!Files.exists(file)) {
            replace(line(0));
        }
    }

    /** Keeps a term; when this returns it survives a crash of the machine. */
    void keep(long term) throws IOException {
        try {
            replace(line(term));
        } catch (IOException e) {
            try {
                overwrite(line(term));
            } catch (IOException again) {
                e.addSuppressed(again);
                throw e;
            }
        }
    }

    private static ByteBuffer line(long term) {
        return ByteBuffer.wrap(String.format(Locale.ROOT, "term %-18d\n", term).getBytes(StandardCharsets.US_ASCII));
    }

    private void overwrite(ByteBuffer line) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            write(channel, line);
        }
    }

    private static void write(FileChannel channel, ByteBuffer line) throws IOException {
        while (line.hasRemaining()) {
            channel.write(line);
        }
        channel.force(true);
    }

    private void replace(ByteBuffer line) throws IOException {
        Path fresh = file.resolveSibling(NAME + ".new");
        try (FileChannel channel = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            write(channel, line);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }
}
