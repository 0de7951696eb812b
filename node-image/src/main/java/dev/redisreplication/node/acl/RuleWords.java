package dev.redisreplication.node.acl;

import java.util.ArrayList;
import java.util.List;

/** The words that rules are made of. */
final class RuleWords {
    private RuleWords() {}

    /** Whether there is a blank or a NUL in it, which no name and no pattern may have. */
    static boolean hasBlank(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ' ' || (c >= '\t' && c <= '\r') || c == '\0') {
                return true;
            }
        }
        return false;
    }

    static String asciiUpper(String text) {
        StringBuilder upper = new StringBuilder(text);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            upper.setCharAt(i, c >= 'a' && c <= 'z' ? (char) (c - 32) : c);
        }
        return upper.toString();
    }

    static String asciiLower(String text) {
        StringBuilder lower = new StringBuilder(text);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            lower.setCharAt(i, c >= 'A' && c <= 'Z' ? (char) (c + 32) : c);
        }
        return lower.toString();
    }

    /**
     * The rules among {@code words}: what stands in parentheses is one.
     *
     * @throws Unmatched when a parenthesis is not closed
     */
    static List<String> rules(List<String> words) throws Unmatched {
        List<String> rules = new ArrayList<>();
        StringBuilder selector = null;
        String start = "";
        for (String word : words) {
            if (word.startsWith("(") && !word.endsWith(")")) { // as in Redis, one that is open is forgotten then
                selector = new StringBuilder(word);
                start = word;
            } else if (selector == null) {
                rules.add(word);
            } else {
                selector.append(' ').append(word);
                if (word.endsWith(")")) {
                    rules.add(selector.toString());
                    selector = null;
                }
            }
        }
        if (selector != null) {
            throw new Unmatched(start);
        }
        return rules;
    }

    /** A parenthesis that is not closed. */
    static final class Unmatched extends Exception {
        private static final long serialVersionUID = 1L;

        Unmatched(String start) {
            super(start, null, false, false);
        }
    }
}
