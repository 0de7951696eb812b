package dev.redisreplication.node.store;

/** The data types of the keyspace. The order is that of the tag bits in an entry: append only. */
public enum Type {
    STRING("string"),
    LIST("list"),
    SET("set"),
    ZSET("zset"),
    HASH("hash"),
    STREAM("stream");

    private static final Type[] VALUES = values();
    private final String redisName;

    Type(String redisName) {
        this.redisName = redisName;
    }

    /** The name that the TYPE command gives. */
    public String redisName() {
        return redisName;
    }

    static Type of(int tag) {
        return VALUES[tag];
    }
}
