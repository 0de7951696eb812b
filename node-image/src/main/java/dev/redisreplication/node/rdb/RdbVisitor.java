package dev.redisreplication.node.rdb;

import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.store.Type;

/**
 * Receives what a dump holds, in its order. A key is announced by {@code begin}, followed by its elements and
 * {@link #end}. Slices are valid during the call only.
 */
public interface RdbVisitor {
    /** Facts about the dump as a whole, such as {@code redis-ver} or {@code repl-id}. */
    default void aux(String name, String value) {}

    /** The code of a function library. */
    default void library(Slice code) {}

    /** All keys until the next call belong to this database. */
    void selectDb(int db) throws RdbException;

    /** How many keys follow in this database, and how many of them expire: a hint for sizing. */
    default void sizes(long keys, long expiring) {}

    /**
     * A key begins.
     *
     * @param expireAt Unix time in milliseconds, or -1
     */
    void begin(Type type, Slice key, long expireAt) throws RdbException;

    /**
     * How the key that begins next was used, before {@link #begin}; a dump has it where an LRU or LFU policy was on.
     *
     * @param idleSeconds since the last use, or -1
     * @param frequency a count of Redis' logarithmic kind, 0 to 255, or -1
     */
    default void use(long idleSeconds, int frequency) {}

    /** The value of a string, the next element of a list, or a member of a set. */
    void element(Slice value) throws RdbException;

    /** A field of a hash. */
    void field(Slice field, Slice value) throws RdbException;

    /** A field of a hash that has a time to live of its own, in ms since 1970. */
    void field(Slice field, Slice value, long expiresAt) throws RdbException;

    /** A member of a sorted set. */
    void member(Slice member, double score) throws RdbException;

    /**
     * An entry of a stream.
     *
     * @param fieldsAndValues alternating; only the first {@code count} slices count
     */
    void entry(long milliseconds, long sequence, Slice[] fieldsAndValues, int count) throws RdbException;

    /** A stream's counters, after its entries. */
    void streamFacts(StreamFacts facts) throws RdbException;

    /**
     * A consumer group of the stream, after its counters.
     *
     * @param entriesRead how many entries it has read; negative: not known, {@link #COUNT_FOLLOWS}: to be found out
     */
    void group(Slice name, long lastMs, long lastSequence, long entriesRead) throws RdbException;

    /** Of {@link #group}: the dump is of a version that did not count. */
    long COUNT_FOLLOWS = Long.MIN_VALUE;

    /** An entry that is pending in the group that began; a consumer that follows has it. */
    void pending(long ms, long sequence, long deliveredAt, long deliveries) throws RdbException;

    /**
     * A consumer of the group that began.
     *
     * @param seen when it was last heard of: Unix time in milliseconds
     * @param active when it last got an entry: Unix time in milliseconds, or -1 for never
     */
    void consumer(Slice name, long seen, long active) throws RdbException;

    /** An entry that is pending with the consumer that began. */
    void pendingWith(long ms, long sequence) throws RdbException;

    /** The key that began is complete. */
    void end() throws RdbException;

    /** Something the node does not keep (functions, modules' notes) was read and left out. */
    default void leftOut(String what) {}

    /** Told now and then how many bytes were read. */
    default void reached(long offset) {}
}
