package dev.redisreplication.node.command;

import dev.redisreplication.node.resp.NativeBuffer;
import dev.redisreplication.node.resp.ProtocolException;
import dev.redisreplication.node.resp.Request;
import dev.redisreplication.node.resp.RequestParser;

/** Queueing between MULTI and EXEC, and executing what was queued. */
final class Transactions {
    private Transactions() {}

    static void queue(Client client, CommandRow row, Request request) {
        Transaction t = client.transaction;
        if (t.queue == null) {
            t.queue = new NativeBuffer(1024);
        }
        if (request.canonical()) {
            t.queue.put(request.frameAddress(), request.frameLength());
        } else {
            encode(request, t.queue);
        }
        t.rows.add(row);
        client.reply().simple("QUEUED");
    }

    /** Executes the queue of {@code client}; the array's header and one reply a command go to the client. */
    static void execute(Node node, Client client) {
        Transaction t = client.transaction;
        client.reply().array(t.rows.size());
        t.executing = true;
        t.active = false;
        Effects effects = node.effects();
        boolean logged = effects.active() && client.kind() == Client.Kind.NORMAL;
        if (logged) {
            effects.begin();
        }
        try {
            run(node, client, t);
        } finally {
            if (logged) {
                effects.end();
                client.writeOffset = effects.offset();
            }
        }
    }

    private static void run(Node node, Client client, Transaction t) {
        RequestParser parser = new RequestParser();
        int done = 0;
        try {
            for (CommandRow row : t.rows) {
                parser.parse(t.queue.address() + done, t.queue.readable() - done);
                node.dispatcher().run(client, row, parser.request());
                done += parser.request().frameLength();
            }
        } catch (ProtocolException e) {
            throw new IllegalStateException("the queue is not what was put into it", e);
        }
    }

    /** Appends the request to {@code out} as an array of bulks. */
    static void encode(Request request, NativeBuffer out) {
        out.put('*');
        out.putDecimal(request.argc());
        out.put("\r\n");
        for (int i = 0; i < request.argc(); i++) {
            out.put('$');
            out.putDecimal(request.length(i));
            out.put("\r\n");
            out.put(request.address(i), request.length(i));
            out.put("\r\n");
        }
    }
}
