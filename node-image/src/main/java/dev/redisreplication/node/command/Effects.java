package dev.redisreplication.node.command;

/**
 * Where changes go: the log that feeds replicas and the append-only file. Implemented by replication; all calls come on
 * the event loop.
 */
public interface Effects {
    /** Whether anybody listens. When not, nothing else is called. */
    boolean active();

    /**
     * One command that changed database {@code db}, as canonical RESP. SELECT is the implementer's to insert.
     *
     * @param db index of the database, or -1 for a command that belongs to none
     */
    void append(int db, long address, int length);

    /**
     * What follows up to {@link #end} belongs together (all that one execution does): where there is more than one command,
     * MULTI comes before the first and EXEC after the last. Not nested.
     */
    void begin();

    /** Ends what {@link #begin} began. */
    void end();

    /** Offset behind the last byte appended; a client's WAIT waits for it. */
    long offset();

    /** Nobody listens. */
    Effects NONE = new Effects() {
        @Override
        public boolean active() {
            return false;
        }

        @Override
        public void append(int db, long address, int length) {}

        @Override
        public void begin() {}

        @Override
        public void end() {}

        @Override
        public long offset() {
            return 0;
        }
    };
}
