package dev.redisreplication.node.command.stream;

/**
 * How many nodes Redis' radix tree has over the same keys, the first ids of a stream's blocks: XINFO reports it, and clients
 * expect it. Such a tree has a node for each place where keys part, one for each stretch of bytes without a parting, and one at
 * the end of each key. The ids are to be added in ascending order.
 */
final class RadixShape {
    private static final int LAST_BYTE = 15;
    private static final int NONE = -1;

    /** Where the keys that may still be followed parted, as positions of bytes, ascending from the top of the tree. */
    private final int[] partings = new int[LAST_BYTE + 1];

    private int open;
    private int before = NONE;
    private long milliseconds;
    private long sequence;
    private long keys;
    private long nodes;

    /** The next id, greater than all before. */
    void add(long nextMilliseconds, long nextSequence) {
        if (keys++ > 0) {
            int parting = milliseconds != nextMilliseconds
                    ? Long.numberOfLeadingZeros(milliseconds ^ nextMilliseconds) / 8
                    : 8 + Long.numberOfLeadingZeros(sequence ^ nextSequence) / 8;
            nodes += stretch(Math.max(before, parting), LAST_BYTE + 1) + 1;
            close(parting);
            before = parting;
        }
        milliseconds = nextMilliseconds;
        sequence = nextSequence;
    }

    /** Counts the partings below this one, which no later key can reach, and opens this one. */
    private void close(int parting) {
        while (open > 0 && partings[open - 1] > parting) {
            int at = partings[--open];
            int above = Math.max(parting, open > 0 ? partings[open - 1] : NONE);
            nodes += stretch(above, at) + 1;
        }
        if (parting != NONE && (open == 0 || partings[open - 1] < parting)) {
            partings[open++] = parting;
        }
    }

    /** One node if there are bytes between a parting and what comes next. */
    private static int stretch(int parting, int next) {
        return next - parting > 1 ? 1 : 0;
    }

    long keys() {
        return keys;
    }

    /** Call it once, after the last key. An empty tree has a root. */
    long nodes() {
        if (keys == 0) {
            return 1;
        }
        long last = 1L + stretch(before, LAST_BYTE + 1);
        close(NONE);
        return nodes + last;
    }
}
