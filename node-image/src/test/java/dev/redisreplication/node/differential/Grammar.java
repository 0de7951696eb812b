package dev.redisreplication.node.differential;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Makes up commands from a grammar that reads like Redis' own documentation.
 *
 * <p>A line {@code name = a | b} defines a word; any other line is a command. In both, {@code <word>} stands for one of the
 * word's forms, {@code [x]} for x or nothing, {@code (a|b)} for one of them, {@code x...} for one to three times x, and
 * {@code ""} for the empty argument. Within an argument {@code \s} is a space, {@code \n} and {@code \r} are line breaks,
 * {@code \xNN} is a byte, and any other character behind a backslash stands for itself.
 */
final class Grammar {

    /** A piece of a command: appends its arguments. */
    private interface Node {
        void emit(List<String> to, RandomGenerator random);
    }

    private static final long SOON_MS = 900_000;
    private static final Pattern ESCAPE = Pattern.compile("\0(x[0-9a-f]{2}|.)");

    private final Map<String, Node> words = new HashMap<>();
    private final List<Node> commands = new ArrayList<>();

    /** Reads the grammars of these command groups. */
    static Grammar load(List<String> groups) throws IOException {
        Grammar grammar = new Grammar();
        grammar.read("words");
        for (String group : groups) {
            grammar.read(group);
        }
        return grammar;
    }

    private void read(String name) throws IOException {
        try (InputStream in = Grammar.class.getResourceAsStream("/differential/grammar/" + name + ".txt")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            text.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .forEach(this::define);
        }
    }

    private void define(String line) {
        int equals = line.indexOf(" = ");
        if (equals > 0 && line.substring(0, equals).matches("[a-z-]+")) {
            words.put(line.substring(0, equals), new Parser(line.substring(equals + 3)).choice());
        } else {
            commands.add(new Parser(line).choice());
        }
    }

    /** All that a word without arguments of its own can become, found by trying. */
    List<String> forms(String word) {
        RandomGenerator random = new SplittableRandom(1);
        TreeSet<String> found = new TreeSet<>();
        for (int i = 0; i < 1000; i++) {
            List<String> one = new ArrayList<>();
            words.get(word).emit(one, random);
            found.addAll(one);
        }
        return List.copyOf(found);
    }

    /** One command as the grammar has it. */
    List<String> plain(RandomGenerator random) {
        List<String> arguments = new ArrayList<>();
        commands.get(random.nextInt(commands.size())).emit(arguments, random);
        return arguments;
    }

    /**
     * One command; about one in twelve has an argument too many, too few, or in the wrong place. None gives a key a time that may
     * come to its end while two servers are compared.
     */
    List<String> next(RandomGenerator random) {
        while (true) {
            List<String> arguments = plain(random);
            if (random.nextInt(12) == 0) {
                spoil(arguments, random);
            }
            if (!endsSoon(arguments)) {
                return arguments;
            }
        }
    }

    private static boolean endsSoon(List<String> arguments) {
        return switch (Commands.name(arguments)) {
            case "EXPIRE", "SETEX", "HEXPIRE" -> isSoon(arguments, 2, 1000);
            case "PEXPIRE", "PSETEX", "HPEXPIRE" -> isSoon(arguments, 2, 1);
            case "SET", "GETEX", "HGETEX", "HSETEX" ->
                IntStream.range(2, arguments.size())
                        .anyMatch(i -> arguments.get(i).equalsIgnoreCase("EX") && isSoon(arguments, i + 1, 1000)
                                || arguments.get(i).equalsIgnoreCase("PX") && isSoon(arguments, i + 1, 1));
            default -> false;
        };
    }

    private static boolean isSoon(List<String> arguments, int at, long unit) {
        if (at >= arguments.size() || !arguments.get(at).matches("[1-9]\\d{0,11}")) {
            return false;
        }
        long millis = Long.parseLong(arguments.get(at)) * unit;
        return millis > 0 && millis < SOON_MS;
    }

    private static void spoil(List<String> arguments, RandomGenerator random) {
        int at = random.nextInt(arguments.size());
        switch (at == 0 ? 1 : random.nextInt(4)) {
            case 0 -> arguments.remove(at);
            case 1 -> arguments.add(arguments.getLast());
            case 2 -> arguments.set(at, arguments.get(random.nextInt(arguments.size())));
            default -> arguments.set(at, arguments.get(at).toLowerCase(Locale.ROOT));
        }
    }

    private static String unescaped(String escape) {
        return switch (escape.charAt(0)) {
            case 's' -> " ";
            case 'n' -> "\n";
            case 'r' -> "\r";
            case 'x' -> "" + (char) Integer.parseInt(escape, 1, 3, 16);
            default -> escape;
        };
    }

    /** Recursive descent over one line. */
    private final class Parser {
        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
        }

        Node choice() {
            List<Node> forms = new ArrayList<>();
            forms.add(sequence());
            while (at < text.length() && text.charAt(at) == '|') {
                at++;
                forms.add(sequence());
            }
            return forms.size() == 1
                    ? forms.getFirst()
                    : (to, random) -> forms.get(random.nextInt(forms.size())).emit(to, random);
        }

        private Node sequence() {
            List<Node> parts = new ArrayList<>();
            while (at < text.length() && "|)]".indexOf(text.charAt(at)) < 0) {
                if (text.charAt(at) == ' ') {
                    at++;
                } else {
                    parts.add(part());
                }
            }
            return (to, random) -> parts.forEach(part -> part.emit(to, random));
        }

        private Node part() {
            Node one = one();
            if (!text.startsWith("...", at)) {
                return one;
            }
            at += 3;
            return (to, random) -> {
                for (int times = 1 + random.nextInt(3); times > 0; times--) {
                    one.emit(to, random);
                }
            };
        }

        private Node one() {
            return switch (text.charAt(at)) {
                case '(' -> enclosed();
                case '[' -> {
                    Node inner = enclosed();
                    yield (to, random) -> {
                        if (random.nextBoolean()) {
                            inner.emit(to, random);
                        }
                    };
                }
                case '<' -> {
                    int end = text.indexOf('>', at);
                    String word = text.substring(at + 1, end);
                    at = end + 1;
                    yield (to, random) -> words.get(word).emit(to, random);
                }
                default -> {
                    String literal = literal();
                    yield (to, random) -> to.add(literal);
                }
            };
        }

        private Node enclosed() {
            at++;
            Node inner = choice();
            at++;
            return inner;
        }

        private String literal() {
            int start = at;
            while (at < text.length() && " |()[]<".indexOf(text.charAt(at)) < 0 && !text.startsWith("...", at)) {
                at += text.charAt(at) == '\\' ? 2 : 1;
            }
            String literal = Commands.parse(text.substring(start, at).replace("\\", "\0"))
                    .getFirst();
            return ESCAPE.matcher(literal).replaceAll(escape -> Matcher.quoteReplacement(unescaped(escape.group(1))));
        }
    }
}
