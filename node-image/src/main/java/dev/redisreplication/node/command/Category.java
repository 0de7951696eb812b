package dev.redisreplication.node.command;

import java.util.Locale;

/**
 * ACL categories. READ, WRITE, ADMIN, DANGEROUS, BLOCKING, PUBSUB, FAST and SLOW follow from the flags; a row names only
 * the others.
 */
public enum Category {
    KEYSPACE,
    READ,
    WRITE,
    SET,
    SORTEDSET,
    LIST,
    HASH,
    STRING,
    BITMAP,
    HYPERLOGLOG,
    GEO,
    STREAM,
    PUBSUB,
    ADMIN,
    FAST,
    SLOW,
    BLOCKING,
    DANGEROUS,
    CONNECTION,
    TRANSACTION,
    SCRIPTING,
    /** Ours: the orders of the operator, such as LEASE. */
    REPLICATION;

    final int bit = 1 << ordinal();

    /** The category of that name, in any case; or null. */
    public static Category of(String name) {
        for (Category category : values()) {
            if (category.text().equalsIgnoreCase(name)) {
                return category;
            }
        }
        return null;
    }

    /** As ACL CAT prints it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
