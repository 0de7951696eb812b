package dev.redisreplication.node.command;

import dev.redisreplication.node.resp.CommandEncoder;
import dev.redisreplication.node.resp.NativeBuffer;
import dev.redisreplication.node.resp.ProtocolException;
import dev.redisreplication.node.resp.Request;
import dev.redisreplication.node.resp.RequestParser;

/** Queueing between MULTI and EXEC, and executing what was queued. */
public final class Transactions {
    private static final long MOST_QUEUED = 0x7000_0000L; // one buffer holds the queue

    private static final CommandError ABORTED =
            new CommandError("EXECABORT Transaction discarded because of previous errors.");

    private Transactions() {}

    static void queue(Node node, Client client, CommandRow row, Request request) {
        Transaction t = client.transaction;
        if (t.broken || t.touched) {
            client.reply().simple("QUEUED"); // EXEC will execute nothing: it is not kept, in Redis neither
            return;
        }
        // As in Redis, what is queued belongs to the query buffer in a broader sense.
        if (client.origin().isChecked()
                && t.queueLength() + request.frameLength()
                        > Math.min(node.access().queryBufferLimit(), MOST_QUEUED)) {
            client.close("query buffer limit");
            return;
        }
        if (t.queue == null) {
            t.queue = new NativeBuffer(1024);
        }
        if (request.canonical()) {
            t.queue.put(request.frameAddress(), request.frameLength());
        } else {
            CommandEncoder.command(t.queue, request);
        }
        t.queued(row);
        client.reply().simple("QUEUED");
    }

    /** MULTI: false when it has begun already. */
    public static boolean begin(Client client) {
        if (client.transaction.active) {
            return false;
        }
        client.transaction.active = true;
        return true;
    }

    /** Forgets what was queued and what is watched: DISCARD, RESET, and the end of EXEC. */
    public static void end(Node node, Client client) {
        node.watches().unwatchAll(client);
        client.transaction.discard();
    }

    /** EXEC: all that was queued, or the reason that nothing was executed. */
    public static void execute(Node node, Client client) {
        Transaction t = client.transaction;
        try {
            if (t.broken) {
                throw ABORTED;
            }
            if (t.touched || node.watches().expired(client)) {
                client.reply().nilArray();
                return;
            }
            runAll(node, client);
        } finally {
            end(node, client);
        }
    }

    private static void runAll(Node node, Client client) {
        Transaction t = client.transaction;
        node.watches().unwatchAll(client);
        client.reply().array(t.count);
        t.active = false;
        run(node, client, t);
    }

    /** The rules may have changed since the command was queued: then it is answered by an error, and the others run. */
    private static boolean mayRun(Node node, Client client, CommandRow row, Request request) {
        Denial denial = client.user.isUnrestricted() ? null : client.user.check(row, request);
        if (denial == null) {
            return true;
        }
        node.users().denied(client, Users.Context.MULTI, row, request, denial);
        String text = denial.lateError();
        node.stats().countError(ErrorTexts.code(text));
        client.reply().error(text);
        return false;
    }

    private static void run(Node node, Client client, Transaction t) {
        RequestParser parser = node.dispatcher().queued();
        Request request = parser.request();
        int done = 0;
        try {
            for (int i = 0; i < t.count; i++) {
                parser.parse(t.queue.address() + done, t.queue.readable() - done);
                CommandRow row = node.dispatcher().row(request);
                if (mayRun(node, client, row, request)) {
                    node.execution().run(client, row, request);
                }
                done += request.frameLength();
                request.trim();
            }
        } catch (ProtocolException e) {
            throw new IllegalStateException("the queue is not what was put into it", e);
        }
    }
}
