package dev.redisreplication.node.net;

/** What is done with the bytes of one connection. All methods run on the event loop. */
public interface ConnectionHandler {
    /** The address of an outgoing connection is known, and the connection is being made. */
    default void connecting() {}

    /** An outgoing connection was made, or an incoming one has agreed on the keys of TLS. */
    default void connected(Connection connection) {}

    /**
     * An outgoing connection could not be made; nothing follows.
     *
     * @param reason why, in plain words, for a log line that names host and port
     */
    default void notConnected(String reason) {}

    /**
     * Bytes came. Take whole messages from {@link Connection#input()} by {@code consume}, leave the rest; it is called
     * again when more has come.
     */
    void input(Connection connection);

    /** All output that was pending has been handed to the kernel, after {@link Connection#notifyDrained}. */
    default void drained(Connection connection) {}

    /** How many bytes of output may wait; asked for while a great deal is put out. */
    default long outputLimit() {
        return Long.MAX_VALUE;
    }

    /**
     * More was put out than {@link #outputLimit} allows, or than there is memory for. The connection is closed next: a part
     * of its output is gone.
     */
    default void overflowed(Connection connection) {}

    /**
     * The connection has ended. Called exactly once, and nothing after it.
     *
     * @param reason why, for a log line; "closed by peer" when the other side ended it
     */
    void closed(Connection connection, String reason);
}
