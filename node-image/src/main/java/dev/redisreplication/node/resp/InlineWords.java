package dev.redisreplication.node.resp;

import dev.redisreplication.node.memory.Memory;

/**
 * Splits a line into words the way Redis' sdssplitargs does: "double quoted" with escapes, 'single quoted', or bare.
 * Escapes are resolved in place: a word never gets longer by it.
 */
final class InlineWords {
    private InlineWords() {}

    /** Adds the words of the line to {@code into}; false when quotes do not match. */
    static boolean split(long base, int length, Request into) {
        int i = 0;
        while (true) {
            while (i < length && space(base, i)) {
                i++;
            }
            if (i == length) {
                return true;
            }
            int to = i;
            int start = i;
            int quote = 0;
            boolean closed = false;
            while (i < length) {
                int c = Memory.getByte(base + i);
                if (quote == 0) {
                    if (space(base, i) || c == 0) {
                        break;
                    }
                    if (c == '"' || c == '\'') {
                        quote = c;
                    } else {
                        Memory.putByte(base + to++, c);
                    }
                    i++;
                } else if (c == quote) {
                    i++;
                    if (i < length && !space(base, i)) {
                        return false; // a closing quote needs a blank behind it
                    }
                    closed = true;
                    break;
                } else if (c == '\\' && i + 1 < length) {
                    i += unescape(base, i, length, quote, to);
                    to++;
                } else {
                    Memory.putByte(base + to++, c);
                    i++;
                }
            }
            if (quote != 0 && !closed) {
                return false;
            }
            into.add(start, to - start);
            if (i < length && Memory.getByte(base + i) == 0) {
                return true; // as for a C string, the line ends here
            }
        }
    }

    /** Puts the character that the backslash at {@code i} stands for to {@code to}; tells how many bytes it took. */
    private static int unescape(long base, int i, int length, int quote, int to) {
        int next = Memory.getByte(base + i + 1);
        if (quote == '\'') {
            if (next == '\'') {
                Memory.putByte(base + to, '\'');
                return 2;
            }
            Memory.putByte(base + to, '\\');
            return 1;
        }
        if (next == 'x' && i + 3 < length) {
            int high = Character.digit(Memory.getByte(base + i + 2), 16);
            int low = Character.digit(Memory.getByte(base + i + 3), 16);
            if (high >= 0 && low >= 0) {
                Memory.putByte(base + to, high << 4 | low);
                return 4;
            }
        }
        int plain =
                switch (next) {
                    case 'n' -> '\n';
                    case 'r' -> '\r';
                    case 't' -> '\t';
                    case 'b' -> '\b';
                    case 'a' -> 7;
                    default -> next;
                };
        Memory.putByte(base + to, plain);
        return 2;
    }

    private static boolean space(long base, int i) {
        int c = Memory.getByte(base + i);
        return c == ' ' || (c >= '\t' && c <= '\r');
    }
}
