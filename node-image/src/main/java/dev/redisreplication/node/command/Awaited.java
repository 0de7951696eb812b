package dev.redisreplication.node.command;

/**
 * What a request that was put aside waits for. Whoever implements it knows the {@link Suspension} and ends it: by executing
 * the request again ({@link Suspensions#resume}), or by a reply of its own ({@link Suspensions#answer}). On the event loop.
 */
public interface Awaited {
    /** Whether CLIENT UNBLOCK may end it. Its handler must then know what to answer when {@link Call#isTimedOut}. */
    default boolean mayBeUnblocked() {
        return true;
    }

    /** Whether it ends with an error when this node is no longer what it was when the client began to wait. */
    default boolean endsWithRole() {
        return true;
    }

    /** Of a request that is executed again: whether that is for this key, so that it is to look at it. */
    default boolean isReady(long key, int length) {
        return false;
    }

    /** Whether a command that it has come for is known to LATENCY HISTOGRAM and the slow log. */
    default boolean isTimed() {
        return true;
    }

    /** It is over for this client, for whatever reason, the end of the connection included: forget it. */
    void ended(Client client);

    /** It waits for nothing but that the loop has read all sockets: it is executed in a task of its own, in the same turn. */
    Awaited TASK = new Awaited() {
        @Override
        public boolean mayBeUnblocked() {
            return false;
        }

        @Override
        public boolean endsWithRole() {
            return false;
        }

        @Override
        public void ended(Client client) {}
    };
}
