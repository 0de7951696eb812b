package dev.redisreplication.node.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Directives of several words. */
final class WordLists {
    private static final Pattern INTEGER = Pattern.compile("0|-?[1-9][0-9]*");

    private WordLists() {}

    /** The words in canonical form. A single word with blanks in it (CONFIG SET, environment) is split first. */
    static String check(String name, List<String> given) throws ConfigException {
        List<String> words = given;
        if (given.size() == 1) {
            words = new ArrayList<>();
            for (String w : given.get(0).split(" ", -1)) {
                if (!w.isEmpty()) {
                    words.add(w);
                }
            }
        }
        switch (name) {
            case "save" -> checkSave(words);
            case "client-output-buffer-limit" -> {
                return String.join(" ", limits(Map.of(), words).values());
            }
            case "replicaof" -> {
                return replicaof(words);
            }
            case "oom-score-adj-values" -> checkNumbers(words, 3);
            case "shutdown-on-sigterm", "shutdown-on-sigint" -> checkShutdown(words);
            default -> {}
        }
        return String.join(" ", words);
    }

    private static void checkSave(List<String> words) throws ConfigException {
        try {
            boolean pairs = words.size() % 2 == 0 && words.size() <= 200;
            if (pairs && words.stream().allMatch(w -> Long.parseLong(w) > 0)) {
                return;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new ConfigException("Invalid save parameters");
    }

    private static void checkNumbers(List<String> words, int count) throws ConfigException {
        if (words.size() != count) {
            throw new ConfigException("wrong number of arguments");
        }
        for (String w : words) {
            integer(w);
        }
    }

    /** A number as Redis reads and writes it: decimal, with no other sign than a minus and no zero in front. */
    static long integer(String text) throws ConfigException {
        try {
            if (INTEGER.matcher(text).matches()) {
                return Long.parseLong(text);
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new ConfigException("argument couldn't be parsed into an integer");
    }

    private static String replicaof(List<String> words) throws ConfigException {
        if (words.isEmpty() || (words.size() == 2 && String.join(" ", words).equalsIgnoreCase("no one"))) {
            return "";
        }
        if (words.size() != 2) {
            throw new ConfigException("wrong number of arguments");
        }
        try {
            int port = Integer.parseInt(words.get(1));
            if (port >= 1 && port <= 65535) {
                return words.get(0) + " " + port;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new ConfigException("Invalid master port");
    }

    private static void checkShutdown(List<String> words) throws ConfigException {
        List<String> known = List.of("default", "save", "nosave", "now", "force");
        if (words.isEmpty() || !words.stream().allMatch(w -> known.contains(w.toLowerCase(Locale.ROOT)))) {
            throw new ConfigException("argument(s) must be one of the following: " + String.join(", ", known));
        }
        String all = String.join(" ", words).toLowerCase(Locale.ROOT) + " ";
        if (all.contains("nosave ") && all.replace("nosave ", "").contains("save ")) {
            throw new ConfigException("shutdown options SAVE and NOSAVE can't be used simultaneously");
        }
    }

    /** Class by class what {@code words} set over {@code before}: "normal" to "normal 0 0 0". */
    static Map<String, String> limits(Map<String, String> before, List<String> words) throws ConfigException {
        if (words.isEmpty() || words.size() % 4 != 0) {
            throw new ConfigException("Wrong number of arguments in buffer limit configuration.");
        }
        Map<String, String> all = new LinkedHashMap<>(before);
        for (int i = 0; i < words.size(); i += 4) {
            String kind = words.get(i).toLowerCase(Locale.ROOT);
            if (kind.equals("replica")) {
                kind = "slave";
            }
            long hard = MemorySize.parse(words.get(i + 1));
            long soft = MemorySize.parse(words.get(i + 2));
            long seconds = MemorySize.parse(words.get(i + 3));
            if (!List.of("normal", "slave", "pubsub").contains(kind)) {
                throw new ConfigException("Invalid client class specified in buffer limit configuration.");
            }
            if (hard < 0 || soft < 0 || seconds < 0) {
                throw new ConfigException("Error in hard, soft or soft_seconds setting in buffer limit configuration.");
            }
            all.put(kind, kind + " " + hard + " " + soft + " " + seconds);
        }
        return all;
    }
}
