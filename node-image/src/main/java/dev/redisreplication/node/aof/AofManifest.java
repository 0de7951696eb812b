package dev.redisreplication.node.aof;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The list of files that make up an append-only directory, in the format of Redis 7: one line {@code file <name> seq <n>
 * type <b|i|h>} each.
 *
 * @param base the dump (or old-style log) the increments build on, or null
 * @param increments in their order
 */
record AofManifest(Part base, List<Part> increments) {
    /** One file of the directory. */
    record Part(String name, long sequence) {}

    static final AofManifest EMPTY = new AofManifest(null, List.of());

    /**
     * Reads the text of a manifest.
     *
     * @throws IOException naming the line that is wrong
     */
    static AofManifest parse(String text) throws IOException {
        Part base = null;
        List<Part> increments = new ArrayList<>();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] words = line.trim().split(" +", -1);
            boolean whole = words.length >= 6
                    && words[0].equals("file")
                    && words[2].equals("seq")
                    && words[3].matches("\\d{1,18}")
                    && words[4].equals("type");
            if (!whole || words[1].contains("/")) {
                throw new IOException("manifest, line " + number
                        + ": 'file NAME seq N type b|i|h' was expected, found '" + line.trim() + "'");
            }
            Part part = new Part(words[1], Long.parseLong(words[3]));
            switch (words[5]) {
                case "b" -> {
                    if (base != null) {
                        throw new IOException("manifest, line " + number + ": a second base");
                    }
                    base = part;
                }
                case "i" -> increments.add(part);
                case "h" -> {
                    // A file of the past that was not deleted yet: no data are in it any more.
                }
                default -> throw new IOException("manifest, line " + number + ": type '" + words[5] + "' is unknown");
            }
        }
        if (base == null && increments.isEmpty()) {
            throw new IOException("manifest: it names no file, so it is not whole");
        }
        return new AofManifest(base, List.copyOf(increments));
    }

    /** Reads the manifest {@code file}. */
    static AofManifest read(Path file) throws IOException {
        return parse(Files.readString(file, StandardCharsets.UTF_8));
    }

    /** The text of the manifest. */
    String text() {
        StringBuilder text = new StringBuilder();
        if (base != null) {
            line(text, base, 'b');
        }
        increments.forEach(part -> line(text, part, 'i'));
        return text.toString();
    }

    private static void line(StringBuilder text, Part part, char type) {
        text.append("file ")
                .append(part.name)
                .append(" seq ")
                .append(part.sequence)
                .append(" type ");
        text.append(type).append('\n');
    }

    /** The sequence number after the highest. */
    long nextSequence() {
        long highest = base == null ? 0 : base.sequence;
        for (Part part : increments) {
            highest = Math.max(highest, part.sequence);
        }
        return highest + 1;
    }

    /** This manifest and one more increment. */
    AofManifest with(Part increment) {
        List<Part> more = new ArrayList<>(increments);
        more.add(increment);
        return new AofManifest(base, List.copyOf(more));
    }

    /** Writes the manifest so that a crash leaves the old one or the new one. */
    void writeTo(Path file) throws IOException {
        Path fresh = file.resolveSibling("temp-" + file.getFileName());
        try (FileChannel channel = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(text().getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        syncDirectory(file.toAbsolutePath().getParent());
    }

    /** Makes renames in a directory last. */
    static void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
