package dev.redisreplication.node.aof;

import dev.redisreplication.node.config.Words;
import dev.redisreplication.node.disk.Disk;
import dev.redisreplication.node.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The list of files that make up an append-only directory, in the format of Redis 7: one line {@code file <name> seq <n>
 * type <b|i|h>} each. What Redis refuses to read is refused here.
 *
 * @param base the dump (or old-style log) the increments build on, or null
 * @param history files that held data before and are to be deleted
 * @param increments in their order
 */
record AofManifest(Part base, List<Part> history, List<Part> increments) {
    /** One file of the directory. */
    record Part(String name, long sequence) {}

    static final AofManifest EMPTY = new AofManifest(null, List.of(), List.of());

    private static final int LONGEST_LINE = 1024;

    AofManifest {
        history = List.copyOf(history);
        increments = List.copyOf(increments);
    }

    // ---- reading

    /**
     * Reads the text of a manifest, each of its bytes as one character.
     *
     * @throws IOException naming the line that is wrong
     */
    static AofManifest parse(String text) throws IOException {
        if (text.isEmpty()) {
            throw new IOException("manifest: it is empty, so it is not whole");
        }
        Reader reader = new Reader();
        int from = 0;
        for (int number = 1; from < text.length(); number++) {
            int end = text.indexOf('\n', from);
            boolean comment = text.charAt(from) == '#';
            String line = text.substring(from, end < 0 ? text.length() : end);
            if (line.length() >= LONGEST_LINE) {
                throw new IOException("manifest, line " + number + ": it is longer than 1023 bytes");
            }
            if (!comment) {
                if (end < 0) {
                    throw new IOException("manifest, line " + number + ": it has no end, so the file is not whole");
                }
                try {
                    reader.line(line.strip());
                } catch (IOException e) {
                    throw new IOException(
                            "manifest, line " + number + ": " + e.getMessage() + ", found '" + line.strip() + "'", e);
                }
            }
            from = end < 0 ? text.length() : end + 1;
        }
        return reader.manifest();
    }

    private static final class Reader {
        private Part base;
        private final List<Part> history = new ArrayList<>();
        private final List<Part> increments = new ArrayList<>();

        void line(String line) throws IOException {
            List<String> words = Words.split(line);
            if (words == null || words.size() < 6 || words.size() % 2 != 0) {
                throw new IOException("'file NAME seq N type b|i|h' was expected");
            }
            String name = "";
            String sequence = "";
            String type = "";
            for (int i = 0; i < words.size(); i += 2) {
                String value = words.get(i + 1);
                switch (words.get(i).toLowerCase(Locale.ROOT)) {
                    case "file" -> name = utf8(value);
                    case "seq" -> sequence = value;
                    case "type" -> type = value;
                    default -> {
                        // A field of a later version; Redis passes it by.
                    }
                }
            }
            if (name.isEmpty() || type.isEmpty() || !sequence.matches("0*[1-9]\\d{0,17}")) {
                throw new IOException("'file NAME seq N type b|i|h' was expected");
            }
            if (name.indexOf('/') >= 0 || name.indexOf('\\') >= 0 || name.equals(".") || name.equals("..")) {
                throw new IOException("a file can't be a path, just a file name");
            }
            add(new Part(name, Long.parseLong(sequence)), type.charAt(0));
        }

        private void add(Part part, char type) throws IOException {
            switch (type) {
                case 'b' -> {
                    if (base != null) {
                        throw new IOException("a second base");
                    }
                    base = part;
                }
                case 'i' -> {
                    if (!increments.isEmpty() && part.sequence <= increments.getLast().sequence) {
                        throw new IOException("a sequence number that does not grow");
                    }
                    increments.add(part);
                }
                case 'h' -> history.add(part);
                default -> throw new IOException("an unknown type");
            }
        }

        AofManifest manifest() throws IOException {
            if (base == null && increments.isEmpty()) {
                throw new IOException("manifest: it names no file with data, so it is not whole");
            }
            return new AofManifest(base, history, increments);
        }
    }

    private static String utf8(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** Reads the manifest {@code file}. */
    static AofManifest read(Path file) throws IOException {
        return parse(Files.readString(file, StandardCharsets.ISO_8859_1));
    }

    // ---- writing

    /** The text of the manifest, in ASCII: base, history, increments, as Redis orders them. */
    String text() {
        StringBuilder text = new StringBuilder();
        if (base != null) {
            line(text, base, 'b');
        }
        history.forEach(part -> line(text, part, 'h'));
        increments.forEach(part -> line(text, part, 'i'));
        return text.toString();
    }

    private static void line(StringBuilder text, Part part, char type) {
        text.append("file ")
                .append(quoted(part.name))
                .append(" seq ")
                .append(part.sequence)
                .append(" type ");
        text.append(type).append('\n');
    }

    /** A name as Redis writes it (sdscatrepr): as it is where that can be read back, else quoted with escapes. */
    static String quoted(String name) {
        boolean plain = true;
        StringBuilder quoted = new StringBuilder("\"");
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean printable = c >= ' ' && c < 0x7f;
            plain &= printable && c != ' ' && c != '"' && c != '\'' && c != '\\';
            switch (c) {
                case '\\', '"' -> quoted.append('\\').append(c);
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                case 7 -> quoted.append("\\a");
                case '\b' -> quoted.append("\\b");
                default -> {
                    if (printable) {
                        quoted.append(c);
                    } else {
                        quoted.append(String.format(Locale.ROOT, "\\x%02x", (int) c));
                    }
                }
            }
        }
        return plain ? name : quoted.append('"').toString();
    }

    /**
     * Puts this manifest in the place of {@code file}, and has it outlive a crash of the machine. When that fails in the
     * middle, {@code before} is put back, so that the one on disk is again the one that the caller goes on with.
     *
     * @param before what is on disk, null for nothing
     * @throws Unsettled when which of the two is on disk is not known
     */
    void replace(Disk disk, Path file, AofManifest before) throws IOException {
        try {
            rename(disk, file);
        } catch (IOException e) {
            delete(disk, temporary(file));
            throw e;
        }
        try {
            disk.sync(file.getParent());
        } catch (IOException e) {
            try {
                if (before != null) {
                    before.rename(disk, file);
                } else {
                    disk.delete(file);
                }
                disk.sync(file.getParent());
            } catch (IOException again) {
                e.addSuppressed(again);
                throw new Unsettled(e);
            }
            throw e;
        }
    }

    /** Neither the new manifest nor the old one is known to be on disk. */
    static final class Unsettled extends IOException {
        private static final long serialVersionUID = 1;

        Unsettled(IOException cause) {
            super("which manifest is on disk is not known: " + cause.getMessage(), cause);
        }
    }

    private void rename(Disk disk, Path file) throws IOException {
        Path fresh = temporary(file);
        try (DiskFile out = disk.create(fresh)) {
            out.writeAll(ByteBuffer.wrap(text().getBytes(StandardCharsets.US_ASCII)));
            out.force();
        }
        disk.rename(fresh, file);
    }

    static Path temporary(Path file) {
        return file.resolveSibling("temp-" + file.getFileName());
    }

    private static void delete(Disk disk, Path file) {
        try {
            disk.delete(file);
        } catch (IOException e) {
            // It is written anew with the next manifest.
        }
    }

    // ---- what follows from it

    /** The files that hold data, in the order of loading. */
    List<Part> data() {
        List<Part> parts = new ArrayList<>();
        if (base != null) {
            parts.add(base);
        }
        parts.addAll(increments);
        return parts;
    }

    /** The sequence number of the base; 0 when there is none. */
    long lastBase() {
        return base == null ? 0 : base.sequence;
    }

    /** The sequence number of the last increment; 0 when there is none. */
    long lastIncrement() {
        return increments.isEmpty() ? 0 : increments.getLast().sequence;
    }

    /** This manifest and one more increment. */
    AofManifest with(Part increment) {
        List<Part> more = new ArrayList<>(increments);
        more.add(increment);
        return new AofManifest(base, history, more);
    }

    /** A manifest with these data; what held data before, and {@code strays}, become history. */
    AofManifest rebased(Part newBase, List<Part> newIncrements, List<Part> strays) {
        Set<Part> kept = new HashSet<>(newIncrements);
        List<Part> past = new ArrayList<>(history);
        Stream.concat(data().stream(), strays.stream())
                .filter(part -> !kept.contains(part) && !history.contains(part))
                .distinct()
                .forEach(past::add);
        return new AofManifest(newBase, past, newIncrements);
    }

    /** The same without its history. */
    AofManifest withoutHistory() {
        return new AofManifest(base, List.of(), increments);
    }
}
