package dev.redisreplication.node.sentinel;

/**
 * The connections to one instance: one for commands, and one that listens for hello messages, which another Sentinel has not.
 * A Sentinel that watches several of our masters is one process, and has one link for all of them. Times are monotonic
 * milliseconds.
 */
public final class Link {
    enum Channel {
        NONE,
        CONNECTING,
        UP
    }

    private final boolean listens;
    Channel commands = Channel.NONE;
    Channel messages = Channel.NONE;
    /** Instances that have it. */
    int shared = 1;
    /** Commands whose replies have not come. */
    int pending;
    /** When the last attempt to make the connection for commands began. */
    long commandsTried;

    long messagesTried;
    /** When the connection for commands was made. */
    long commandsSince;

    long messagesSince;
    /** When the last message came. */
    long lastMessage;
    /** When the connection for commands ended. */
    long droppedAt;
    /** 1 to 2, another one each time, lest all Sentinels lose patience in one moment. */
    double haste = 1;
    /** Whether an attempt has failed since it ended. */
    boolean refused;
    /** When the PING was sent that is not answered yet; 0 if all are. */
    long unansweredPing;

    long lastPing;
    /** When a PING is due whatever was said before; 0 for none. */
    long extraPing;
    /** When an answer came that says that the instance serves. */
    long lastAvailable;
    /** When any answer to a PING came. */
    long lastPong;
    /** This side's address, as the instance sees it. */
    String localAddress = "";

    Link(boolean listens, long now) {
        this.listens = listens;
        lastAvailable = now; // as if it had just answered: it has all its time to do so
        lastPong = now;
        droppedAt = now;
        lastMessage = now;
    }

    boolean listens() {
        return listens;
    }

    /** Whether it cannot be spoken to, or not be listened to. */
    boolean isDown() {
        return commands != Channel.UP || (listens && messages != Channel.UP);
    }

    /** For how long the instance has not been there, in milliseconds; 0 if nothing says so. */
    long silence(long now) {
        if (unansweredPing != 0) {
            return now - unansweredPing;
        }
        if (commands == Channel.UP) {
            return 0;
        }
        long dropped = now - droppedAt;
        // A connection that ended, as Sentinels end them after a failover, says nothing until the next try has failed.
        // Then the last answer counts, but who starts anew has half of the time for it, or more.
        return refused ? Math.min(now - lastAvailable, (long) (haste * dropped)) : dropped;
    }
}
