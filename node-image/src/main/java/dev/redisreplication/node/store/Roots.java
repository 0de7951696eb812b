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
    /** In it: the {@link Directory} of consumer groups, 0 when there are none. */
    public static final int STREAM_GROUPS = 48;

    /** Bytes before the name of a consumer group, which is a {@link Named} record. */
    public static final int GROUP = 48;
    /** In it: milliseconds and sequence of the last id that was delivered. */
    public static final int GROUP_LAST = 8;
    /** In it: how many entries were read, or -1 for not known. */
    public static final int GROUP_READ = 24;
    /** In it: the tree of blocks of pending entries, 0 when there are none. */
    public static final int GROUP_PENDING = 32;
    /** In it: the directory of consumers, 0 when there are none. */
    public static final int GROUP_CONSUMERS = 40;

    /** Bytes before the name of a consumer, which is a {@link Named} record. */
    public static final int CONSUMER = 32;
    /** In it: when it was last heard of, in milliseconds since 1970. */
    public static final int CONSUMER_SEEN = 8;
    /** In it: when it last got an entry, in milliseconds since 1970, or -1 for never. */
    public static final int CONSUMER_ACTIVE = 16;
    /** In it: the tree of blocks of the ids that are pending with it, 0 when there are none. */
    public static final int CONSUMER_PENDING = 24;

    /** Bytes of the root of a hash whose fields may have times to live: {@link TimedHash}. */
    public static final int TIMED = 24;
    /** In it: the block, or the table. */
    public static final int TIMED_BODY = 0;
    /** In it: no field has an earlier time than this; {@link Long#MAX_VALUE} when none has one. */
    public static final int TIMED_EARLIEST = 8;
    /** In it: how many fields have a time (4 bytes). */
    public static final int TIMED_COUNT = 16;
    /** In it: 1 if it is a table (4 bytes). */
    public static final int TIMED_TABLE = 20;

    private Roots() {}
}
