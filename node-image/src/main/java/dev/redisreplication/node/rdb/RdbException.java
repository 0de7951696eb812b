package dev.redisreplication.node.rdb;

import java.io.IOException;

/** A dump that cannot be read: says where, what was expected and what is there instead. */
public final class RdbException extends IOException {
    private static final long serialVersionUID = 1L;

    private final long offset;

    public RdbException(long offset, String message) {
        super("RDB, offset " + offset + ": " + message);
        this.offset = offset;
    }

    RdbException(long offset, String message, IOException cause) {
        super("RDB, offset " + offset + ": " + message, cause);
        this.offset = offset;
    }

    /** Offset in the dump, in bytes from its start, at which the reader stopped. */
    public long offset() {
        return offset;
    }
}
