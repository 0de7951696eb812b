package dev.redisreplication.node.command;

import dev.redisreplication.node.net.Timer;
import dev.redisreplication.node.resp.ReplyWriter;
import java.util.function.Consumer;

/**
 * One request that was put aside, and waits. It has a copy of what the client sent, outside of the heap and of its exact
 * size, so that the connection's input goes on without it. The client executes nothing else meanwhile.
 */
public final class Suspension implements Waiting {
    /**
     * How a wait ends, and so what is counted of its command, as in Redis. It was a call when it began to wait; nothing more is
     * known of one whose connection ends.
     */
    enum End {
        /** By what it waited for, or by what tells that this cannot come any more. */
        MET(true, false),
        /** By CLIENT UNBLOCK, whatever it is answered. */
        UNBLOCKED(true, true),
        /** Its time, or the role in which it waited, is over. */
        OVER(false, false);

        /** Whether its time is known to LATENCY HISTOGRAM and the slow log. */
        final boolean timed;

        /** Whether it has failed even if it is not answered with an error. */
        final boolean failed;

        End(boolean timed, boolean failed) {
            this.timed = timed;
            this.failed = failed;
        }
    }

    final Client client;
    final CommandRow row;
    final Awaited cause;

    /** The request as an array of bulks. */
    final long frame;

    final int frameLength;

    /** Ends it when its time is over; null for never. */
    Timer timer;

    /** How long it took until it began to wait, in nanoseconds; -1 as long as it has not, and may still be answered at once. */
    long nanosBefore = -1;

    /** How it ends, while it is executed again. */
    End end = End.MET;

    /** What it is answered in place of being executed, or null. */
    Consumer<ReplyWriter> answer;

    /** Whether it has asked to wait on, when it was executed again. */
    boolean stays;

    /** Whether it has left nothing to others who wait for the same. */
    boolean tookAll;

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

    /** Whether it is executed once more to answer that what it waits for has not come. */
    boolean isTimedOut() {
        return end != End.MET;
    }

    /** Whether LATENCY HISTOGRAM and the slow log hear of its end: else it is as nothing, or the end of the call that it began in. */
    boolean isTimed() {
        return nanosBefore >= 0 && end.timed && (end != End.MET || cause.isTimed());
    }

    /** Who waits. */
    public Client client() {
        return client;
    }
}
