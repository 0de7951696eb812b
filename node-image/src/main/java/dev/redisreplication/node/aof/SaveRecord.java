package dev.redisreplication.node.aof;

/** How the dumps of one kind went, the running one included. On the event loop. */
final class SaveRecord {
    private static final long NANOS = 1_000_000_000;

    private boolean running;
    private boolean timed;
    private long since;
    private boolean lastOk = true;
    private long lastSeconds = -1;
    private long failuresInARow;

    /**
     * One begins.
     *
     * @param inBackground whether how long it takes is to be told, as Redis does of what its children do
     */
    void begin(boolean inBackground) {
        running = true;
        timed = inBackground;
        since = System.nanoTime();
    }

    /** The running one has ended, or one could not even begin. */
    void end(boolean ok) {
        lastSeconds = running && timed ? runningSeconds() : lastSeconds;
        running = false;
        lastOk = ok;
        failuresInARow = ok ? 0 : failuresInARow + 1;
    }

    /** The running one, if any, was given up because it is not wanted any more; that says nothing about the next. */
    void giveUp() {
        lastSeconds = running && timed ? runningSeconds() : lastSeconds;
        running = false;
    }

    /** One that somebody waited for has failed, who knows it: what is told of the others stays. */
    void failedAloud(boolean lastOkBefore) {
        running = false;
        lastOk = lastOkBefore;
    }

    /** Failures before are not to count any more: somebody asks for one by hand. */
    void forgive() {
        failuresInARow = 0;
    }

    boolean isRunning() {
        return running;
    }

    /** How long the running one has taken, or -1. */
    long runningSeconds() {
        return running ? (System.nanoTime() - since) / NANOS : -1;
    }

    /** Whether the last one that ended was good; true when none has. */
    boolean lastOk() {
        return lastOk;
    }

    /** How long the last one in the background that ended took, or -1. */
    long lastSeconds() {
        return lastSeconds;
    }

    /** How many failed since the last good one. */
    long failuresInARow() {
        return failuresInARow;
    }
}
