package dev.redisreplication.node.command;

/**
 * Why a user may not run a command.
 *
 * @param reason what it lacks
 * @param argument the argument that is a key or a channel it may not touch; 0 for the command itself
 */
public record Denial(Reason reason, int argument) {
    /** What a user may lack, in the order in which one is told rather than those before it. */
    public enum Reason {
        /** The command. */
        COMMAND("command", "no permission to execute the command or subcommand"),
        /** A key that is an argument. */
        KEY("key", "no permission to touch the specified keys"),
        /** The password, or the user's name. */
        AUTH("auth", "no permission"),
        /** A channel that is an argument. */
        CHANNEL("channel", "no permission to access one of the channels used as arguments");

        private final String text;
        private final String inTransaction;

        Reason(String text, String inTransaction) {
            this.text = text;
            this.inTransaction = inTransaction;
        }

        /** As ACL LOG shows it. */
        public String text() {
            return text;
        }
    }

    /** The answer to a command that a client has sent. */
    CommandError error(CommandRow row) {
        return new CommandError(
                switch (reason) {
                    case COMMAND -> "NOPERM this user has no permissions to run the '" + row.name() + "' command";
                    case CHANNEL ->
                        "NOPERM this user has no permissions to access one of the channels used as arguments";
                    default -> "NOPERM this user has no permissions to access one of the keys used as arguments";
                });
    }

    /** What a script is told that calls the command for its user. */
    public String inScript() {
        return switch (reason) {
            case COMMAND -> "The user executing the script can't run this command or subcommand";
            case CHANNEL -> "The user executing the script can't publish to the channel mentioned in the command";
            default ->
                "The user executing the script can't access at least one of the keys mentioned in the command"
                        + " arguments";
        };
    }

    /** The answer to a command that could be queued, and that EXEC may not run any more. */
    String lateError() {
        return "NOPERM ACLs rules changed between the moment the transaction was accumulated and the EXEC call."
                + " This command is no longer allowed for the following reason: " + reason.inTransaction;
    }
}
