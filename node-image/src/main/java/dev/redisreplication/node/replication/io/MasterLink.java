package dev.redisreplication.node.replication.io;

import static dev.redisreplication.node.config.Directives.REPL_TIMEOUT;

import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.history.EffectLog;
import dev.redisreplication.node.history.History;
import dev.redisreplication.node.history.Position;
import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.net.Connection;
import dev.redisreplication.node.net.ConnectionHandler;
import dev.redisreplication.node.net.Timer;
import dev.redisreplication.node.replication.MasterHandshake;
import dev.redisreplication.node.replication.MasterHandshake.Step;
import dev.redisreplication.node.replication.TransferFraming;
import dev.redisreplication.node.resp.NativeBuffer;
import dev.redisreplication.node.resp.ProtocolException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The link of this node to its master: connects, introduces itself, takes the dump, applies the stream, comes back. */
public final class MasterLink implements ConnectionHandler {
    /** Where in its life the link is. */
    enum State {
        /** Not connected; will try again. */
        DOWN,
        CONNECTING,
        HANDSHAKE,
        /** Waits for the line that announces the dump. */
        ANNOUNCED,
        TRANSFER,
        LOADING,
        STREAM
    }

    private static final int FIRST_RETRY_MILLIS = 100;
    private static final int LAST_RETRY_MILLIS = 1000;
    private static final int LONGEST_LINE = 4096;

    private final Node node;
    private final Replication replication;
    private final EffectLog log;
    private final MasterStream stream;
    private final String host;
    private final int port;

    private State state = State.DOWN;
    private boolean stopped;
    private Timer attempt;
    private Connection connection;
    private MasterHandshake handshake;
    private DumpReceiver receiver;
    private String incomingReplid;
    private long incomingOffset;

    private long lastByte;
    private long downSince;
    private int retryMillis = FIRST_RETRY_MILLIS;

    MasterLink(Node node, Replication replication, String host, int port, int db) {
        this.node = node;
        this.replication = replication;
        this.log = replication.log();
        this.host = host;
        this.port = port;
        this.stream = new MasterStream(node, replication, db);
        this.downSince = node.loop().now();
        this.lastByte = downSince;
    }

    public String host() {
        return host;
    }

    public int port() {
        return port;
    }

    State state() {
        return state;
    }

    public boolean isUp() {
        return state == State.STREAM;
    }

    boolean isSyncing() {
        return state == State.ANNOUNCED || state == State.TRANSFER || state == State.LOADING;
    }

    /** The state as ROLE names it. */
    public String roleState() {
        return switch (state) {
            case DOWN -> "connect";
            case CONNECTING -> "connecting";
            case HANDSHAKE -> "handshake";
            case ANNOUNCED, TRANSFER, LOADING -> "sync";
            case STREAM -> "connected";
        };
    }

    /** Monotonic milliseconds when the last byte came. */
    long lastByte() {
        return lastByte;
    }

    /** Monotonic milliseconds since when it is not up. */
    long downSince() {
        return downSince;
    }

    /** Database of the stream, for who goes on from here. */
    int db() {
        return stream.db();
    }

    /** The stream goes to this database next. */
    void selected(int database) {
        stream.selected(database);
    }

    /** Bytes that were received, those of an open transaction included. */
    long readOffset() {
        return log.end() + stream.ahead();
    }

    /** Bytes of the dump that are there, and bytes announced (-1: not announced). */
    long received() {
        return receiver == null ? 0 : receiver.framing().received();
    }

    long announced() {
        return receiver == null ? -1 : receiver.framing().announced();
    }

    // ---- connection

    void connect() {
        if (stopped) {
            return;
        }
        state = State.CONNECTING;
        int timeout = (int) Math.min(node.settings().get(REPL_TIMEOUT) * 1000, 60_000);
        attempt = node.loop().connect(host, port, timeout, this);
    }

    /** Ends the link for good. What was received is applied already; a transfer in progress is thrown away. */
    void stop(String reason) {
        stopped = true;
        dropTransfer();
        if (attempt != null) {
            attempt.cancel();
        }
        if (connection != null) {
            connection.close(reason);
        }
        stream.end();
        state = State.DOWN;
    }

    @Override
    public void connected(Connection made) {
        attempt = null;
        connection = made;
        state = State.HANDSHAKE;
        lastByte = node.loop().now();
        handshake = new MasterHandshake(replication.introduction());
        carryOut(handshake.connected());
    }

    @Override
    public void notConnected(String reason) {
        attempt = null;
        tryAgain(reason);
    }

    @Override
    public void closed(Connection gone, String reason) {
        connection = null;
        if (state == State.STREAM) {
            downSince = node.loop().now();
            retryMillis = FIRST_RETRY_MILLIS;
        }
        tryAgain(reason);
    }

    /** However a link ends, before or after it was one, the next try follows. */
    private void tryAgain(String reason) {
        if (stopped) {
            return;
        }
        Log.notice("Link to master " + host + ":" + port + ": " + reason);
        dropTransfer();
        state = State.DOWN;
        stream.end();
        replication.linkDown();
        node.loop().after(retryMillis, this::connect);
        retryMillis = Math.min(2 * retryMillis, LAST_RETRY_MILLIS);
    }

    private void abort(String reason) {
        connection.close(reason);
    }

    private void dropTransfer() {
        if (receiver != null) {
            receiver.drop();
            receiver = null;
        }
    }

    @Override
    public void input(Connection from) {
        lastByte = node.loop().now();
        replication.heard(lastByte);
        NativeBuffer in = from.input();
        while (in.readable() > 0 && from.isOpen()) {
            boolean more =
                    switch (state) {
                        case HANDSHAKE, ANNOUNCED -> line(in);
                        case TRANSFER -> transfer(in);
                        case STREAM -> {
                            stream();
                            yield false;
                        }
                        case DOWN, CONNECTING, LOADING -> false;
                    };
            if (!more) {
                return;
            }
        }
    }

    // ---- handshake

    private boolean line(NativeBuffer in) {
        int length = 0;
        while (length < in.readable() && in.get(length) != '\n') {
            length++;
        }
        if (length == in.readable()) {
            if (length > LONGEST_LINE) {
                abort("the master sent a line without end");
            }
            return false;
        }
        String line = new String(Memory.bytes(in.address(), length), StandardCharsets.ISO_8859_1).strip();
        in.consume(length + 1);
        if (state == State.HANDSHAKE) {
            carryOut(handshake.line(line));
        } else if (!line.isEmpty()) {
            announced(line);
        }
        return true;
    }

    private void carryOut(Step step) {
        switch (step) {
            case Step.Wait() -> {
                // The next line decides.
            }
            case Step.Send(List<List<String>> commands) -> {
                commands.forEach(words -> MasterStream.put(connection, words));
                connection.flushNow();
            }
            case Step.Abort(String reason) -> abort(reason);
            case Step.Full(String replid, long offset) -> {
                incomingReplid = replid;
                incomingOffset = offset;
                state = State.ANNOUNCED;
                Log.notice("Full resync from master " + host + ":" + port + ", " + replid + " at offset " + offset);
            }
            case Step.Continue(String replid) -> {
                Log.notice("Partial resync from master " + host + ":" + port + " at offset " + log.end());
                if (replid != null) {
                    replication.continued(replid);
                }
                streamFrom(stream.db());
            }
        }
    }

    // ---- dump

    private void announced(String line) {
        TransferFraming framing = TransferFraming.of(line);
        if (framing == null) {
            abort("a dump was to be announced, found '" + line + "'");
            return;
        }
        try {
            receiver = new DumpReceiver(node, replication.persistence().temporary("receive"), framing);
        } catch (IOException e) {
            abort("the dump cannot be kept: " + e.getMessage());
            return;
        }
        state = State.TRANSFER;
    }

    private boolean transfer(NativeBuffer in) {
        try {
            in.consume(receiver.take(in.address(), in.readable()));
        } catch (IOException e) {
            abort("the dump cannot be kept: " + e.getMessage());
            return false;
        }
        if (!receiver.framing().isComplete()) {
            return false;
        }
        state = State.LOADING;
        connection.reading(false);
        DumpReceiver mine = receiver;
        mine.load(
                facts -> {
                    if (receiver == mine) {
                        loaded(mine);
                    }
                },
                reason -> {
                    if (receiver == mine) {
                        abort(reason);
                    }
                });
        return false;
    }

    private void loaded(DumpReceiver dump) {
        receiver = null;
        String told = dump.facts().getOrDefault("repl-stream-db", "0");
        int selected = told.matches("\\d{1,5}") ? Integer.parseInt(told) : 0;
        replication.adopt(dump, new Position(History.of(incomingReplid), incomingOffset, selected));
        streamFrom(selected);
        connection.reading(true);
        connection.processInput();
    }

    // ---- stream

    private void streamFrom(int selected) {
        stream.begin(connection, selected);
        state = State.STREAM;
        retryMillis = FIRST_RETRY_MILLIS;
        replication.linkUp();
        stream.acknowledge(connection);
    }

    /** Reads on what lies there since the node was about to end. */
    void resume() {
        if (state == State.STREAM) {
            connection.reading(true);
            connection.processInput();
        }
    }

    private void stream() {
        if (replication.leaving().isWaiting()) {
            connection.reading(false);
            return;
        }
        try {
            stream.take(connection);
        } catch (ProtocolException e) {
            abort("the master's stream is broken: " + e.getMessage());
        }
    }

    /**
     * REPLCONF GETACK: the master wants to know how far we are.
     *
     * @param token what a managed master wants to see again, or null
     */
    public void acknowledgeSoon(String token) {
        stream.acknowledgeSoon(token);
    }

    /** What this node has on disk may be more than it was. */
    void fileSynced() {
        if (state == State.STREAM) {
            stream.fileSynced(connection);
        }
    }

    /** Once a second. */
    void cron() {
        if (connection == null || state == State.DOWN || state == State.CONNECTING) {
            return;
        }
        long silent = node.loop().now() - lastByte;
        if (state == State.LOADING) {
            connection.output().put("\n"); // tells the master that we are alive while we do not read
            connection.flushLater();
        } else if (!replication.leaving().isWaiting()
                && silent > node.settings().get(REPL_TIMEOUT) * 1000) {
            abort("nothing came for " + silent / 1000 + " seconds");
        } else if (state == State.STREAM) {
            stream.acknowledge(connection);
        }
    }
}
