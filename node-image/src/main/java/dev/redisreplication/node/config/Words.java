package dev.redisreplication.node.config;

import dev.redisreplication.node.memory.ByteText;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits a line of redis.conf, or of a file with the same rules: bare words, "double quoted" with escapes (\n, \xff, ...),
 * 'single quoted' with \'.
 */
public final class Words {
    private Words() {}

    /** What C's {@code isspace} says: other blanks may be part of a password. */
    private static boolean isBlank(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    /** A line without the blanks at its ends. */
    static String trim(String line) {
        int from = 0;
        int to = line.length();
        while (from < to && isBlank(line.charAt(from))) {
            from++;
        }
        while (from < to && isBlank(line.charAt(to - 1))) {
            to--;
        }
        return line.substring(from, to);
    }

    /** The words, or null when quotes do not match. */
    public static List<String> split(String line) {
        List<String> words = new ArrayList<>();
        int i = 0;
        while (true) {
            while (i < line.length() && isBlank(line.charAt(i))) {
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
                if (isBlank(c)) {
                    return i;
                }
                if (c == '"' || c == '\'') {
                    quote = c;
                } else {
                    word.append(c);
                }
                i++;
            } else if (c == quote) {
                boolean alone = i + 1 == line.length() || isBlank(line.charAt(i + 1));
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
    public static String quote(String word) {
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
            char before = i == 0 ? 0 : word.charAt(i - 1);
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append(c);
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                    // A byte that is not UTF-8 as such: the file stays text.
                    if (c < ' ' || c == 0x7f || (ByteText.isEscape(c) && !Character.isHighSurrogate(before))) {
                        quoted.append(String.format("\\x%02x", c & 0xff));
                    } else {
                        quoted.append(c);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }
}
