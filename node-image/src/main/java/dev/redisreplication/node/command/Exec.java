package dev.redisreplication.node.command;

import dev.redisreplication.node.resp.ProtocolException;
import dev.redisreplication.node.resp.Request;
import dev.redisreplication.node.resp.RequestParser;

/** EXEC: executes what was queued. On the event loop; there is one, as EXEC is not queued itself. */
public final class Exec {
    private static final CommandError ABORTED =
            new CommandError("EXECABORT Transaction discarded because of previous errors.");

    private final RequestParser parser = new RequestParser();

    /** Answers with all that was queued, or with the reason that nothing was executed. */
    public void run(Call call) {
        Client client = call.client();
        Watches watches = call.node().watches();
        Transaction t = client.transaction;
        try {
            if (t.broken) {
                throw ABORTED;
            }
            if (t.touched || watches.expired(client)) {
                client.reply().nilArray();
                return;
            }
            watches.unwatchAll(client);
            client.reply().array(t.count);
            t.active = false;
            runAll(call, client, t);
        } finally {
            Transactions.end(watches, client);
        }
    }

    private void runAll(Call call, Client client, Transaction t) {
        Request request = parser.request();
        int done = 0;
        try {
            for (int i = 0; i < t.count; i++) {
                parser.parse(t.queue.address() + done, t.queue.readable() - done);
                CommandRow row = call.table().find(client.origin(), request);
                CommandRow sub = row.subcommand(request);
                row = sub == null ? row : sub;
                if (mayRun(call.node(), client, row, request)) {
                    call.within().run(client, row, request);
                }
                done += request.frameLength();
                request.trim();
            }
        } catch (ProtocolException e) {
            throw new IllegalStateException("the queue is not what was put into it", e);
        }
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
}
