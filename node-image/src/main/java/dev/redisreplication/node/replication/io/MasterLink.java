package dev.redisreplication.node.replication.io;

import static dev.redisreplication.node.config.Directives.REPL_TIMEOUT;
import static dev.redisreplication.node.config.Directives.TLS_REPLICATION;

import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.history.EffectLog;
import dev.redisreplication.node.history.History;
import dev.redisreplication.node.history.Position;
import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.net.Causes;
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
import java.nio.file.Path;
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

    /** How the log names the next try. */
    private enum Try {
        FIRST("Connecting to MASTER %s:%d"),
        AFTER_STREAM("Reconnecting to MASTER %s:%d"),
        AFTER_FAILURE("Reconnecting to MASTER %s:%d after failure");

        private final String words;

        Try(String words) {
            this.words = words;
        }
    }

    private static final int FIRST_RETRY_MILLIS = 100;
    private static final int LAST_RETRY_MILLIS = 1000;
    private static final int LONGEST_LINE = 4096;
    /** Since when a link is down that has never been up. */
    static final long NEVER_UP = Long.MIN_VALUE;

    private final Node node;
    private final Replication replication;
    private final EffectLog log;
    private final MasterStream stream;
    private final String host;
    private final int port;

    private State state = State.DOWN;
    private boolean stopped;
    private boolean explained; // why the connection is closed is in the log already
    private Try next = Try.FIRST;
    private Timer attempt;
    private boolean sought; // the address is known
    private Connection connection;
    private MasterHandshake handshake;
    private DumpReceiver receiver;
    private Position incoming; // of the dump that comes
    private boolean legacy; // the master knows no offsets

    private long lastByte;
    private long downSince;
    private int retryMillis = FIRST_RETRY_MILLIS;

    /** @param downSince see {@link #downSince}, of the link before this one */
    MasterLink(Node node, Replication replication, String host, int port, int db, long downSince) {
        this.node = node;
        this.downSince = downSince;
        this.replication = replication;
        this.log = replication.log();
        this.host = host;
        this.port = port;
        this.stream = new MasterStream(node, replication, db);
        this.lastByte = node.loop().now();
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

    /** Monotonic milliseconds since when this node has had no master that it was linked to, or {@link #NEVER_UP}. */
    long downSince() {
        return isUp() ? node.loop().now() : downSince;
    }

    /** Seconds since it was up, or since the last dump came; -1 if neither has been. */
    long secondsDown() {
        return downSince == NEVER_UP ? -1 : (node.loop().now() - downSince) / 1000;
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

    /** Bytes of the dump that are there, and bytes announced: 0 if it comes without its length, -1 before it comes. */
    long received() {
        return receiver == null ? 0 : receiver.framing().received();
    }

    long announced() {
        return receiver == null ? -1 : Math.max(0, receiver.framing().announced());
    }

    // ---- connection

    void connect() {
        if (stopped) {
            return;
        }
        state = State.CONNECTING;
        sought = false;
        Log.notice(next.words.formatted(host, port));
        next = Try.FIRST;
        int timeout = (int) Math.min(node.settings().get(REPL_TIMEOUT) * 1000, 60_000);
        attempt = node.loop().connect(host, port, timeout, node.settings().get(TLS_REPLICATION), this);
    }

    /** Ends the link for good, as {@link #stop}, and says so in the log if it was one. */
    void leave(String reason) {
        if (state == State.STREAM) {
            lost(reason);
        }
        stop(reason);
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
    public void connecting() {
        sought = true;
        Log.notice("MASTER <-> REPLICA sync started");
    }

    @Override
    public void connected(Connection made) {
        attempt = null;
        connection = made;
        explained = false;
        state = State.HANDSHAKE;
        lastByte = node.loop().now();
        Log.notice("Non blocking connect for SYNC fired the event.");
        handshake = new MasterHandshake(replication.introduction());
        carryOut(handshake.connected());
    }

    @Override
    public void notConnected(String reason) {
        attempt = null;
        if (reason.equals(Causes.TIMED_OUT)) {
            Log.warning("Timeout connecting to the MASTER..." + by(reason));
            next = Try.AFTER_FAILURE;
        } else {
            String what = sought ? "Error condition on socket for SYNC: " : "Unable to connect to MASTER: ";
            Log.warning(what + reason + from());
        }
        tryAgain();
    }

    @Override
    public void closed(Connection gone, String reason) {
        connection = null;
        if (!stopped) {
            explain(reason);
            tryAgain();
        }
    }

    /** Says in the log how the connection ended, and how the next one is to be named. */
    private void explain(String reason) {
        switch (state) {
            case STREAM -> {
                lost(reason);
                downSince = node.loop().now();
                retryMillis = FIRST_RETRY_MILLIS;
                next = Try.AFTER_STREAM;
            }
            case ANNOUNCED, TRANSFER, LOADING -> {
                if (!explained) {
                    Log.warning("I/O error trying to sync with MASTER: connection lost" + by(reason));
                }
                next = Try.AFTER_FAILURE;
            }
            default -> {
                if (!explained) {
                    Log.warning("Master did not respond to command during SYNC handshake" + by(reason));
                }
            }
        }
    }

    private void lost(String reason) {
        Log.warning("Connection with master lost." + by(reason));
        Log.notice("Caching the disconnected master state.");
    }

    private String by(String reason) {
        return " (master " + host + ":" + port + ", " + reason + ")";
    }

    /** However a link ends, before or after it was one, the next try follows. */
    private void tryAgain() {
        if (stopped) {
            return;
        }
        dropTransfer();
        state = State.DOWN;
        stream.end();
        replication.linkDown();
        node.loop().after(retryMillis, this::connect);
        retryMillis = Math.min(2 * retryMillis, LAST_RETRY_MILLIS);
    }

    /** Closes the connection; the next try follows. */
    private void abort(String why) {
        Log.warning(why);
        end(why);
    }

    private void end(String reason) {
        explained = true;
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
                abort("Bad protocol from MASTER: a line without end" + from());
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
            case Step.Abort(String reason) -> end(reason);
            case Step.Rejected(String reason) -> {
                end(reason);
                replication.failover().rejected();
            }
            case Step.Legacy() -> {
                connection.output().put("SYNC\r\n"); // as it was before commands were arrays
                connection.flushNow();
                incoming = new Position(History.fresh(), 0, 0);
                legacy = true;
                state = State.ANNOUNCED;
            }
            case Step.Full(String replid, long offset) -> {
                replication.failover().accepted();
                incoming = new Position(History.of(replid), offset, 0);
                legacy = false;
                state = State.ANNOUNCED;
            }
            case Step.Continue(String replid) -> {
                Log.notice("Successful partial resynchronization with master.");
                if (replid != null) {
                    replication.continued(replid);
                }
                replication.failover().accepted();
                Log.notice("MASTER <-> REPLICA sync: Master accepted a Partial Resynchronization.");
                legacy = false;
                streamFrom(stream.db());
            }
        }
    }

    // ---- dump

    private void announced(String line) {
        if (line.startsWith("-")) {
            abort("MASTER aborted replication with an error: " + line.substring(1));
            return;
        }
        TransferFraming framing = TransferFraming.of(line);
        if (framing == null) {
            abort("Bad protocol from MASTER, the first byte is not '$' (we received '" + line
                    + "'), are you sure the host and port are right?" + from());
            return;
        }
        boolean toDisk = !replication.loadsDiskless();
        try {
            receiver = receive(framing, toDisk ? replication.persistence().temporary("receive") : null);
        } catch (IOException e) {
            abort("Opening the temp file needed for MASTER <-> REPLICA synchronization: " + e.getMessage());
            return;
        }
        String target = toDisk ? " to disk" : " to parser";
        Log.notice(
                framing.announced() < 0
                        ? "MASTER <-> REPLICA sync: receiving streamed RDB from master with EOF" + target
                        : "MASTER <-> REPLICA sync: receiving " + framing.announced() + " bytes from master" + target);
        state = State.TRANSFER;
        if (!toDisk) {
            replication.aboutToLoad();
        }
    }

    private DumpReceiver receive(TransferFraming framing, Path file) throws IOException {
        DumpReceiver[] mine = new DumpReceiver[1]; // whoever comes back late is of a transfer that is over
        DumpReceiver.Outcome outcome = new DumpReceiver.Outcome() {
            @Override
            public void loaded() {
                if (receiver == mine[0]) {
                    MasterLink.this.loaded(mine[0]);
                }
            }

            @Override
            public void failed(String reason) {
                if (receiver == mine[0]) {
                    abort("Failed trying to load the MASTER synchronization DB "
                            + (file == null ? "from socket" : "from disk") + ", the data of before stay: " + reason);
                }
            }
        };
        boolean async = file == null && replication.loadsAsync(incoming.history());
        mine[0] = new DumpReceiver(node, file, framing, async, outcome, () -> {
            if (receiver == mine[0] && state == State.TRANSFER) {
                connection.reading(true);
                connection.processInput();
            }
        });
        return mine[0];
    }

    private String from() {
        return " (master " + host + ":" + port + ")";
    }

    private boolean transfer(NativeBuffer in) {
        try {
            in.consume(receiver.take(in.address(), in.readable()));
        } catch (IOException e) {
            abort("Write error or short write writing to the DB dump file needed for MASTER <-> REPLICA"
                    + " synchronization: " + e.getMessage());
            return false;
        }
        if (!receiver.framing().isComplete()) {
            if (receiver.isFull()) {
                connection.reading(false);
            }
            return false;
        }
        state = State.LOADING;
        connection.reading(false);
        if (receiver.file() != null) {
            replication.aboutToLoad();
        }
        return false;
    }

    private void loaded(DumpReceiver dump) {
        receiver = null;
        String told = dump.facts().getOrDefault("repl-stream-db", "0");
        int selected = told.matches("\\d{1,5}") ? Integer.parseInt(told) : 0;
        replication.adopt(dump, new Position(incoming.history(), incoming.offset(), selected));
        downSince = node.loop().now();
        Log.notice("MASTER <-> REPLICA sync: Finished with success");
        streamFrom(selected);
        connection.reading(true);
        connection.processInput();
    }

    // ---- stream

    private void streamFrom(int selected) {
        stream.begin(connection, selected, !legacy);
        state = State.STREAM;
        retryMillis = FIRST_RETRY_MILLIS;
        replication.linkUp(!legacy);
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
            abort("Protocol error from master: " + e.getMessage() + from());
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

    private String silence() {
        return switch (state) {
            case STREAM -> "MASTER timeout: no data nor PING received...";
            case ANNOUNCED, TRANSFER ->
                "Timeout receiving bulk data from MASTER... If the problem persists try to set the 'repl-timeout'"
                        + " parameter in redis.conf to a larger value.";
            default -> "Timeout connecting to the MASTER...";
        };
    }

    /** Once a second. */
    void cron() {
        if (connection == null || state == State.DOWN || state == State.CONNECTING) {
            return;
        }
        long silent = node.loop().now() - lastByte;
        if (state == State.LOADING || (state == State.TRANSFER && receiver.isFull())) {
            lastByte = node.loop().now(); // it is this node that does not read
            connection.output().put("\n"); // tells the master that we are alive while we do not read
            connection.flushLater();
        } else if (!replication.leaving().isWaiting()
                && silent > node.settings().get(REPL_TIMEOUT) * 1000) {
            next = Try.AFTER_FAILURE; // unless the stream is what ends
            abort(silence() + from());
        } else if (state == State.STREAM) {
            stream.acknowledge(connection);
        }
    }
}
