package dev.redisreplication.node.command;

import dev.redisreplication.node.net.Timer;

/**
 * One request that was put aside, and waits. It has a copy of what the client sent, outside of the heap and of its exact
 * size, so that the connection's input goes on without it. The client executes nothing else meanwhile.
 */
public final class Suspension implements Waiting {
    final Client client;
    final CommandRow row;
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

    Suspension(Client client, CommandRow row, Awaited cause, long frame, int frameLength) {
        this.client = client;
        this.row = row;
        this.cause = cause;
        this.frame = frame;
        this.frameLength = frameLength;
    }

    /** What {@code client} waits in, or null. */
    static Suspension of(Client client) {
        return (Suspension) client.suspension; // nobody else puts anything there
    }

    @Override
    public boolean hasTimeout() {
        return timer != null;
    }

    @Override
    public int memory() {
        return frameLength;
    }

    /** Who waits. */
    public Client client() {
        return client;
    }
}
