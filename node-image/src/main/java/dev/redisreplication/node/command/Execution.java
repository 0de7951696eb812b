package dev.redisreplication.node.command;

import dev.redisreplication.node.resp.CommandEncoder;
import dev.redisreplication.node.resp.NativeBuffer;
import dev.redisreplication.node.resp.Request;

/**
 * What one outermost request does, however deep: EXEC, a script, and the commands within. It has one reading of the clock, one
 * group of effects and one {@link Journal}, and it ends once, at the outermost level. {@link Runner} runs the commands. On the
 * event loop; there is one, since one request is executed at a time.
 */
public final class Execution {
    private static final int TIMED_EVERY = 16;
    private static final byte[] DEL = {'D', 'E', 'L'};
    private static final byte[] HDEL = {'H', 'D', 'E', 'L'};

    private final Dataset data;
    private final Journal journal;
    private final Standing standing;
    private final Barrier barrier;
    private final NativeBuffer scratch = new NativeBuffer(256);
    private int depth;
    private Client outermost;
    private long now;
    private int untilTimed;
    private boolean grouped;
    private boolean wrote;
    private boolean muted;
    private boolean quiet;

    Execution(Dataset data, Journal journal, Standing standing, Barrier barrier) {
        this.data = data;
        this.journal = journal;
        this.standing = standing;
        this.barrier = barrier;
    }

    // ---- the clock

    /**
     * Reads the clock, for the commands that follow. Whoever received several together calls it once for all of them. Within
     * an execution time stands still.
     */
    public void tick() {
        if (depth == 0) {
            now = System.currentTimeMillis();
            untilTimed = 0; // the first of several is always timed
            data.store().clock(now);
        }
    }

    /** Milliseconds since 1970, the same for all that is executed within. */
    long now() {
        return now;
    }

    /** Counts commands, each of which may take the time that it takes; says of some that they are to. */
    boolean isTimesTurn() {
        if (--untilTimed < 0) {
            untilTimed = TIMED_EVERY;
            return true;
        }
        return false;
    }

    // ---- depth

    /** A command begins, alone or within the one that is being executed. */
    void enter(Client client) {
        if (depth++ == 0) {
            outermost = client;
        }
    }

    /** It is over. */
    void leave() {
        if (--depth == 0) {
            end();
        }
    }

    /** How many commands are being executed, one within the other. */
    int depth() {
        return depth;
    }

    /** Whether a command is executed within another one. */
    public boolean isNested() {
        return depth > 1;
    }

    /**
     * Who asked for what is being done, however deep; null for what nobody asked for, such as the search for keys whose time
     * is over. Readers of the journal may ask.
     */
    public Client client() {
        return outermost;
    }

    /** Commands leave what is known of the use of keys as it is, unless {@code touches}; until the end. */
    void noteUse(boolean touches) {
        data.store().noteUse(touches);
        quiet = true;
    }

    // ---- effects

    /** What is executed from now on does not go to the log, or does again; until the end of the outermost command. */
    public void mute(boolean on) {
        muted = on;
    }

    /** Whether what is being executed has effects already. */
    public boolean hasEffects() {
        return grouped || wrote;
    }

    /**
     * A command of {@code client} changed something, or is to be heard elsewhere: its effects go to the log.
     *
     * @param instead the commands that are logged in its place, if there are any; they are taken
     */
    void propagate(Client client, Request request, EffectWriter instead) {
        // Who asked, as it may be a script that acts for it; its own stream is in the log already.
        if (muted || !client.origin().isLogged() || !outermost.origin().isLogged()) {
            instead.clear();
            return;
        }
        barrier.wrote(outermost);
        Effects effects = standing.effects();
        if (!effects.active()) {
            instead.clear();
            return;
        }
        wrote = true;
        if (depth > 1 || instead.count() > 1) {
            group(effects);
        }
        if (instead.count() > 0) {
            instead.flushTo(effects, client.db);
        } else if (request.canonical()) {
            effects.append(client.db, request.frameAddress(), request.frameLength());
        } else {
            scratch.clear();
            CommandEncoder.command(scratch, request);
            effects.append(client.db, scratch.address(), scratch.readable());
        }
    }

    /**
     * A key goes because its time is over, or to make room: its DEL is an effect of the command that met it, or one of its own where nothing
     * is being executed.
     */
    void deleted(int db, long key, int length) {
        if (standing.effects().active()) {
            scratch.clear();
            CommandEncoder.begin(scratch, 2);
            CommandEncoder.arg(scratch, DEL);
            CommandEncoder.arg(scratch, key, length);
            appendScratch(db);
        }
    }

    /** The same of a field of a hash, and its HDEL. */
    void deleted(int db, long key, int length, long field, int fieldLength) {
        if (standing.effects().active()) {
            scratch.clear();
            CommandEncoder.begin(scratch, 3);
            CommandEncoder.arg(scratch, HDEL);
            CommandEncoder.arg(scratch, key, length);
            CommandEncoder.arg(scratch, field, fieldLength);
            appendScratch(db);
        }
    }

    private void appendScratch(int db) {
        Effects effects = standing.effects();
        if (depth > 0) {
            group(effects);
        }
        effects.append(db, scratch.address(), scratch.readable());
    }

    private void group(Effects effects) {
        if (!grouped) {
            grouped = true;
            effects.begin();
        }
    }

    // ---- the end

    /** The outermost command is done: what it did belongs together in the log. */
    private void end() {
        if (quiet) {
            quiet = false;
            data.store().noteUse(true);
        }
        if (grouped) {
            grouped = false;
            standing.effects().end();
        }
        muted = false;
        wrote = false;
        if (outermost.suspension == null) { // else it has not been executed yet
            outermost.seenOffset = standing.effects().offset();
        }
        settle();
        outermost = null;
    }

    /** Lets the readers of the journal know what happened, unless an execution is under way, which does it at its end. */
    void settle() {
        if (depth == 0) {
            journal.deliver();
        }
    }
}
