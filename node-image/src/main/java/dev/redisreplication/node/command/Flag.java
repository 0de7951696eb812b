package dev.redisreplication.node.command;

import java.util.Locale;

/** What a command is, as COMMAND INFO reports it (Redis 7.0's flags, lower-cased there). */
public enum Flag {
    WRITE,
    READONLY,
    DENYOOM,
    ADMIN,
    PUBSUB,
    NOSCRIPT,
    BLOCKING,
    LOADING,
    STALE,
    SKIP_MONITOR,
    SKIP_SLOWLOG,
    ASKING,
    FAST,
    NO_AUTH,
    MAY_REPLICATE,
    NO_MULTI,
    MOVABLEKEYS,
    ALLOW_BUSY,
    /** Ours: answered by a managed node that has no role yet. Implied by ADMIN, PUBSUB and NO_AUTH. */
    WITHOUT_ROLE,
    /** Ours: executed at once between MULTI and EXEC, such as DISCARD. */
    NO_QUEUE,
    /** Ours: goes through CLIENT PAUSE, such as what ends it. */
    NO_PAUSE;

    final int bit = 1 << ordinal();

    /** Whether Redis has no such flag, so that COMMAND does not report it. */
    public boolean internal() {
        return ordinal() >= WITHOUT_ROLE.ordinal();
    }

    /** As COMMAND INFO prints it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
