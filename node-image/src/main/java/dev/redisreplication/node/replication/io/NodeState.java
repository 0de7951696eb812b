package dev.redisreplication.node.replication.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** The file that keeps a managed node's term across restarts: one line, {@code term <n>}. */
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

    /** Keeps a term; when this returns it survives a crash of the machine. */
    void keep(long term) throws IOException {
        Path fresh = file.resolveSibling(NAME + ".new");
        try (FileChannel channel = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer line = ByteBuffer.wrap(("term " + term + "\n").getBytes(StandardCharsets.US_ASCII));
            while (line.hasRemaining()) {
                channel.write(line);
            }
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }
}
