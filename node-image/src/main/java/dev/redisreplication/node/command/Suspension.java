package dev.redisreplication.node.command;

import dev.redisreplication.node.net.Timer;

/**
 * One request that was put aside, and waits. It has a copy of what the client sent, outside of the heap and of its exact
 * size, so that the connection's input goes on without it. The client executes nothing else meanwhile.
 */
public final class Suspension {
    final Client client;
    final Awaited cause;

    /** The request as an array of bulks. */
    final long frame;

    final int frameLength;

    /** Ends it when its time is over; null for never. */
    Timer timer;

    /** Whether its time is over: it is executed once more, to answer. */
    boolean timedOut;

    /** Whether it has asked to wait on, when it was executed again. */
    boolean stays;

    /** The keys that it waits for, or null. */
    KeyWaits.Link keys;

    /** The one of them that became ready, while it is executed again for it; or null. */
    KeyWaits.Link ready;

    Suspension(Client client, Awaited cause, long frame, int frameLength) {
        this.client = client;
        this.cause = cause;
        this.frame = frame;
        this.frameLength = frameLength;
    }

    /** Who waits. */
    public Client client() {
        return client;
    }
}
