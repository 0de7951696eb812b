package dev.redisreplication.node.command;

import dev.redisreplication.node.net.Connection;
import dev.redisreplication.node.net.ConnectionHandler;
import dev.redisreplication.node.resp.NativeBuffer;
import dev.redisreplication.node.resp.ProtocolException;
import dev.redisreplication.node.resp.Request;
import dev.redisreplication.node.resp.RequestParser;

/** One client on a connection: executes whatever has come whole, in order. */
public final class ClientSession implements ConnectionHandler {
    /** How long one client's requests may keep the others waiting; a client that sends more goes on in the next turn. */
    private static final long TURN_NANOS = 500_000;

    private static final int TURN_LOOKED_AT_EVERY = 8; // requests: reading the clock costs as much as a short one

    private final Node node;
    private final Client client;
    private final RequestParser parser;

    private ClientSession(Node node, Client client) {
        this.node = node;
        this.client = client;
        this.parser = new RequestParser(node.dispatcher().incoming());
    }

    /** The session of a connection that was just accepted; null after it was refused and will be closed. */
    public static ConnectionHandler open(Node node, Connection connection) {
        Client client = new Client(node.clients().nextId(), Origin.CLIENT, connection);
        client.beginAs(node.users());
        client.createdAt = node.loop().now();
        ClientSession session = new ClientSession(node, client);
        client.session = session;
        session.limits();
        node.stats().connectionsReceived++;
        String refusal = node.access().refuse(node, connection);
        node.clients().add(client);
        if (refusal != null) {
            node.stats().connectionsRejected++;
            client.reply().error(refusal);
            connection.closeAfterFlush();
        }
        return session;
    }

    /** Where the replies of a client go that wants none. */
    NativeBuffer silence() {
        return node.dispatcher().silence();
    }

    /** Takes the limits of the parser over, after a directive or the client's standing has changed. */
    void limits() {
        parser.limited(!client.authenticated && !node.users().isOpen());
        parser.maxBulk(node.access().maxBulk());
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // the same handler is meant, not an equal one
    public void input(Connection connection) {
        if (client.suspension != null) {
            checkQueryBuffer(connection);
            node.clientMemory().look(client);
            return;
        }
        Dispatcher dispatcher = node.dispatcher();
        node.execution().tick();
        client.lastActive = connection.lastInput();
        // Not always this session itself: a replica's link hands its input on to here.
        ConnectionHandler handler = connection.handler();
        try {
            long end = 0;
            int done = 0;
            while (next(connection, dispatcher) && connection.handler() == handler) {
                if (++done % TURN_LOOKED_AT_EVERY != 0) {
                    continue;
                }
                long now = System.nanoTime();
                if (done == TURN_LOOKED_AT_EVERY) {
                    node.stopwatch().manyAtOnce();
                    end = now + TURN_NANOS;
                } else if (now - end > 0) {
                    connection.yieldTurn();
                    break;
                }
            }
        } catch (ProtocolException e) {
            node.stats().protocolErrors++;
            client.reply().error("ERR Protocol error: " + e.getMessage());
            client.closeAsked = true;
        }
        if (connection.pendingOutput() > 0) {
            connection.flushLater();
        }
        if (client.closeAsked) {
            connection.closeAfterFlush();
        }
        node.clientMemory().look(client);
    }

    /** Executes one request; false when there is none, or none may be executed now. */
    private boolean next(Connection connection, Dispatcher dispatcher) throws ProtocolException {
        NativeBuffer in = connection.input();
        int available = in.readable();
        if (available == 0) {
            return false;
        }
        if (!parser.parse(in.address(), available)) {
            makeRoom(in, available);
            checkQueryBuffer(connection);
            return false;
        }
        Request request = parser.request();
        int length = request.frameLength();
        if (request.argc() == 0) {
            client.answered(); // an empty line, an empty array: CLIENT REPLY SKIP was for this one
        } else {
            dispatcher.dispatch(client, request);
        }
        node.stats().netInput += length;
        request.trim();
        if (!connection.isOpen()) {
            return false;
        }
        in.consume(length);
        if (client.isNormal() && client.closeIfFlooded(node)) {
            return false;
        }
        return client.suspension == null && !client.closeAsked;
    }

    /** Executes a request that was put aside, as if it had just come, and what has come behind it. */
    void again(Request request) {
        node.execution().tick();
        try {
            node.dispatcher().dispatch(client, request);
        } catch (RuntimeException | Error fault) { // as a connection's own turn does it
            client.close("internal error");
            throw fault;
        }
        if (repliesLeave()) {
            client.connection().processInputNow(); // before anybody else who was held back
        }
    }

    /** Goes on after a request that had to wait: its reply leaves, and what has come behind it is executed. */
    void goOn() {
        if (repliesLeave()) {
            client.connection().processInput(); // not here: who woke it may be in the middle of a command of its own
        }
    }

    /** Has what was answered outside of {@link #input} sent; says whether the client may go on. */
    private boolean repliesLeave() {
        Connection connection = client.connection();
        if (!connection.isOpen()) {
            return false;
        }
        connection.flushLater();
        if (client.closeAsked) {
            connection.closeAfterFlush();
        }
        node.clientMemory().look(client);
        return client.suspension == null && !client.closeAsked;
    }

    /** By what has come, and not by what was announced: that may never come. */
    private void makeRoom(NativeBuffer in, int available) {
        long missing = parser.needs() - available;
        if (missing > in.writable() && in.writable() < available / 4) {
            in.ensure((int) Math.min(missing, available));
        }
    }

    private void checkQueryBuffer(Connection connection) {
        if (connection.unreadInput() > node.access().queryBufferLimit()) {
            connection.close("query buffer limit");
        }
    }

    @Override
    public long outputLimit() {
        long hard = client.isNormal() ? node.access().outputLimit(client).hard() : 0;
        return hard == 0 ? Long.MAX_VALUE : hard;
    }

    @Override
    public void overflowed(Connection connection) {
        client.tellOfOverflow(node);
    }

    @Override
    public void closed(Connection connection, String reason) {
        node.forget(client);
    }
}
