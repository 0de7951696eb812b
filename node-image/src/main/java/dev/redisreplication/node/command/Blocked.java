package dev.redisreplication.node.command;

/**
 * A client that waits: its further requests stay unread. It ends by {@link Client#unblock} (from a handler or a hook on
 * the loop), by its timeout, by CLIENT UNBLOCK or by the end of the connection.
 */
public interface Blocked {
    /** Time is up: write the reply. The client goes on afterwards. */
    void timedOut(Client client);

    /** Whether CLIENT UNBLOCK may end it. */
    default boolean mayBeUnblocked() {
        return true;
    }

    /** Whether its request has been answered when this is over; else it is looked at anew. */
    default boolean answers() {
        return true;
    }

    /** Over, for whatever reason (also after {@link #timedOut} and {@link Client#unblock}): forget the client. */
    void ended(Client client);
}
