package dev.redisreplication.node.config;

/** Patterns as Redis' stringmatchlen takes them: {@code *}, {@code ?}, {@code [a-z]}, {@code [^a]}, backslash. */
public final class Glob {
    private Glob() {}

    /** Whether the whole of {@code text} matches. */
    public static boolean matches(String pattern, String text) {
        return matches(pattern, 0, text, 0);
    }

    private static boolean matches(String pattern, int atPattern, String text, int atText) {
        int p = atPattern;
        int t = atText;
        while (p < pattern.length()) {
            char c = pattern.charAt(p);
            if (c == '*') {
                while (p + 1 < pattern.length() && pattern.charAt(p + 1) == '*') {
                    p++;
                }
                if (p + 1 == pattern.length()) {
                    return true;
                }
                for (int rest = t; rest <= text.length(); rest++) {
                    if (matches(pattern, p + 1, text, rest)) {
                        return true;
                    }
                }
                return false;
            }
            if (t == text.length()) {
                return false;
            }
            if (c == '[') {
                int close = classEnd(pattern, p);
                if (!inClass(pattern, p, close, text.charAt(t))) {
                    return false;
                }
                p = close;
            } else {
                if (c == '\\' && p + 1 < pattern.length()) {
                    p++;
                    c = pattern.charAt(p);
                    if (c != text.charAt(t)) {
                        return false;
                    }
                } else if (c != '?' && c != text.charAt(t)) {
                    return false;
                }
            }
            p++;
            t++;
        }
        return t == text.length();
    }

    /** Offset of the bracket that ends the class begun at {@code open}, or of the pattern's last character. */
    private static int classEnd(String pattern, int open) {
        int i = open + 1;
        while (i < pattern.length() && pattern.charAt(i) != ']') {
            i += pattern.charAt(i) == '\\' ? 2 : 1;
        }
        return Math.min(i, pattern.length() - 1);
    }

    private static boolean inClass(String pattern, int open, int close, char c) {
        int i = open + 1;
        boolean not = i < pattern.length() && pattern.charAt(i) == '^';
        if (not) {
            i++;
        }
        boolean found = false;
        int end = pattern.charAt(close) == ']' ? close : close + 1;
        while (i < end) {
            char from = pattern.charAt(i);
            if (from == '\\' && i + 1 < end) {
                found |= pattern.charAt(++i) == c;
            } else if (i + 2 < end && pattern.charAt(i + 1) == '-') {
                char to = pattern.charAt(i + 2);
                found |= c >= Math.min(from, to) && c <= Math.max(from, to);
                i += 2;
            } else {
                found |= from == c;
            }
            i++;
        }
        return found != not;
    }
}
