package dev.redisreplication.node.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The checks of directives of several words; each returns the canonical form. */
final class WordLists {
    private static final Pattern INTEGER = Pattern.compile("0|-?[1-9][0-9]*");

    private static final Pattern PERCENTILE = Pattern.compile("[-+]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)(e[-+]?[0-9]{1,3})?");

    private WordLists() {}

    /** The words; a single one with blanks in it (CONFIG SET, environment) is split. */
    static List<String> split(List<String> given) {
        if (given.size() != 1) {
            return given;
        }
        List<String> words = new ArrayList<>();
        for (String w : given.get(0).split(" ", -1)) {
            if (!w.isEmpty()) {
                words.add(w);
            }
        }
        return words;
    }

    static String save(List<String> words) throws ConfigException {
        try {
            boolean pairs = words.size() % 2 == 0 && words.size() <= 200;
            if (pairs && words.stream().allMatch(w -> Long.parseLong(w) > 0)) {
                return String.join(" ", words);
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new ConfigException("Invalid save parameters");
    }

    static String percentiles(List<String> words) throws ConfigException {
        for (String word : words) {
            if (!PERCENTILE.matcher(word).matches()) {
                throw new ConfigException("Invalid latency-tracking-info-percentiles parameters");
            }
            double percent = Double.parseDouble(word);
            if (percent < 0 || percent > 100) {
                throw new ConfigException(
                        "latency-tracking-info-percentiles parameters should sit between [0.0,100.0]");
            }
        }
        return String.join(" ", words);
    }

    static String numbers(List<String> words, int count) throws ConfigException {
        if (words.size() != count) {
            throw new ConfigException("wrong number of arguments");
        }
        for (String w : words) {
            integer(w);
        }
        return String.join(" ", words);
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

    static String replicaof(List<String> words) throws ConfigException {
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

    static String shutdown(List<String> words) throws ConfigException {
        List<String> known = List.of("default", "save", "nosave", "now", "force");
        if (words.isEmpty() || !words.stream().allMatch(w -> known.contains(w.toLowerCase(Locale.ROOT)))) {
            throw new ConfigException("argument(s) must be one of the following: " + String.join(", ", known));
        }
        String all = String.join(" ", words).toLowerCase(Locale.ROOT) + " ";
        if (all.contains("nosave ") && all.replace("nosave ", "").contains("save ")) {
            throw new ConfigException("shutdown options SAVE and NOSAVE can't be used simultaneously");
        }
        return String.join(" ", words);
    }
}
