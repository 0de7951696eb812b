package dev.redisreplication.kubectl.node;

import java.util.ArrayList;
import java.util.List;

/** The words of a line as redis-cli takes them: quotes of both kinds, escapes within double ones. */
final class Words {
    private static final String ESCAPES = "nrtba";
    private static final String MEANINGS = "\n\r\t\b\u0007";

    private Words() {}

    /** The words, or null when a quote is not closed. */
    static List<String> of(String line) {
        List<String> words = new ArrayList<>();
        int i = 0;
        while (i < line.length()) {
            if (Character.isWhitespace(line.charAt(i))) {
                i++;
                continue;
            }
            StringBuilder word = new StringBuilder();
            while (i < line.length() && !Character.isWhitespace(line.charAt(i))) {
                char c = line.charAt(i);
                if (c != '"' && c != '\'') {
                    word.append(c);
                    i++;
                    continue;
                }
                i = quotedPart(line, i + 1, c, word);
                if (i < 0) {
                    return null;
                }
            }
            words.add(word.toString());
        }
        return words;
    }

    /** Takes what stands up to the closing quote; gives the place behind it, or -1. */
    private static int quotedPart(String line, int from, char quote, StringBuilder word) {
        int i = from;
        while (i < line.length() && line.charAt(i) != quote) {
            char c = line.charAt(i);
            boolean escape = c == '\\' && i + 1 < line.length();
            if (escape && (quote == '"' || line.charAt(i + 1) == '\'')) {
                char next = line.charAt(i + 1);
                int known = quote == '"' ? ESCAPES.indexOf(next) : -1;
                word.append(known < 0 ? next : MEANINGS.charAt(known));
                i += 2;
            } else {
                word.append(c);
                i++;
            }
        }
        return i < line.length() ? i + 1 : -1;
    }

    /** Bytes, given as Latin-1, as redis-cli shows them on a terminal. */
    static String quoted(String bytes) {
        StringBuilder shown = new StringBuilder("\"");
        for (char c : bytes.toCharArray()) {
            int known = MEANINGS.indexOf(c);
            if (known >= 0) {
                shown.append('\\').append(ESCAPES.charAt(known));
            } else if (c == '"' || c == '\\') {
                shown.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                shown.append(String.format("\\x%02x", (int) c));
            } else {
                shown.append(c);
            }
        }
        return shown.append('"').toString();
    }
}
