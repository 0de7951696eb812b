package dev.redisreplication.node.rdb;

/** Numbers of the RDB format, as Redis and Valkey write them up to 8. */
final class RdbFormat {
    /** What the writer announces: the version of Redis 7.0, as long as that can load all there is. */
    static final int WRITTEN_VERSION = 10;
    /** What it announces when fields of hashes have times to live: that of Redis 7.4 and 8.0. */
    static final int WRITTEN_VERSION_TIMED = 12;
    /** The newest version the reader knows, that of Redis 8.0. */
    static final int NEWEST_READABLE_VERSION = 12;

    static final int TYPE_STRING = 0;
    static final int TYPE_LIST = 1;
    static final int TYPE_SET = 2;
    static final int TYPE_ZSET = 3;
    static final int TYPE_HASH = 4;
    static final int TYPE_ZSET_2 = 5;
    static final int TYPE_MODULE_PRE_GA = 6;
    static final int TYPE_MODULE = 7;
    static final int TYPE_HASH_ZIPMAP = 9;
    static final int TYPE_LIST_ZIPLIST = 10;
    static final int TYPE_SET_INTSET = 11;
    static final int TYPE_ZSET_ZIPLIST = 12;
    static final int TYPE_HASH_ZIPLIST = 13;
    static final int TYPE_LIST_QUICKLIST = 14;
    static final int TYPE_STREAM_LISTPACKS = 15;
    static final int TYPE_HASH_LISTPACK = 16;
    static final int TYPE_ZSET_LISTPACK = 17;
    static final int TYPE_LIST_QUICKLIST_2 = 18;
    static final int TYPE_STREAM_LISTPACKS_2 = 19;
    static final int TYPE_SET_LISTPACK = 20;
    static final int TYPE_STREAM_LISTPACKS_3 = 21;
    /** Hashes whose fields have times to live, of a table and of a listpack: of release candidates, then as they are. */
    static final int TYPE_HASH_EXPIRING_PRE_GA = 22;

    static final int TYPE_HASH_LISTPACK_EXPIRING_PRE_GA = 23;
    static final int TYPE_HASH_EXPIRING = 24;
    static final int TYPE_HASH_LISTPACK_EXPIRING = 25;

    /** The latest time to live of a field, in ms since 1970. */
    static final long LATEST_FIELD_TIME = (1L << 48) - 2;

    static final int OP_SLOT_INFO = 244;
    static final int OP_FUNCTION_2 = 245;
    static final int OP_FUNCTION_PRE_GA = 246;
    static final int OP_MODULE_AUX = 247;
    static final int OP_IDLE = 248;
    static final int OP_FREQ = 249;
    static final int OP_AUX = 250;
    static final int OP_RESIZE_DB = 251;
    static final int OP_EXPIRE_MS = 252;
    static final int OP_EXPIRE_SECONDS = 253;
    static final int OP_SELECT_DB = 254;
    static final int OP_EOF = 255;

    /** Upper two bits of a length's first byte. */
    static final int LENGTH_6 = 0;

    static final int LENGTH_14 = 1;
    static final int LENGTH_SPECIAL = 3;
    static final int LENGTH_32_MARK = 0x80;
    static final int LENGTH_64_MARK = 0x81;

    /** Lower six bits of a special string. */
    static final int ENCODED_INT8 = 0;

    static final int ENCODED_INT16 = 1;
    static final int ENCODED_INT32 = 2;
    static final int ENCODED_LZF = 3;

    /** Quicklist 2 nodes. */
    static final int NODE_PLAIN = 1;

    static final int NODE_PACKED = 2;

    /** Flags of a stream's entry in its listpack. */
    static final int STREAM_ENTRY_DELETED = 1;

    static final int STREAM_ENTRY_SAME_FIELDS = 2;

    private RdbFormat() {}
}
