package dev.redisreplication.node.command;

import dev.redisreplication.node.config.OutputLimit;
import dev.redisreplication.node.net.Connection;
import dev.redisreplication.node.resp.NativeBuffer;
import dev.redisreplication.node.resp.ReplyWriter;

/**
 * One who sends commands: a connection's state, or a source without a connection such as the append-only file or the
 * link to the master. On the event loop only (a loader's client: on the loader's thread).
 */
public final class Client {
    private static final int OBJECTS = 1024; // about what the objects of an idle connection take

    private final long id;
    private final Origin origin;
    private final Connection connection;
    private final ReplyWriter reply;

    int db;
    boolean authenticated;
    User user = User.SUPERUSER;
    boolean replica;
    boolean monitor;
    boolean closeAsked;
    boolean replyOff;
    boolean skipThis;
    boolean skipNext;
    long createdAt;
    long lastActive;
    Session session; // null without a connection, and of the master's stream
    boolean wroteThisRound;
    Hold hold; // or null
    long seenOffset;
    String name = "";
    String libName = "";
    String libVersion = "";
    Waiting suspension; // what it waits in, or null; Suspension.of has all of it
    CommandRow lastRow;
    Object attachment;
    Subscriptions subscriptions;
    ClientTracking tracking; // null while it does not track
    boolean mayBeEvicted = true;
    boolean noTouch;
    long heldNames; // bytes of the heap that the names take which it holds
    long counted; // what ClientMemory knows of its memory
    private final SlowReader slowness = new SlowReader();
    final Transaction transaction = new Transaction();

    /** One that came now, in monotonic milliseconds: one that has sent nothing yet is idle since then. */
    Client(long id, Origin origin, Connection connection, long now) {
        this.id = id;
        this.origin = origin;
        this.connection = connection;
        this.createdAt = now;
        this.lastActive = now;
        this.reply = new ReplyWriter(isAnswered() ? null : new NativeBuffer(256));
    }

    /** Bytes came. */
    public void heard(long now) {
        lastActive = now;
    }

    /** A source of commands without a connection; its replies go nowhere. */
    public static Client internal(Origin origin) {
        Client client = new Client(0, origin, null, 0);
        client.authenticated = true;
        return client;
    }

    /** Of one without a connection: it acts for {@code other} from now on, in its database, and reads RESP2. */
    public void actFor(Client other) {
        db = other.db;
        authenticated = other.authenticated;
        reply.protocol(2);
    }

    /** Its number, as CLIENT ID tells. 0 for one without a connection. */
    public long id() {
        return id;
    }

    /** Whether somebody reads its replies: it has a connection, and is not the master's stream. */
    public boolean isAnswered() {
        return connection != null && origin.isAnswered();
    }

    /** The socket, or null. */
    public Connection connection() {
        return connection;
    }

    /**
     * Where its replies go: nowhere after CLIENT REPLY OFF or SKIP. Between commands (unblocking) call {@link #sendLater}
     * afterwards.
     */
    public ReplyWriter reply() {
        if (isAnswered()) {
            // A replica's connection carries the stream, which has no room for replies: the dispatcher sees to them.
            reply.target(replica || replyOff || skipThis ? session.silence() : connection.output());
        }
        return reply;
    }

    /**
     * Where messages to who listens go, replies wanted or not: confirmations of subscribing too. Call {@link #pushed} when the
     * message is whole, as it is the same writer.
     */
    ReplyWriter push() {
        reply.target(isAnswered() ? connection.output() : reply.buffer());
        return reply;
    }

    /** The message is whole: what is written next is a reply again. */
    void pushed() {
        reply();
    }

    /** Whether it speaks RESP3. (To ask {@link #reply} would give an idle connection a buffer.) */
    public boolean resp3() {
        return reply.resp3();
    }

    /** Sends what was written outside of a command, at the end of this round. */
    public void sendLater() {
        if (isAnswered()) {
            connection.flushLater();
        }
    }

    /** Whether it is the stream of this node's master. */
    public boolean isMaster() {
        return origin == Origin.MASTER;
    }

    /** Whether it comes from this machine. */
    boolean isLocal() {
        return connection != null && connection.isLoopback();
    }

    /** Whether it is an ordinary connection, neither a replica's link nor an internal source. */
    public boolean isNormal() {
        return origin == Origin.CLIENT && !replica;
    }

    Origin origin() {
        return origin;
    }

    boolean isTooSlow(OutputLimit limit, long now) {
        return slowness.exceeds(limit, connection.pendingOutput(), now);
    }

    /** Whether its connection has become a replica's link. */
    public boolean isReplica() {
        return replica;
    }

    /** Whether it sees the commands of all clients, and may do little else. */
    public boolean isMonitor() {
        return monitor;
    }

    /** Marks it as a replica's link, for CLIENT LIST and so that CLIENT KILL TYPE finds it. */
    public void becomeReplica() {
        replica = true;
    }

    /** Index of the selected database. */
    public int db() {
        return db;
    }

    /** Selects a database; the index must exist. */
    public void select(int index) {
        db = index;
    }

    /** Whether it has said who it is, or did not need to when it came. */
    public boolean authenticated() {
        return authenticated;
    }

    /** Who it is. */
    public User user() {
        return user;
    }

    /** It has given the password of {@code next}. */
    public void authenticate(User next) {
        become(next, true);
    }

    /** It is nobody any more, and has to say who it is: its user is gone. */
    public void disown(User standard) {
        become(standard, false);
    }

    /** It is {@code next} from now on, who may run commands ({@code yes}), or has to say first who it is. */
    void become(User next, boolean yes) {
        user = next;
        authenticated = yes;
        limits();
    }

    /** The limits of its requests follow from whether it may run commands. */
    public void limits() {
        if (session != null) {
            session.limits();
        }
    }

    /** Name by CLIENT SETNAME, or "". */
    public String name() {
        return name;
    }

    /** Where the log ended when the last command of this client was done, for WAIT: what it changed or has seen is before. */
    public long seenOffset() {
        return seenOffset;
    }

    /** Whether it is between MULTI and EXEC. */
    public boolean inMulti() {
        return transaction.active;
    }

    /** Something another package keeps with this client (replication: the state of the replica behind it). */
    public Object attachment() {
        return attachment;
    }

    /** Keeps something with this client; one thing only. */
    public void attach(Object thing) {
        attachment = thing;
    }

    /** How it wants to be told of keys that change, or null. */
    public ClientTracking tracking() {
        return tracking;
    }

    /** The id of the client that hears what it tracks, 0 if that is itself, -1 while it tracks nothing. */
    public long redirect() {
        return tracking == null ? -1 : tracking.options().redirect();
    }

    /** Whether it has subscribed to anything. */
    public boolean isSubscribed() {
        return subscriptions != null;
    }

    /** How many names it has subscribed to in one space. */
    public int subscriptions(Space space) {
        return subscriptions == null ? 0 : subscriptions.count(space);
    }

    /** Whether what it is sent could not be told from replies, so that it may do little but subscribe. */
    public boolean onlyListens() {
        return subscriptions != null && !reply.resp3();
    }

    /** Whether it waits in a blocking command. */
    public boolean isBlocked() {
        return suspension != null;
    }

    /** Whether it waits with a limit of time. */
    public boolean waitsForLimitedTime() {
        return suspension != null && suspension.hasTimeout();
    }

    /** Closes the connection once the replies so far are sent. */
    public void closeAfterReply() {
        closeAsked = true;
    }

    /** Closes the connection now; unsent replies are lost. */
    public void close(String reason) {
        if (connection != null) {
            connection.close(reason);
        }
    }

    /** CLIENT NO-EVICT: whether maxmemory-clients may close it. */
    public void mayBeEvicted(boolean may) {
        mayBeEvicted = may;
    }

    /** Whether maxmemory-clients may close it. */
    public boolean mayBeEvicted() {
        return mayBeEvicted;
    }

    /** CLIENT NO-TOUCH: whether its commands, but for TOUCH, leave what is known of the use of keys as it is. */
    public void noTouch(boolean on) {
        noTouch = on;
    }

    /** Whether they do. */
    public boolean isNoTouch() {
        return noTouch;
    }

    /** Memory outside of the heap that it makes the node hold: buffers, queued commands, and the request in which it waits. In bytes. */
    public long nativeMemory() {
        return connection.bufferBytes() + transaction.queueBytes() + suspendedMemory();
    }

    /** Memory of the request in which it waits, in bytes. */
    public long suspendedMemory() {
        return suspension == null ? 0 : suspension.memory();
    }

    /** All memory that it makes the node hold, in bytes. */
    public long memory() {
        return nativeMemory() + heldNames + OBJECTS;
    }

    /** Memory of the commands that it has queued, in bytes. */
    public long queueMemory() {
        return transaction.queueBytes();
    }

    /** It in a line of the log. */
    public String describe() {
        return "id=" + id + " addr=" + connection.remoteAddress() + " name="
                + name.substring(0, Math.min(name.length(), 128)) + " db=" + db + " obl=" + connection.pendingOutput()
                + " tot-mem=" + memory() + " cmd=" + lastCommand();
    }

    /** CLIENT REPLY ON or OFF; ON is answered already, OFF is not. */
    public void replies(boolean on) {
        replyOff = !on;
        skipThis &= !on;
        reply();
    }

    /** CLIENT REPLY SKIP: the next command is not answered. */
    public void skipNextReply() {
        skipNext = !replyOff;
    }

    /** A command has been answered, or would have been. */
    void answered() {
        skipThis = skipNext;
        skipNext = false;
        if (tracking != null) {
            tracking.commandDone(lastRow, transaction.active);
        }
    }

    /** RESET, as far as it is not told to others who know the client. */
    void reset() {
        db = 0;
        replyOff = false;
        skipNext = false;
        noTouch = false;
        reply();
    }

    /** Monotonic milliseconds of its connecting. */
    public long createdAt() {
        return createdAt;
    }

    /** Monotonic milliseconds of its last request. */
    public long lastActive() {
        return lastActive;
    }

    /** Commands queued since MULTI, or -1 outside of a transaction. */
    public int queuedCommands() {
        return transaction.active ? transaction.count : -1;
    }

    /** Name of its last command, or "NULL". */
    public String lastCommand() {
        return lastRow == null ? "NULL" : lastRow.name;
    }
}
