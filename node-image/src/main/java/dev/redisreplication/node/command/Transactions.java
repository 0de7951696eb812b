package dev.redisreplication.node.command;

import dev.redisreplication.node.resp.CommandEncoder;
import dev.redisreplication.node.resp.NativeBuffer;
import dev.redisreplication.node.resp.Request;

/** Queueing between MULTI and EXEC; {@link Exec} executes what was queued. */
public final class Transactions {
    private static final long MOST_QUEUED = 0x7000_0000L; // one buffer holds the queue

    private Transactions() {}

    static void queue(Access access, Client client, int flags, Request request) {
        Transaction t = client.transaction;
        if (t.broken || t.touched) {
            client.reply().simple("QUEUED"); // EXEC will execute nothing: it is not kept, in Redis neither
            return;
        }
        // As in Redis, what is queued belongs to the query buffer in a broader sense.
        if (client.origin().isChecked()
                && t.queueLength() + request.frameLength() > Math.min(access.queryBufferLimit(), MOST_QUEUED)) {
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
        t.queued(flags);
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
    public static void end(Watches watches, Client client) {
        watches.unwatchAll(client);
        client.transaction.discard();
    }
}
