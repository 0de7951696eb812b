package dev.redisreplication.node.replication.io;

import dev.redisreplication.node.command.Client;
import dev.redisreplication.node.command.SlowReader;
import dev.redisreplication.node.config.OutputLimit;
import dev.redisreplication.node.history.EffectLog;
import dev.redisreplication.node.history.History;
import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.net.Connection;
import dev.redisreplication.node.net.ConnectionHandler;
import dev.redisreplication.node.rdb.DumpJob;
import dev.redisreplication.node.resp.NativeBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * One replica of this node: what it said about itself, how far it is, and the bytes on their way to it. Commands that it
 * sends (REPLCONF ACK) keep going through the dispatcher.
 */
public final class ReplicaLink implements ConnectionHandler {
    /** Where in its life the link is. */
    enum State {
        /** Introduces itself. */
        HANDSHAKE,
        /** Needs a dump that has not begun, or that is not complete while the replica wants its length first. */
        WAIT,
        /** Gets the dump. */
        SENDING,
        /** Has the whole dump and loads it; the stream follows its first acknowledgement. */
        AWAIT_ACK,
        ONLINE
    }

    /** Bytes handed to a socket before it must have taken them. */
    private static final int PENDING = 1 << 20;

    private static final int READ = 1 << 16;

    private final Client client;
    private final Connection connection;
    private final ConnectionHandler commands;
    private final Replicas replicas;
    private final EffectLog log;

    private State state = State.HANDSHAKE;
    private long port;
    private String announcedIp = "";
    private boolean knowsEndMark;
    private boolean knowsNewIds;
    private boolean knowsPsync = true;
    private boolean dumpOnly;
    private boolean withoutKeys;
    private long term = -1;
    private String runId = "";

    private long cursor;
    private long acked;
    private long aofAcked = -1;
    private long ackedAt;
    private long echo = Long.MIN_VALUE;
    private final SlowReader slowness = new SlowReader();
    private DumpJob dump;
    private long dumpSent;
    private long tookAt; // monotonic milliseconds when the socket last had room for more of it
    private String mark;
    private long dumpNotBefore; // monotonic milliseconds, as those below
    private long onlineSince;
    private boolean unconfirmed; // it has got a whole dump, and has said nothing since
    private boolean ended; // by this side

    ReplicaLink(Client client, Replicas replicas, EffectLog log, long now) {
        this.client = client;
        this.connection = client.connection();
        this.commands = connection.handler();
        this.replicas = replicas;
        this.log = log;
        this.ackedAt = now;
    }

    // ---- introduction

    public void port(long value) {
        port = value;
    }

    public void announcedIp(String value) {
        announcedIp = value;
    }

    public void capability(String name) {
        switch (name.toLowerCase(Locale.ROOT)) {
            case "eof" -> knowsEndMark = true;
            case "psync2" -> knowsNewIds = true;
            default -> {
                // A capability of a later version; there is no need for it.
            }
        }
    }

    /** Whether it wants the dump and then nothing more. */
    public void dumpOnly(boolean on) {
        dumpOnly = on;
    }

    /** It wants a dump in which no data is. */
    public void dumpWithoutKeys() {
        withoutKeys = true;
    }

    /** Whether it wants a dump that is made for it alone, and does not know how such a dump ends; Redis refuses that. */
    public boolean lacksEndMark() {
        return withoutKeys && !knowsEndMark;
    }

    public void managed(long ofTerm, String ofRun) {
        term = ofTerm;
        runId = ofRun;
    }

    // ---- facts

    State state() {
        return state;
    }

    /** Whether it has had its dump, or needs none. It may still load what it has got. */
    public boolean isOnline() {
        return state == State.AWAIT_ACK || state == State.ONLINE;
    }

    /** The term it was introduced with, or -1 for a replica that is not managed. */
    long term() {
        return term;
    }

    String runId() {
        return runId;
    }

    public long port() {
        return port;
    }

    public String address() {
        if (!announcedIp.isEmpty()) {
            return announcedIp;
        }
        String remote = connection.remoteAddress();
        return remote.substring(0, remote.lastIndexOf(':'));
    }

    /** Who it is, in the log: where its clients would reach it. */
    String name() {
        return address() + ":" + (port == 0 ? "<unknown-replica-port>" : Long.toString(port));
    }

    boolean knowsEndMark() {
        return knowsEndMark;
    }

    public long acked() {
        return acked;
    }

    long echo() {
        return echo;
    }

    long secondsSinceAck(long now) {
        return (now - ackedAt) / 1000;
    }

    /** The offset from which on it still needs the log. */
    long cursor() {
        return isOnline() || dump != null ? cursor : Long.MAX_VALUE;
    }

    /** The state as INFO names it. */
    String stateName() {
        return switch (state) {
            case HANDSHAKE, WAIT -> "wait_bgsave";
            case SENDING -> mark != null ? "wait_bgsave" : "send_bulk"; // in Redis the child sends what has no length
            case AWAIT_ACK, ONLINE -> "online";
        };
    }

    /** Whether it does not acknowledge: it came by SYNC, as redis-cli does. */
    boolean isSilent() {
        return !knowsPsync;
    }

    boolean wantsNoKeys() {
        return withoutKeys;
    }

    boolean getsDump() {
        return dump != null && !dump.isComplete();
    }

    boolean needsDump(long now) {
        return state == State.WAIT && dump == null && now >= dumpNotBefore;
    }

    // ---- events

    /** A partial resync: the stream follows from {@code offset}. */
    void resume(long offset, History history) {
        become();
        put(knowsNewIds ? "+CONTINUE " + history.replid() + "\r\n" : "+CONTINUE\r\n");
        cursor = offset;
        acked = offset;
        ackedAt = replicas.now();
        onlineSince = ackedAt;
        state = State.ONLINE;
        feed();
    }

    /**
     * A full resync: a dump is needed.
     *
     * @param byPsync whether it learns which history the dump belongs to; SYNC is older than that
     * @param notBefore monotonic milliseconds: it has to wait for its dump until then
     */
    void awaitDump(boolean byPsync, long notBefore) {
        become();
        knowsPsync = byPsync;
        dumpNotBefore = notBefore;
        state = State.WAIT;
    }

    private void become() {
        client.becomeReplica();
        connection.handler(this);
    }

    /**
     * A dump that begins at {@code offset} is for this replica.
     *
     * @param endMark whether a mark may end it, and its length need not be known before it is sent
     */
    void attach(DumpJob job, History history, long offset, boolean endMark) {
        dump = job;
        job.retain();
        dumpSent = 0;
        tookAt = replicas.now();
        cursor = offset;
        if (knowsPsync) {
            put("+FULLRESYNC " + history.replid() + " " + offset + "\r\n");
        }
        if (endMark && knowsEndMark) {
            mark = History.randomId();
            put("$EOF:" + mark + "\r\n");
            state = State.SENDING;
        }
        sendDump();
    }

    /** More of the dump can be read, or the socket takes more. */
    void sendDump() {
        if (dump == null) {
            return;
        }
        if (state == State.WAIT) {
            if (!dump.isComplete()) {
                connection.flushNow();
                return;
            }
            put("$" + dump.written() + "\r\n");
            state = State.SENDING;
        }
        if (connection.pendingOutput() < PENDING) {
            tookAt = replicas.now();
        }
        try {
            while (dump != null
                    && connection.pendingOutput() + connection.output().readable() < PENDING
                    && readDump()) {
                connection.flushNow();
            }
        } catch (IOException e) {
            connection.close("reading the dump failed: " + e.getMessage());
            return;
        }
        if (dump == null) {
            return; // the connection ended while it was written to
        }
        if (dump.isComplete() && dumpSent == dump.written()) {
            dumpSent();
        } else if (connection.pendingOutput() > 0) {
            connection.notifyDrained();
        }
    }

    private boolean readDump() throws IOException {
        int length = (int) Math.min(READ, dump.written() - dumpSent);
        if (length <= 0) {
            return false;
        }
        NativeBuffer out = connection.output();
        out.ensure(length);
        ByteBuffer target =
                Memory.segment(out.address() + out.readable(), length).asByteBuffer();
        int done = dump.read(target, dumpSent);
        if (done <= 0) {
            return false;
        }
        out.wrote(done);
        dumpSent += done;
        return true;
    }

    private void dumpSent() {
        dump.release();
        dump = null;
        ackedAt = replicas.now(); // it could not say anything before
        onlineSince = ackedAt;
        unconfirmed = knowsPsync && !dumpOnly;
        if (mark != null) {
            put(mark);
            connection.flushNow();
            state = State.AWAIT_ACK; // a byte behind the mark would be taken for the dump's
            Log.notice("Streamed RDB transfer with replica " + name()
                    + " succeeded (socket). Waiting for REPLCONF ACK from slave to enable streaming");
        }
        if (!dumpOnly) {
            Log.notice("Synchronization with replica " + name() + " succeeded");
        }
        if (dumpOnly) {
            connection.closeAfterFlush();
        } else if (mark == null) {
            state = State.ONLINE;
            feed();
        }
    }

    /** The dump could not be made. */
    void dumpFailed() {
        if (dump != null) {
            dump.release();
            dump = null;
        }
        connection.close("the dump for it could not be made");
    }

    /** The offset up to which it has everything in its append-only file, on disk; -1 for none. */
    long aofAcked() {
        return aofAcked;
    }

    /** It said so. */
    public void acknowledgeFile(long offset) {
        aofAcked = Math.max(aofAcked, Math.min(offset, log.end()));
    }

    /** REPLCONF ACK arrived. */
    void acknowledge(long offset, long now) {
        if (offset > acked) {
            acked = Math.min(offset, log.end());
        }
        ackedAt = now;
        unconfirmed = false;
        if (state == State.AWAIT_ACK) {
            state = State.ONLINE;
            feed();
        }
    }

    /** An acknowledgement of a managed replica under its term returned a reading of our clock. */
    void echoed(long reading) {
        echo = Math.max(echo, reading);
    }

    /** A line feed tells a waiting replica that we are alive; it skips empty lines. */
    void signOfLife() {
        if (state == State.WAIT) {
            put("\n");
            connection.flushNow();
        }
    }

    /** Sends what the log has and this replica has not, as far as the kernel takes it. */
    void feed() {
        if (state != State.ONLINE) {
            return;
        }
        boolean any = false;
        while (cursor < log.end()
                && connection.pendingOutput() + connection.output().readable() < PENDING) {
            int length = log.contiguous(cursor);
            connection.output().put(log.address(cursor), length);
            cursor += length;
            replicas.counted(length);
            any = true;
        }
        if (any || connection.output().readable() > 0) {
            connection.flushNow();
        }
        if (cursor < log.end()) {
            connection.notifyDrained();
        }
    }

    /**
     * Whether it lags more than it may. A limit below the size of the backlog would end a replica that has just resumed, again
     * and again: then that size is the limit, as in Redis.
     */
    private boolean exceeds(OutputLimit configured, long backlogSize, long now) {
        boolean low = configured.hard() > 0 && configured.hard() < backlogSize;
        OutputLimit limit = low ? new OutputLimit(backlogSize, configured.soft(), configured.softMillis()) : configured;
        long behind = cursor() == Long.MAX_VALUE ? 0 : log.end() - cursor + connection.pendingOutput();
        return slowness.exceeds(limit, behind, now);
    }

    /** Ends the link if it lags more than it may, see {@link #exceeds}. */
    void closeIfFlooded(OutputLimit limit, long backlogSize, long now) {
        if (exceeds(limit, backlogSize, now)) {
            Log.warning("Client " + client.describe()
                    + " scheduled to be closed ASAP for overcoming of output buffer limits.");
            replicas.fedInVain(this, isOnline() ? now - onlineSince : 0, "more is written than it takes");
            close("it is further behind than client-output-buffer-limit allows");
        }
    }

    /** Whether it has taken nothing for so long of a dump that is sent while it is made, which has to wait for it. */
    boolean isStuck(long millis, long now) {
        return state == State.SENDING && mark != null && now - tookAt > millis;
    }

    void close(String reason) {
        ended = true;
        connection.close(reason);
    }

    private void put(String text) {
        connection.output().put(text);
    }

    @Override
    public void input(Connection from) {
        if (from.input().readable() > 0 && from.input().get(0) == '\n') {
            ackedAt = replicas.now(); // as long as it loads, an empty line is all that it says
        }
        commands.input(from);
    }

    @Override
    public void drained(Connection from) {
        if (dump != null) {
            sendDump();
        } else {
            feed();
        }
        commands.drained(from);
    }

    @Override
    public void closed(Connection from, String reason) {
        if (dump != null) {
            dump.release();
            dump = null;
        }
        replicas.lost(this, reason);
        if (unconfirmed && !ended) {
            replicas.leftWithDump(this);
        }
        commands.closed(from, reason);
    }
}
