package dev.redisreplication.node.store;

/** The layout of the roots that tie several structures to one value; the {@code type} classes fill them. */
public final class Roots {
    /** Bytes of the root of a large sorted set. */
    public static final int ZSET = 16;
    /** In it: the table of members with their scores. */
    public static final int ZSET_TABLE = 0;
    /** In it: the tree whose leaves are arrays of (order of the score, address of the member's entry). */
    public static final int ZSET_TREE = 8;
    /** Bytes of a leaf of that tree. */
    public static final int ZSET_LEAF = 1024;

    /** Bytes of the root of a stream. */
    public static final int STREAM = 56;
    /** In it: the tree of blocks, 0 when the stream is empty. */
    public static final int STREAM_TREE = 0;
    /** In it: milliseconds and sequence of the largest id ever. */
    public static final int STREAM_LAST = 8;
    /** In it: how many entries were ever added. */
    public static final int STREAM_ADDED = 24;
    /** In it: milliseconds and sequence of the largest id deleted. */
    public static final int STREAM_DELETED = 32;

    private Roots() {}
}
