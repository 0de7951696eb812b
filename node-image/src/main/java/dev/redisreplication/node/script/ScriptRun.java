package dev.redisreplication.node.script;

import static dev.redisreplication.node.config.Directives.BUSY_REPLY_THRESHOLD;
import static dev.redisreplication.node.config.Directives.MANAGED;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.Client;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.Gate;
import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.memory.Memory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One script that runs. On the event loop. */
final class ScriptRun {
    private static final String CALL_TO_END =
            "BUSY Redis is busy running a script. You can only call %s KILL or SHUTDOWN" + " NOSAVE.";

    /** What clients are told while a script of EVAL runs for too long. */
    static final CommandError BUSY_SCRIPT = new CommandError(CALL_TO_END.formatted("SCRIPT"));

    /** What clients are told while a function runs for too long. */
    static final CommandError BUSY_FUNCTION = new CommandError(CALL_TO_END.formatted("FUNCTION"));

    private static final String LOG_FAILS = "MISCONF Errors writing to the AOF file: ";
    private static final CommandError STALE =
            new CommandError("MASTERDOWN Link with MASTER is down, replica-serve-stale-data"
                    + " is set to 'no' and 'allow-stale' flag is not set on the script.");
    private static final CommandError ON_REPLICA =
            new CommandError("READONLY Can not run script with write flag on readonly replica.");
    private static final CommandError WRITES =
            new CommandError("ERR Can not execute a script with write flag using *_ro command.");
    private static final CommandError OUT_OF_MEMORY = new CommandError(
            "OOM allow-oom flag is not set on the script, can not" + " run it when used memory > 'maxmemory'");

    private static final int LOOK_MILLIS = 20; // between two looks of those who watch over the node
    private static final int WATCHED = 6; // times busy-reply-threshold, that a script may keep a lease alive

    private static final int MOST_SHOWN = 1024; // arguments, and bytes of each

    private final Node node;
    private final Client caller;
    private final Digest digest;
    private final String function;
    private final ScriptFlags flags;
    private final boolean askedReadOnly;
    private final boolean readOnly;
    private final boolean outOfMemory;
    private final long began = System.nanoTime();
    private final long busyAfter;
    private final boolean managed;
    private final Call call;
    private List<byte[]> command = List.of();
    private long nextLook = LOOK_MILLIS;
    private boolean resp3;
    private boolean wrote;
    private boolean killed;
    private boolean reported;

    /**
     * @param digest of a script of EVAL, or null
     * @param function name of a function of FCALL, or null
     * @param readOnly whether its caller wants it to write nothing
     */
    ScriptRun(Call call, Digest digest, String function, ScriptFlags flags, boolean readOnly) {
        this.node = call.node();
        this.caller = call.client();
        this.digest = digest;
        this.function = function;
        this.flags = flags;
        this.askedReadOnly = readOnly;
        this.readOnly = readOnly || flags.writesNothing();
        this.outOfMemory = node.memory().isFull();
        this.busyAfter = node.settings().get(BUSY_REPLY_THRESHOLD);
        this.managed = node.settings().get(MANAGED);
        this.call = call;
    }

    /**
     * Checks whether it may begin, by what it declares of itself and what the node is in.
     *
     * @throws CommandError if it may not
     */
    void admit() {
        if (!caller.isAnswered()) {
            return;
        }
        Gate gate = node.gate();
        raise(gate.role());
        if (!flags.declared()) {
            raise(gate.stale());
            return;
        }
        if (!flags.allowsStale() && gate.stale() != null) {
            throw STALE;
        }
        if (!flags.writesNothing()) {
            admitWrites(gate);
        }
    }

    private void admitWrites(Gate gate) {
        CommandError write = gate.write();
        if (gate.isReplica() && write != null) {
            throw write.getMessage().startsWith("READONLY You") ? ON_REPLICA : write;
        }
        if (gate.disk() != null) {
            throw unkept(gate.disk().getMessage());
        }
        if (askedReadOnly) {
            throw WRITES;
        }
        raise(write);
        if (outOfMemory && !flags.allowsOutOfMemory()) {
            throw OUT_OF_MEMORY;
        }
    }

    private static void raise(CommandError error) {
        if (error != null) {
            throw error;
        }
    }

    private static CommandError unkept(String refusal) {
        boolean log = refusal.startsWith(LOG_FAILS);
        return new CommandError("MISCONF Redis is configured to "
                + (log ? "persist data to AOF" : "save RDB snapshots")
                + ", but it's currently unable to persist to disk."
                + " Writable scripts are blocked. Use 'no-writes' flag for read only scripts."
                + (log ? " AOF error: " + refusal.substring(LOG_FAILS.length()) : ""));
    }

    Client caller() {
        return caller;
    }

    /** The digest in hexadecimal, or the function's name. */
    String name() {
        return function == null ? digest.toString() : function;
    }

    /** Its call with all arguments, once it runs for too long; empty before. */
    List<byte[]> command() {
        return command;
    }

    boolean isFunction() {
        return function != null;
    }

    boolean readOnly() {
        return readOnly;
    }

    /** Whether a command that needs memory is refused, as far as this script decides it. */
    boolean lacksMemory() {
        return outOfMemory && !flags.allowsOutOfMemory();
    }

    boolean resp3() {
        return resp3;
    }

    void resp3(boolean on) {
        resp3 = on;
    }

    /** Whether it has called a command that writes. */
    boolean wrote() {
        return wrote;
    }

    void writes() {
        wrote = true;
    }

    boolean killed() {
        return killed;
    }

    void kill() {
        killed = true;
    }

    /** Milliseconds that it runs. */
    long elapsed() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    }

    /**
     * Looks whether it runs for too long; then the others are told so, and may end it. Where somebody watches over the node, he
     * is answered before, but not for ever.
     *
     * @return false when it is to end
     */
    boolean goOn() {
        long elapsed = elapsed();
        boolean tooLong = busyAfter > 0 && elapsed >= busyAfter;
        boolean watched = managed && (busyAfter == 0 || elapsed < WATCHED * busyAfter);
        if (tooLong && managed && !watched) {
            giveUp(elapsed);
        }
        if (tooLong || (watched && elapsed >= nextLook)) {
            nextLook = elapsed + LOOK_MILLIS;
            serveOthers(tooLong, watched);
        }
        return !killed;
    }

    /** It has not written, so it can be ended; else the lease ends. */
    private void giveUp(long elapsed) {
        if (!killed && !wrote && caller.isAnswered()) {
            killed = true;
            Log.warning("Script " + name() + " is ended after " + elapsed
                    + " milliseconds, else another would take this node's place");
        }
    }

    /** It has ended. */
    void end() {
        node.interlude().end();
    }

    private List<byte[]> arguments() {
        List<byte[]> all = new ArrayList<>();
        for (int i = 0; i < call.argc() && i < MOST_SHOWN; i++) {
            all.add(Memory.bytes(call.address(i), Math.min(call.length(i), MOST_SHOWN)));
        }
        return all;
    }

    private void serveOthers(boolean tooLong, boolean watched) {
        if (!node.loop().inTask()) {
            return;
        }
        if (tooLong && !reported) {
            reported = true;
            command = arguments(); // which those of others will take the place of
            Log.warning("Slow script detected: still in execution after " + elapsed()
                    + " milliseconds. You can try killing the script using the "
                    + (isFunction() ? "FUNCTION" : "SCRIPT")
                    + " KILL command. Script name is: " + name() + ".");
        }
        CommandError busy = isFunction() ? BUSY_FUNCTION : BUSY_SCRIPT;
        node.interlude().begin(caller, tooLong ? busy : null, watched);
        try {
            node.loop().serve(caller.connection(), !node.execution().hasEffects());
        } finally {
            node.interlude().over();
        }
    }
}
