package dev.redisreplication.node.command;

import dev.redisreplication.node.resp.CommandEncoder;
import dev.redisreplication.node.resp.NativeBuffer;
import dev.redisreplication.node.resp.ReplyWriter;
import dev.redisreplication.node.resp.Request;
import dev.redisreplication.node.type.TypeError;
import java.util.Arrays;

/**
 * What one outermost request does, however deep: EXEC, and the commands within. It has a stack of calls, one reading of the
 * clock, one group of effects and one {@link Journal}, and it ends once, at the outermost level. On the event loop; there is one, since one
 * request is executed at a time.
 */
public final class Execution {
    private static final int TIMED_EVERY = 16;
    private static final byte[] DEL = {'D', 'E', 'L'};
    private static final long LONG = 100_000; // nanoseconds, after which the clock is read anew for the next command

    private final Node node;
    private final Stopwatch stopwatch;
    private final Monitors monitors;
    private Call[] calls = new Call[4];
    private int depth;
    private final NativeBuffer scratch = new NativeBuffer(256);
    private long now;
    private int untilTimed;
    private boolean grouped;
    private boolean wrote;
    private boolean muted;
    private Client ending;
    private boolean quiet; // CLIENT NO-TOUCH

    Execution(Node node) {
        this.node = node;
        this.stopwatch = node.stopwatch();
        this.monitors = node.monitors();
        for (int i = 0; i < calls.length; i++) {
            calls[i] = new Call(node);
        }
    }

    /**
     * Reads the clock, for the commands that follow. Whoever received several together calls it once for all of them. Within
     * an execution time stands still.
     */
    public void tick() {
        if (depth == 0) {
            now = System.currentTimeMillis();
            untilTimed = 0; // the first of several is always timed
            node.store().clock(now);
        }
    }

    /** Whether a command is executed within another one. */
    boolean isNested() {
        return depth > 1;
    }

    /** Runs a command that passed all checks, alone or within the one that is being executed. */
    void run(Client client, CommandRow row, Request request) {
        CommandStats figures = node.stats().of(row);
        boolean timed = --untilTimed < 0 || !row.brief || !stopwatch.allowsUntimed() || figures.isEarly();
        if (untilTimed < 0) {
            untilTimed = TIMED_EVERY;
        }
        long from = timed ? stopwatch.read() : 0;
        ReplyWriter reply = client.reply();
        long mark = reply.mark();
        int errors = reply.errors();
        long counted = node.stats().errorReplies;
        boolean again = client.suspension != null;
        boolean suspended = true;
        Call call = push();
        call.start(row, request, client, reply, now);
        if (client.noTouch) {
            node.store().noteUse(row.has(Flag.TOUCHES));
            quiet = true;
        }
        boolean monitored = monitors.any && !again;
        if (monitored && row.has(Flag.SKIP_MONITOR)) {
            monitors.show(call); // a script comes before what it calls
            monitored = false;
        }
        try {
            try {
                node.table().handler(row).run(call);
            } catch (CommandError | TypeError e) {
                reply.rewind(mark);
                reply.error(e.getMessage());
            }
            Client asking = calls[0].client();
            if (asking.tracking != null) {
                node.tracking().called(asking, call);
            }
            if (monitored) {
                monitors.show(call);
            }
            if (call.changes() > 0 || call.propagated()) {
                propagate(call, client, request);
            } else {
                call.effects().clear();
            }
            suspended = call.isSuspended();
        } finally {
            if (--depth == 0) {
                end(client);
            }
        }
        boolean counts = client.origin().isShown();
        if (counts && !again) {
            node.stats().commands++;
        }
        if (counts && !suspended) { // else its figures are those of the time when it is answered
            account(call, figures, reply.errors() != errors && node.stats().errorReplies == counted, timed ? from : 0);
        }
        serve();
    }

    /**
     * @param failed whether it was answered with an error that no command within has counted
     * @param from when it began, or 0 when that was not looked at
     */
    private void account(Call call, CommandStats figures, boolean failed, long from) {
        figures.calls++;
        if (failed) {
            figures.failed++;
            node.stats().countError(ErrorTexts.code(call.reply().lastError()));
        }
        long nanos;
        if (from != 0) {
            nanos = stopwatch.read() - from;
            figures.timed(nanos, node.slowCommands().tracking());
        } else {
            nanos = stopwatch.sinceLastIfBeat();
        }
        if (stopwatch.isSlow(nanos)) {
            node.slowCommands().add(call, nanos);
        }
        if (depth == 0 && nanos >= LONG) {
            now = System.currentTimeMillis();
            node.store().clock(now);
        }
    }

    /** The outermost command is over: who waits for what it has touched comes before anybody else. */
    private void serve() {
        if (depth == 0) {
            node.keyWaits().serve();
        }
    }

    /**
     * Runs a command within the one that is being executed.
     *
     * @param client acts for who asked for the outermost one; its reply is the caller's to read
     */
    public void runWithin(Client client, CommandRow row, Request request) {
        run(client, row, request);
    }

    /** A command within the one that is being executed was refused before it ran. */
    public void refusedWithin(CommandRow row, String error) {
        if (row != null) {
            node.stats().of(row).rejected++;
        }
        node.stats().countError(ErrorTexts.code(error));
    }

    /** What is executed from now on does not go to the log, or does again; until the end of the outermost command. */
    public void mute(boolean on) {
        muted = on;
    }

    /** Whether what is being executed has effects already. */
    public boolean hasEffects() {
        return grouped || wrote;
    }

    private Call push() {
        if (depth == calls.length) {
            calls = Arrays.copyOf(calls, 2 * depth);
            for (int i = depth; i < calls.length; i++) {
                calls[i] = new Call(node);
            }
        }
        return calls[depth++];
    }

    /** The command changed something, or is to be heard elsewhere: its effects go to the log. */
    private void propagate(Call call, Client client, Request request) {
        node.stats().dirty += call.changes();
        EffectWriter instead = call.effects();
        Client asked = calls[0].client(); // it may be a script that acts for it
        if (muted || !client.origin().isLogged() || !asked.origin().isLogged()) {
            instead.clear(); // its stream is in the log already
            return;
        }
        node.barrier().wrote(asked);
        Effects effects = node.effects();
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
        Effects effects = node.effects();
        if (!effects.active()) {
            return;
        }
        if (depth > 0) {
            group(effects);
        }
        scratch.clear();
        CommandEncoder.begin(scratch, 2);
        CommandEncoder.arg(scratch, DEL);
        CommandEncoder.arg(scratch, key, length);
        effects.append(db, scratch.address(), scratch.readable());
    }

    private void group(Effects effects) {
        if (!grouped) {
            grouped = true;
            effects.begin();
        }
    }

    /** The outermost command is done: what it did belongs together in the log. */
    private void end(Client client) {
        if (quiet) {
            quiet = false;
            node.store().noteUse(true);
        }
        if (grouped) {
            grouped = false;
            node.effects().end();
        }
        muted = false;
        if (wrote) {
            wrote = false;
            client.writeOffset = node.effects().offset();
        }
        ending = client;
        settle();
        ending = null;
    }

    /**
     * Who asked for what is being done, however deep; null for what nobody asked for, such as the search for keys whose time
     * is over. Readers of the journal may ask.
     */
    public Client client() {
        return depth > 0 ? calls[0].client() : ending;
    }

    /** Changes data outside of any request, as an execution of its own: at its end, the journal is read. */
    public void aside(Runnable change) {
        change.run();
        settle();
        serve();
    }

    /** Lets the readers of the journal know what happened, unless an execution is under way, which does it at its end. */
    void settle() {
        if (depth == 0) {
            node.journal().deliver();
        }
    }
}
