package dev.redisreplication.node.command;

/**
 * Ends a command with an error reply. Carries no stack trace: it is an answer and not a fault. The dispatcher takes
 * back whatever the handler has already written.
 */
public final class CommandError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A value of another type than the command works on. */
    public static final CommandError WRONG_TYPE =
            new CommandError("WRONGTYPE Operation against a key holding the wrong kind of value");

    /** An option that does not exist or must not stand there. */
    public static final CommandError SYNTAX = new CommandError("ERR syntax error");

    /** A number was expected. */
    public static final CommandError NOT_INTEGER = new CommandError("ERR value is not an integer or out of range");

    /** A floating point number was expected. */
    public static final CommandError NOT_FLOAT = new CommandError("ERR value is not a valid float");

    /** The key does not exist. */
    public static final CommandError NO_SUCH_KEY = new CommandError("ERR no such key");

    /** An index outside of the value. */
    public static final CommandError INDEX_OUT_OF_RANGE = new CommandError("ERR index out of range");

    /** Not enough memory by maxmemory. */
    public static final CommandError OUT_OF_MEMORY =
            new CommandError("OOM command not allowed when used memory > 'maxmemory'.");

    /** {@code text} begins with its code, such as {@code ERR}. */
    public CommandError(String text) {
        super(text, null, false, false);
    }
}
