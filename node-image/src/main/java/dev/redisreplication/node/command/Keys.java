package dev.redisreplication.node.command;

import dev.redisreplication.node.resp.Request;
import java.util.Arrays;

/**
 * Where the keys of a request stand among its arguments, and what the command does with them, as ranges: it takes no
 * memory by the number of keys. {@link CommandRow#findKeys} finds them. To be used again and again; not from several threads.
 */
public final class Keys {
    private static final int WIDTH = 4; // first, last, step, flags

    private int[] ranges = new int[WIDTH * 4];
    private int count;

    void clear() {
        count = 0;
    }

    /** Adds one key, at argument {@code i}. */
    public void add(int i, KeyFlag... flags) {
        add(i, i, 1, i + 1, KeyFlag.bits(flags));
    }

    /** Adds the arguments from {@code first} to {@code last}; false if not all of them are there. */
    boolean add(int first, int last, int step, int argc, int flags) {
        if (last >= argc || last < first) {
            return false;
        }
        int at = count * WIDTH;
        if (at == ranges.length) {
            ranges = Arrays.copyOf(ranges, 2 * at);
        }
        ranges[at] = first;
        ranges[at + 1] = last;
        ranges[at + 2] = step;
        ranges[at + 3] = flags;
        count++;
        return true;
    }

    /** Gives each key to {@code visitor}, in the order of the specifications. */
    public void each(Visitor visitor) {
        for (int at = 0; at < count * WIDTH; at += WIDTH) {
            for (int i = ranges[at]; i <= ranges[at + 1]; i += ranges[at + 2]) {
                visitor.key(i, ranges[at + 3]);
            }
        }
    }

    /** Number of ranges, which are asked for from 0 on. */
    public int ranges() {
        return count;
    }

    /** The argument that is the first key of a range. */
    public int first(int range) {
        return ranges[range * WIDTH];
    }

    /** The argument that is its last key, or behind which there is none. */
    public int last(int range) {
        return ranges[range * WIDTH + 1];
    }

    /** How far its keys are apart. */
    public int step(int range) {
        return ranges[range * WIDTH + 2];
    }

    /** Whether the data is read that users put there. */
    public boolean reads(int range) {
        return (ranges[range * WIDTH + 3] & KeyFlag.ACCESS.bit) != 0;
    }

    /** Whether the data is changed, added or removed that users put there. */
    public boolean writes(int range) {
        return (ranges[range * WIDTH + 3] & KeyFlag.CHANGES) != 0;
    }

    /** Number of keys. */
    public int size() {
        int size = 0;
        for (int at = 0; at < count * WIDTH; at += WIDTH) {
            size += (ranges[at + 1] - ranges[at]) / ranges[at + 2] + 1;
        }
        return size;
    }

    /** Is given keys. */
    @FunctionalInterface
    public interface Visitor {
        /** Argument {@code i} is a key; {@code flags} are bits of {@link KeyFlag}. */
        void key(int i, int flags);
    }

    /** Finds the keys of a command whose specifications do not suffice, such as SET, which reads only with GET. */
    @FunctionalInterface
    public interface Finder {
        /** Adds the keys of {@code request} to {@code keys}; none if its arguments are wrong. */
        void find(Request request, Keys keys);
    }
}
