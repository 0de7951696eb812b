package dev.redisreplication.node.acl;

import dev.redisreplication.node.memory.ByteText;
import dev.redisreplication.node.memory.Glob;
import dev.redisreplication.node.memory.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A glob-style pattern that is kept, for keys or channels. The bytes are outside of the heap, as the matcher wants them, and go with
 * this object.
 */
final class Pattern {
    private static final String SPECIAL = "*?[\\";

    private final String text;
    private final MemorySegment bytes;
    private final Glob glob;
    /** How long the part is in front of a star at the end, if that is the only special character; else -1. */
    private final int prefix;

    Pattern(String text) {
        this.text = text;
        byte[] copy = ByteText.bytes(text);
        this.bytes = Arena.ofAuto().allocate(Math.max(1, copy.length));
        MemorySegment.copy(MemorySegment.ofArray(copy), 0, bytes, 0, copy.length);
        this.glob = new Glob(bytes.address(), copy.length);
        this.prefix = isPrefix(text) ? copy.length - 1 : -1;
    }

    private static boolean isPrefix(String text) {
        for (int i = 0; i < text.length() - 1; i++) {
            if (SPECIAL.indexOf(text.charAt(i)) >= 0) {
                return false;
            }
        }
        return text.endsWith("*") && text.length() > 1;
    }

    String text() {
        return text;
    }

    /** Where its bytes are, as long as it is kept. */
    long address() {
        return glob.pattern();
    }

    int length() {
        return glob.length();
    }

    /** Whether it takes these bytes. */
    boolean matches(long address, int length) {
        if (prefix > 0) {
            return length >= prefix && Memory.equal(address, bytes.address(), prefix);
        }
        return glob.matches(address, length);
    }

    /** Whether these bytes are the pattern itself. */
    boolean is(long address, int length) {
        return length == glob.length() && Memory.equal(address, bytes.address(), length);
    }
}
