package dev.redisreplication.node.command;

import dev.redisreplication.node.net.Connection;
import dev.redisreplication.node.net.ConnectionHandler;
import dev.redisreplication.node.resp.NativeBuffer;
import dev.redisreplication.node.resp.ProtocolException;
import dev.redisreplication.node.resp.Request;
import dev.redisreplication.node.resp.RequestParser;

/** One client on a connection: executes whatever has come whole, in order. */
public final class ClientSession implements ConnectionHandler, Session {
    /** How long one client's requests may keep the others waiting; a client that sends more goes on in the next turn. */
    private static final long TURN_NANOS = 500_000;

    private static final int TURN_LOOKED_AT_EVERY = 8; // requests: reading the clock costs as much as a short one

    private final Node node;
    private final Dispatcher dispatcher;
    private final Client client;
    private final RequestParser parser;

    private ClientSession(Dispatcher dispatcher, Client client) {
        this.node = dispatcher.node();
        this.dispatcher = dispatcher;
        this.client = client;
        this.parser = new RequestParser(dispatcher.incoming());
    }

    /** The session of a connection that was just accepted; null after it was refused and will be closed. */
    public static ConnectionHandler open(Dispatcher dispatcher, Connection connection) {
        Node node = dispatcher.node();
        Client client = new Client(
                node.clients().nextId(), Origin.CLIENT, connection, node.loop().now());
        client.become(node.users().standard(), node.users().isOpen());
        ClientSession session = new ClientSession(dispatcher, client);
        client.session = session;
        session.limits();
        if (connection.isAgreed()) {
            session.connected(connection);
        }
        String refusal =
                node.access().refuse(node.clients().count(), node.users().standardHasNoPassword(), connection);
        node.clients().add(client);
        if (refusal != null) {
            node.stats().connectionsRejected++;
            client.reply().error(refusal);
            connection.closeAfterFlush();
        }
        return session;
    }

    /** As in Redis, who fails at TLS has not connected. */
    @Override
    public void connected(Connection connection) {
        node.stats().connectionsReceived++;
    }

    @Override
    public NativeBuffer silence() {
        return dispatcher.silence();
    }

    @Override
    public void limits() {
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
        node.execution().tick();
        client.lastActive = connection.lastInput();
        // Not always this session itself: a replica's link hands its input on to here.
        ConnectionHandler handler = connection.handler();
        try {
            long end = 0;
            int done = 0;
            while (next(connection) && connection.handler() == handler) {
                if (++done % TURN_LOOKED_AT_EVERY != 0) {
                    continue;
                }
                long now = System.nanoTime();
                if (done == TURN_LOOKED_AT_EVERY) {
                    dispatcher.stopwatch().manyAtOnce();
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
    private boolean next(Connection connection) throws ProtocolException {
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
        if (!node.interlude().isNone()
                && request.argc() > 0
                && node.interlude().holds(client, dispatcher.called(request))) {
            checkQueryBuffer(connection);
            return false;
        }
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
        if (client.isNormal() && node.outputs().closeIfFlooded(client)) {
            return false;
        }
        return client.suspension == null && !client.closeAsked;
    }

    @Override
    public void again(Request request) {
        node.execution().tick();
        try {
            dispatcher.dispatch(client, request);
        } catch (RuntimeException | Error fault) { // as a connection's own turn does it
            client.close("internal error");
            throw fault;
        }
        if (repliesLeave()) {
            client.connection().processInputNow(); // before anybody else who was held back
        }
    }

    @Override
    public void resume(CommandRow row, Request request) {
        dispatcher.resume(client, row, request);
    }

    @Override
    public void end(CommandRow row, Request request) {
        dispatcher.end(client, row, request);
    }

    @Override
    public void goOn() {
        if (repliesLeave()) {
            client.connection().processInput(); // not here: who woke it may be in the middle of a command of its own
        }
    }

    @Override
    public void goOnNow() {
        if (repliesLeave()) {
            client.connection().processInputNow();
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
        long most = node.outputs().most(client);
        return most == 0 ? Long.MAX_VALUE : most;
    }

    @Override
    public void overflowed(Connection connection) {
        node.outputs().overflowed(client);
    }

    @Override
    public void closed(Connection connection, String reason) {
        node.forget(client);
    }
}
