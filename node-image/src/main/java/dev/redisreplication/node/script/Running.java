package dev.redisreplication.node.script;

import dev.redisreplication.node.command.CommandError;

/** Which script runs, of EVAL or a function: one at most. On the event loop. */
public final class Running {
    private static final CommandError NONE = new CommandError("NOTBUSY No scripts in execution right now.");
    private static final CommandError HAS_WRITTEN =
            new CommandError("UNKILLABLE Sorry the script already executed write"
                    + " commands against the dataset. You can either wait the script termination or kill the server in a hard way"
                    + " using the SHUTDOWN NOSAVE command.");
    private static final CommandError OF_MASTER = new CommandError("UNKILLABLE The busy script was sent by a master"
            + " instance in the context of replication and cannot be killed.");

    private ScriptRun current;

    /**
     * A script is about to run.
     *
     * @throws CommandError if it may not, as the node is
     */
    void begin(ScriptRun run) {
        run.admit();
        current = run;
    }

    void end() {
        current.end();
        current = null;
    }

    /** The one that runs, or null. */
    ScriptRun current() {
        return current;
    }

    boolean goOn() {
        return current == null || current.goOn();
    }

    /** SCRIPT KILL and FUNCTION KILL: ends what runs, if it is of that kind. */
    void kill(boolean function) {
        if (current == null) {
            throw NONE;
        }
        if (!current.caller().isAnswered()) {
            throw OF_MASTER;
        }
        if (current.wrote()) {
            throw HAS_WRITTEN;
        }
        if (current.isFunction() != function) {
            throw current.isFunction() ? ScriptRun.BUSY_FUNCTION : ScriptRun.BUSY_SCRIPT;
        }
        current.kill();
    }
}
