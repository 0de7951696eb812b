package dev.redisreplication.node.replication.io;

import dev.redisreplication.node.command.Client;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.history.EffectLog;
import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.net.Connection;
import dev.redisreplication.node.resp.Ascii;
import dev.redisreplication.node.resp.CommandEncoder;
import dev.redisreplication.node.resp.NativeBuffer;
import dev.redisreplication.node.resp.ProtocolException;
import dev.redisreplication.node.resp.Request;
import dev.redisreplication.node.resp.RequestParser;
import java.util.ArrayList;
import java.util.List;

/** What the master sends after the dump: executes it, keeps it as this node's own log, and acknowledges it. */
final class MasterStream {
    private static final String NO_ECHO = "-";

    private final Node node;
    private final Replication replication;
    private final EffectLog log;

    /** This stream, or the one before it was interrupted; null before the first. */
    private Client client;

    private final RequestParser parser = new RequestParser();
    /** Bytes at the front of the input that were executed but belong to a transaction that is still open. */
    private int ahead;

    private int db;
    private boolean silent; // the master does not understand acknowledgements
    private boolean ackWanted;
    private String echo = NO_ECHO;
    private long askedAt = -1; // offset of the last question
    private long fileAcked = -1; // what was last said to be on disk
    private long divergences;
    private long divergenceLogged;

    MasterStream(Node node, Replication replication, int db) {
        this.node = node;
        this.replication = replication;
        this.log = replication.log();
        this.db = db;
    }

    /** Database of the stream. */
    int db() {
        return db;
    }

    /** The stream goes to this database next. */
    void selected(int database) {
        db = database;
    }

    /** Bytes that were received and are not in the log yet. */
    int ahead() {
        return ahead;
    }

    /**
     * Whatever comes next goes to this database.
     *
     * @param from where it comes from; CLIENT LIST shows it
     * @param acknowledges whether the master knows offsets, and is to be told this node's
     */
    void begin(Connection from, int selected, boolean acknowledges) {
        silent = !acknowledges;
        client = node.clients().addMaster(from, client, node.loop().now());
        client.select(selected);
        db = selected;
        parser.reset();
        ahead = 0;
        askedAt = -1;
        fileAcked = -1;
    }

    /** The link broke: an open transaction will be sent once more. */
    void end() {
        ahead = 0;
        if (client != null) {
            node.forget(client);
        }
    }

    /**
     * Executes what is complete. Bytes enter this node's own log only up to the last point at which no transaction was
     * open, so that data and offset always belong together.
     *
     * @throws ProtocolException when it is not RESP
     */
    void take(Connection from) throws ProtocolException {
        NativeBuffer in = from.input();
        int whole = 0;
        node.applying(true);
        try {
            node.execution().tick();
            client.heard(node.loop().now());
            while (parser.parse(in.address() + ahead, in.readable() - ahead)) {
                Request request = parser.request();
                if (request.argc() > 0 && !request.canonical()) {
                    throw new ProtocolException("a command is damaged"); // a master frames each in one way
                }
                apply(request);
                if (!from.isOpen()) {
                    return;
                }
                ahead += request.frameLength();
                if (!client.inMulti()) {
                    whole = ahead;
                    db = client.db();
                }
                if (ahead == in.readable()) {
                    break;
                }
            }
        } finally {
            node.applying(false);
            keep(in, whole); // what was executed before a fault must not be asked for once more
        }
        if (ackWanted) {
            askedAt = log.end();
            acknowledge(from);
        }
    }

    private void keep(NativeBuffer in, int whole) {
        if (whole > 0) {
            log.append(in.address(), whole);
            node.stats().replInput += whole;
            in.consume(whole);
            ahead -= whole;
            node.loop().wantRound();
        }
    }

    private void apply(Request request) {
        if (request.argc() == 0) {
            return;
        }
        try {
            String error = replication.replay().applyOne(client, request);
            if (error != null) {
                diverged(error, request);
            }
        } catch (CommandError e) {
            diverged(e.getMessage(), request);
        }
    }

    /** As Redis does: the link stays, the divergence is in the log. One line a second, lest it fill the disk. */
    private void diverged(String error, Request request) {
        divergences++;
        long now = node.loop().now();
        if (now - divergenceLogged >= 1000 || divergences == 1) {
            divergenceLogged = now;
            Log.warning("CRITICAL: a command of the master, '"
                    + Ascii.string(request.address(0), Math.min(request.length(0), 128))
                    + "', fails on this replica, so their data differ: " + error + " (" + divergences
                    + " of this link so far)");
        }
    }

    /** As {@link MasterLink#acknowledgeSoon}: once what came together with the question is in the log. */
    void acknowledgeSoon(String token) {
        ackWanted = true;
        if (token != null) {
            echo = token;
            replication.questioned(node.loop().now());
        }
    }

    /** Tells the master how far this node is; a managed one also its term, and what it was asked to repeat. */
    void acknowledge(Connection to) {
        ackWanted = false;
        if (silent) {
            return;
        }
        String offset = Long.toString(replication.keeping().acknowledgeable());
        List<String> words = new ArrayList<>(List.of("REPLCONF", "ACK", offset));
        if (replication.isManaged()) {
            words.addAll(List.of("TERM", Long.toString(replication.term()), "ECHO", echo));
        }
        fileAcked = replication.persistence().syncedOffset();
        if (fileAcked >= 0) {
            words.addAll(List.of("FACK", Long.toString(fileAcked))); // for WAITAOF
        }
        put(to, words);
        to.flushLater();
    }

    /** More is on disk: the master that asked for it is told at once, and not with the next second's word. */
    void fileSynced(Connection to) {
        if (fileAcked < askedAt && replication.persistence().syncedOffset() > fileAcked) {
            acknowledge(to);
        }
    }

    /** Writes a command to the master, without sending it yet. */
    static void put(Connection to, List<String> words) {
        NativeBuffer out = to.output();
        CommandEncoder.begin(out, words.size());
        for (String word : words) {
            CommandEncoder.arg(out, word);
        }
    }
}
