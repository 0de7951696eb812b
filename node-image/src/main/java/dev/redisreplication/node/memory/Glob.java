package dev.redisreplication.node.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A glob-style pattern as KEYS and SCAN's MATCH take it: {@code *}, {@code ?}, {@code [abc]}, {@code [^a-c]}, {@code \x}.
 * A broken pattern is read as Redis reads it: a class without its end goes to the end of the pattern.
 *
 * @param pattern address of the pattern; valid while the command runs
 * @param length of the pattern
 */
public record Glob(long pattern, int length) {

    /** Whether a pattern takes some bytes as a whole. Not for the hot path: it copies both. */
    public static boolean matches(byte[] pattern, byte[] text) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment both = arena.allocate(pattern.length + text.length + 1L);
            MemorySegment.copy(pattern, 0, both, ValueLayout.JAVA_BYTE, 0, pattern.length);
            MemorySegment.copy(text, 0, both, ValueLayout.JAVA_BYTE, pattern.length, text.length);
            return new Glob(both.address(), pattern.length).matches(both.address() + pattern.length, text.length);
        }
    }

    /** As {@link #matches(byte[], byte[])}, for {@link ByteText}. */
    public static boolean matches(String pattern, String text) {
        return matches(ByteText.bytes(pattern), ByteText.bytes(text));
    }

    /** Whether the pattern takes everything. */
    public boolean takesAll() {
        return length == 1 && Memory.getByte(pattern) == '*';
    }

    /**
     * Whether the bytes match as a whole. Needs no more than pattern × text steps. Nothing at all is taken by the empty pattern
     * only, and not by stars: Redis has it so, but where it looks for {@link #takesAll} first.
     */
    public boolean matches(long text, int textLength) {
        if (textLength == 0) {
            return length == 0;
        }
        int p = 0;
        int t = 0;
        int afterStar = -1;
        int starTook = 0;
        while (t < textLength || p < length) {
            if (p < length && at(p) == '*') {
                afterStar = ++p;
                starTook = t;
                continue;
            }
            if (p < length && t < textLength && matchesOne(p, Memory.getUnsignedByte(text + t))) {
                p = next(p);
                t++;
                continue;
            }
            if (afterStar < 0 || starTook >= textLength) {
                return false;
            }
            p = afterStar;
            t = ++starTook;
        }
        return true;
    }

    private int at(int p) {
        return Memory.getUnsignedByte(pattern + p);
    }

    private boolean matchesOne(int p, int c) {
        return switch (at(p)) {
            case '?' -> true;
            case '[' -> inClass(p + 1, c);
            case '\\' -> p + 1 < length ? at(p + 1) == c : c == '\\';
            default -> at(p) == c;
        };
    }

    private boolean inClass(int from, int c) {
        int p = from;
        boolean negated = p < length && at(p) == '^';
        if (negated) {
            p++;
        }
        boolean found = false;
        while (p < length && at(p) != ']') {
            if (at(p) == '\\' && p + 1 < length) {
                found |= at(p + 1) == c;
                p += 2;
            } else if (p + 2 < length && at(p + 1) == '-') {
                int low = Math.min(at(p), at(p + 2));
                int high = Math.max(at(p), at(p + 2));
                found |= low <= c && c <= high;
                p += 3;
            } else {
                found |= at(p) == c;
                p++;
            }
        }
        return found != negated;
    }

    /** Where the piece of the pattern after the one at {@code p} begins. */
    private int next(int p) {
        if (at(p) == '\\' && p + 1 < length) {
            return p + 2;
        }
        if (at(p) != '[') {
            return p + 1;
        }
        int q = p + 1;
        if (q < length && at(q) == '^') {
            q++;
        }
        while (q < length && at(q) != ']') {
            if (at(q) == '\\' && q + 1 < length) {
                q += 2;
            } else {
                q += q + 2 < length && at(q + 1) == '-' ? 3 : 1;
            }
        }
        return Math.min(q + 1, length);
    }
}
