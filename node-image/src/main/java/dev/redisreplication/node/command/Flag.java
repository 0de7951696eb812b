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
    /** Not during a replica's load beside the old data, which is never done here: every load refuses them. */
    NO_ASYNC_LOADING,
    NO_MULTI,
    MOVABLEKEYS,
    ALLOW_BUSY,
    /** It can be called without a key, although it may have keys: COMMAND GETKEYS then answers with none. */
    NO_MANDATORY_KEYS,
    /** Ours: answered by a managed node that has no role yet. Implied by STALE, ADMIN, PUBSUB and NO_AUTH. */
    WITHOUT_ROLE,
    /** Ours: executed at once between MULTI and EXEC, such as DISCARD. */
    NO_QUEUE,
    /** Ours: notes the use of keys although the client said CLIENT NO-TOUCH. */
    TOUCHES,
    /** Ours: goes through CLIENT PAUSE, such as what ends it. */
    NO_PAUSE,
    /** No write, but replicas hear of it, so that CLIENT PAUSE holds it as one. Redis does not report it either. */
    MAY_REPLICATE,
    /** Ours: runs a script, from which the loop may have to serve others. */
    RUNS_SCRIPT,
    /** Ours: how a node is watched over; one that is, answers it while a script runs. */
    WATCHES,
    /** Ours: open to a client of RESP2 that has subscribed. */
    WHILE_SUBSCRIBED,
    /** Refused unless {@code enable-debug-command} allows it. */
    PROTECTED;

    static final int IMPLY_WITHOUT_ROLE = STALE.bit | ADMIN.bit | PUBSUB.bit | NO_AUTH.bit;

    final int bit = 1 << ordinal();

    /** {@code flags} with this one or without it. */
    public int set(int flags, boolean on) {
        return on ? flags | bit : flags & ~bit;
    }

    /** Whether Redis has no such flag, so that COMMAND does not report it. */
    public boolean internal() {
        return ordinal() >= WITHOUT_ROLE.ordinal();
    }

    /** As COMMAND INFO prints it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
