package dev.redisreplication.node.command;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * What a command does with keys: one of RO, RW, OW and RM says it of the value with all that belongs to it (type, length,
 * time to live), and ACCESS, UPDATE, INSERT and DELETE say it of the data that users put there.
 */
public enum KeyFlag {
    /** Read only. */
    RO,
    /** Read and written. */
    RW,
    /** Overwritten, whatever was there. */
    OW,
    /** Removed. */
    RM,
    /** Data is returned, copied or used. */
    ACCESS,
    /** Data is changed. */
    UPDATE,
    /** Data is added, and none is changed. */
    INSERT,
    /** Data is removed. */
    DELETE,
    /** It is no key, but routed in a cluster as one: a shard channel. */
    NOT_KEY,
    /** The specification does not find all keys: a function does. */
    INCOMPLETE,
    /** What is done with the keys depends on other arguments: a function says it. */
    VARIABLE_FLAGS;

    static final int CHANGES = UPDATE.bit | INSERT.bit | DELETE.bit;

    final int bit = 1 << ordinal();

    /** As COMMAND INFO prints it. */
    public String text() {
        return ordinal() <= RM.ordinal() ? name() : name().toLowerCase(Locale.ROOT);
    }

    /** The flags of {@code bits}. */
    public static Set<KeyFlag> of(int bits) {
        EnumSet<KeyFlag> all = EnumSet.noneOf(KeyFlag.class);
        for (KeyFlag flag : values()) {
            if ((bits & flag.bit) != 0) {
                all.add(flag);
            }
        }
        return all;
    }

    static int bits(KeyFlag... flags) {
        int bits = 0;
        for (KeyFlag flag : flags) {
            bits |= flag.bit;
        }
        return bits;
    }
}
