package dev.redisreplication.node.config;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a line of redis.conf, or of a file with the same rules: bare words, "double quoted" with escapes (\n, \xff, ...),
 * 'single quoted' with \'.
 */
public final class Words {
    private Words() {}

    /** The words, or null when quotes do not match. */
    public static List<String> split(String line) {
        List<String> words = new ArrayList<>();
        int i = 0;
        while (true) {
            while (i < line.length() && Character.isWhitespace(line.charAt(i))) {
                i++;
            }
            if (i == line.length()) {
                return words;
            }
            StringBuilder word = new StringBuilder();
            i = word(line, i, word);
            if (i < 0) {
                return null;
            }
            words.add(word.toString());
        }
    }

    /** Reads one word from {@code i} on; returns the offset behind it, or -1. */
    private static int word(String line, int from, StringBuilder word) {
        int i = from;
        char quote = 0;
        while (i < line.length()) {
            char c = line.charAt(i);
            if (quote == 0) {
                if (Character.isWhitespace(c)) {
                    return i;
                }
                if (c == '"' || c == '\'') {
                    quote = c;
                } else {
                    word.append(c);
                }
                i++;
            } else if (c == quote) {
                boolean alone = i + 1 == line.length() || Character.isWhitespace(line.charAt(i + 1));
                return alone ? i + 1 : -1;
            } else if (c == '\\' && i + 1 < line.length()) {
                i = escape(line, i, quote, word);
            } else {
                word.append(c);
                i++;
            }
        }
        return quote == 0 ? i : -1;
    }

    private static int escape(String line, int i, char quote, StringBuilder word) {
        char next = line.charAt(i + 1);
        if (quote == '\'') {
            if (next == '\'') {
                word.append('\'');
                return i + 2;
            }
            word.append('\\');
            return i + 1;
        }
        if (next == 'x' && i + 3 < line.length()) {
            int high = Character.digit(line.charAt(i + 2), 16);
            int low = Character.digit(line.charAt(i + 3), 16);
            if (high >= 0 && low >= 0) {
                word.append((char) (high << 4 | low));
                return i + 4;
            }
        }
        word.append(
                switch (next) {
                    case 'n' -> '\n';
                    case 'r' -> '\r';
                    case 't' -> '\t';
                    case 'b' -> '\b';
                    case 'a' -> (char) 7;
                    default -> next;
                });
        return i + 2;
    }

    /** The word as it can stand in redis.conf. */
    static String quote(String word) {
        boolean plain = !word.isEmpty();
        for (int i = 0; i < word.length() && plain; i++) {
            char c = word.charAt(i);
            plain = c > ' ' && c < 0x7f && c != '"' && c != '\'' && c != '\\' && c != '#';
        }
        if (plain) {
            return word;
        }
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append(c);
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
