package dev.redisreplication.node.command;

/**
 * What can happen to a key. Most events have the name and the class under which Redis notifies of them; those that are not
 * explained are named after the command that does it. A group of a stream that changes is no modification, to WATCH as to
 * client side caches.
 */
public enum Event {
    /** The value changed, of which no notification tells. */
    CHANGED(null, Event.NONE, true),

    /** The database lost all its keys (with the number {@link Journal#ALL}: all databases did). It has no key. */
    FLUSHED(null, Event.NONE, true),
    /** The database has other data than before (or all have): after SWAPDB, or a full resync. It has no key. */
    EXCHANGED(null, Event.NONE, true),

    DEL("del", 'g', true),
    EXPIRE("expire", 'g', true),
    PERSIST("persist", 'g', true),
    RENAME_FROM("rename_from", 'g', true),
    RENAME_TO("rename_to", 'g', true),
    MOVE_FROM("move_from", 'g', true),
    MOVE_TO("move_to", 'g', true),
    COPY_TO("copy_to", 'g', true),
    RESTORE("restore", 'g', true),

    SET("set", '$', true),
    SETRANGE("setrange", '$', true),
    APPEND("append", '$', true),
    SETBIT("setbit", '$', true),
    INCRBY("incrby", '$', true),
    INCRBYFLOAT("incrbyfloat", '$', true),
    PFADD("pfadd", '$', true),

    LPUSH("lpush", 'l', true),
    RPUSH("rpush", 'l', true),
    LPOP("lpop", 'l', true),
    RPOP("rpop", 'l', true),
    LSET("lset", 'l', true),
    LINSERT("linsert", 'l', true),
    LREM("lrem", 'l', true),
    LTRIM("ltrim", 'l', true),
    SORTSTORE("sortstore", 'l', true),

    SADD("sadd", 's', true),
    SREM("srem", 's', true),
    SPOP("spop", 's', true),
    SINTERSTORE("sinterstore", 's', true),
    SUNIONSTORE("sunionstore", 's', true),
    SDIFFSTORE("sdiffstore", 's', true),

    HSET("hset", 'h', true),
    HDEL("hdel", 'h', true),
    HINCRBY("hincrby", 'h', true),
    HINCRBYFLOAT("hincrbyfloat", 'h', true),
    /** Fields have got a time to live, or another one. */
    HEXPIRE("hexpire", 'h', true),
    /** Fields have a time to live no longer. */
    HPERSIST("hpersist", 'h', true),
    /** Fields are gone, as their time was over. */
    HEXPIRED("hexpired", 'h', true),

    ZADD("zadd", 'z', true),
    ZINCR("zincr", 'z', true),
    ZREM("zrem", 'z', true),
    ZREMRANGEBYRANK("zremrangebyrank", 'z', true),
    ZREMRANGEBYSCORE("zremrangebyscore", 'z', true),
    ZREMRANGEBYLEX("zremrangebylex", 'z', true),
    ZRANGESTORE("zrangestore", 'z', true),
    ZUNIONSTORE("zunionstore", 'z', true),
    ZINTERSTORE("zinterstore", 'z', true),
    ZDIFFSTORE("zdiffstore", 'z', true),
    GEORADIUSSTORE("georadiusstore", 'z', true),
    GEOSEARCHSTORE("geosearchstore", 'z', true),
    ZPOPMIN("zpopmin", 'z', true),
    ZPOPMAX("zpopmax", 'z', true),

    XADD("xadd", 't', true),
    XDEL("xdel", 't', true),
    XTRIM("xtrim", 't', true),
    XSETID("xsetid", 't', false),
    XGROUP_CREATE("xgroup-create", 't', false),
    XGROUP_SETID("xgroup-setid", 't', false),
    XGROUP_DESTROY("xgroup-destroy", 't', false),
    XGROUP_CREATECONSUMER("xgroup-createconsumer", 't', false),
    XGROUP_DELCONSUMER("xgroup-delconsumer", 't', false),

    /** The key is gone, as its time was over. */
    EXPIRED("expired", 'x', true),
    /** The key is gone, as memory was needed. */
    EVICTED("evicted", 'e', true),
    /** The key was added; what with, the event after it says. */
    NEW("new", 'n', false),
    /** A read did not find the key. */
    KEYMISS("keymiss", 'm', false),
    /** A client has read the key that wants to hear when it changes. */
    READ(null, Event.NONE, false);

    private static final char NONE = 0;

    private final String name;
    private final char group;
    private final boolean modifies;

    Event(String name, char group, boolean modifies) {
        this.name = name;
        this.group = group;
        this.modifies = modifies;
    }

    /** The name in a notification, or null if no notification tells of it. */
    public String redisName() {
        return name;
    }

    /** The character of its class in {@code notify-keyspace-events}, or 0. */
    public char group() {
        return group;
    }

    /** Whether the value, or whether there is one, may be another than before. */
    public boolean modifies() {
        return modifies;
    }
}
