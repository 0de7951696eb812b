package dev.redisreplication.node.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The documentation of commands, from the resource {@code commands.txt}, whose head says how it is written. Nobody needs it
 * to execute a command: it is read when a client asks for it first, and what is kept then is its text.
 */
public final class CommandDocs {
    private static CommandDocs all;

    private final Map<String, String> blocks = new HashMap<>();

    private CommandDocs(String text) {
        int begin = -1;
        int next;
        for (int line = 0; line < text.length(); line = next) {
            next = text.indexOf('\n', line) + 1;
            if (next == 0) {
                throw new IllegalStateException("commands.txt ends within a line");
            }
            if (text.charAt(line) != ' ') {
                add(text, begin, line);
                begin = text.charAt(line) == '#' ? -1 : line;
            }
        }
        add(text, begin, text.length());
    }

    private void add(String text, int begin, int end) {
        if (begin >= 0) {
            int name = text.indexOf('\n', begin);
            blocks.put(text.substring(begin, name), text.substring(name + 1, end));
        }
    }

    /** The documentation, read at the first call. On any thread. */
    public static synchronized CommandDocs read() {
        if (all == null) {
            try (InputStream in = CommandDocs.class.getResourceAsStream("commands.txt")) {
                all = new CommandDocs(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
            } catch (IOException e) {
                throw new UncheckedIOException("commands.txt", e);
            }
        }
        return all;
    }

    /** Whether anything is said of a command, which is so for all of Redis 7.0; {@code name} in lower case. */
    public boolean knows(String name) {
        return blocks.containsKey(name);
    }

    /**
     * What is said of a command.
     *
     * @param name as {@link CommandRow#name} says it
     * @throws IllegalStateException if there is nothing, or it is not written as it has to be
     */
    public Entry of(String name) {
        String block = blocks.get(name);
        if (block == null) {
            throw new IllegalStateException("commands.txt says nothing of " + name);
        }
        return new Entry(block);
    }

    /** The documentation of one command. */
    public static final class Entry {
        private final Map<String, List<String>> facts = new HashMap<>();
        private final Map<Integer, String> notes = new TreeMap<>();
        private final List<Argument> arguments = new ArrayList<>();

        private Entry(String block) {
            List<List<Argument>> open = new ArrayList<>(List.of(arguments)); // by depth
            for (String line : block.lines().toList()) {
                String fact = line.strip();
                int blank = fact.indexOf(' ');
                String kind = fact.substring(0, blank);
                String rest = fact.substring(blank + 1);
                if (kind.equals("arg")) {
                    int depth = line.indexOf("arg") / 2 - 1;
                    Argument argument = Argument.parse(rest);
                    open.get(depth).add(argument);
                    open.subList(depth + 1, open.size()).clear();
                    open.add(argument.parts());
                } else if (kind.equals("note")) {
                    int end = rest.indexOf(' ');
                    notes.put(Integer.valueOf(rest.substring(0, end)), rest.substring(end + 1));
                } else {
                    facts.computeIfAbsent(kind, k -> new ArrayList<>(1)).add(rest);
                }
            }
        }

        /** What it does, in a sentence. */
        public String summary() {
            return text("summary");
        }

        /** The version of Redis that brought it. */
        public String since() {
            return text("since");
        }

        /** The group it belongs to. */
        public String group() {
            return text("group");
        }

        /** What its time depends on; null if that is not said. */
        public String complexity() {
            return text("complexity");
        }

        /** The version that deprecated it, or null. */
        public String deprecatedSince() {
            return text("deprecated");
        }

        /** What to call instead, or null. */
        public String replacedBy() {
            return text("replaced");
        }

        /** What this server does otherwise than Redis, or null; for the page on commands. */
        public String here() {
            return text("here");
        }

        /** {@code deprecated}, {@code syscmd}. */
        public List<String> flags() {
            return texts("flag");
        }

        /** Hints for clients and proxies. */
        public List<String> tips() {
            return texts("tip");
        }

        /** Changes, each a version, a blank and what it changed. */
        public List<String> history() {
            return texts("history");
        }

        /** The remark on the key specification {@code index}, or null. */
        public String note(int index) {
            return notes.get(index);
        }

        /** Its arguments. */
        public List<Argument> arguments() {
            return arguments;
        }

        private List<String> texts(String kind) {
            return facts.getOrDefault(kind, List.of());
        }

        private String text(String kind) {
            List<String> texts = texts(kind);
            return texts.isEmpty() ? null : texts.getFirst();
        }
    }

    /**
     * An argument.
     *
     * @param type as Redis calls it: key, string, oneof, ...
     * @param attributes {@code key}, {@code token}, {@code since} and {@code deprecated}, as far as it has them
     * @param flags optional, multiple, multiple_token
     * @param parts what it consists of, or is one of
     */
    public record Argument(
            String name, String type, Map<String, String> attributes, List<String> flags, List<Argument> parts) {

        private static Argument parse(String text) {
            String[] words = text.split(" ", -1);
            Map<String, String> attributes = new HashMap<>();
            List<String> flags = new ArrayList<>(2);
            for (String word : Arrays.asList(words).subList(2, words.length)) {
                int equals = word.indexOf('=');
                if (equals < 0) {
                    flags.add(word);
                } else {
                    attributes.put(word.substring(0, equals), word.substring(equals + 1));
                }
            }
            return new Argument(words[0], words[1], attributes, flags, new ArrayList<>(0));
        }
    }
}
