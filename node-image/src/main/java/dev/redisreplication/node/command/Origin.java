package dev.redisreplication.node.command;

/** Where commands come from, and what follows from it. */
public enum Origin {
    /** A connection. */
    CLIENT(true, true, true, true, true),
    /** The stream of this node's master: what it changes is in the log already. */
    MASTER(false, false, false, true, true),
    /** The append-only file, read back: Redis passes by arguments that are too many there. */
    FILE(false, false, false, false, false),
    /** A script, on behalf of who called it: what it may do, it checks itself. */
    SCRIPT(false, false, true, true, true);

    private final boolean checked;
    private final boolean answered;
    private final boolean logged;
    private final boolean countsArguments;
    private final boolean shown;

    Origin(boolean checked, boolean answered, boolean logged, boolean countsArguments, boolean shown) {
        this.checked = checked;
        this.answered = answered;
        this.logged = logged;
        this.countsArguments = countsArguments;
        this.shown = shown;
    }

    /** Whether a command can be refused, by role, memory, disk or loading, and held back by a pause. */
    public boolean isChecked() {
        return checked;
    }

    /** Whether somebody reads the replies. */
    public boolean isAnswered() {
        return answered;
    }

    /** Whether what a command changes goes to the log, and its reply waits until that is safe. */
    public boolean isLogged() {
        return logged;
    }

    /** Whether a command with too many arguments is an error. */
    public boolean countsArguments() {
        return countsArguments;
    }

    /** Whether a command is counted, and seen by MONITOR and the slow log: it is executed here for the first time. */
    public boolean isShown() {
        return shown;
    }
}
