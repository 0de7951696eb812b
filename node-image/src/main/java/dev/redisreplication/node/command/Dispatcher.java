package dev.redisreplication.node.command;

import dev.redisreplication.node.resp.Ascii;
import dev.redisreplication.node.resp.NativeBuffer;
import dev.redisreplication.node.resp.ReplyWriter;
import dev.redisreplication.node.resp.Request;

/** Finds the row of a request; {@link Admission} says whether it may run, {@link Runner} runs it. On the event loop. */
public final class Dispatcher implements Replay {
    private static final int SILENCE_KEPT = 64 << 10; // bytes

    private final Node node;
    private final CommandTable table;
    private final Stopwatch stopwatch = new Stopwatch();
    private final Runner runner;
    private final Admission admission;
    private NativeBuffer silence = new NativeBuffer(256);
    private final Request incoming = new Request();

    /** Has {@code node} execute the commands of {@code table}. */
    public Dispatcher(Node node, CommandTable table) {
        this.node = node;
        this.table = table;
        node.stats().rows(table.withSubcommands().size());
        this.runner = new Runner(node, table, stopwatch);
        this.admission =
                new Admission(node.settings(), node.users(), node.memory(), node.standing(), node.interlude(), table);
    }

    Node node() {
        return node;
    }

    Stopwatch stopwatch() {
        return stopwatch;
    }

    /** Answers one request of a client, or puts it aside. */
    void dispatch(Client client, Request request) {
        answer(client, request);
        if (client.suspension == null) {
            client.answered();
        }
        if (client.replica && (silence.readable() > 0 || client.isSubscribed())) {
            client.close("a replica asked for a reply, by the command '" + ErrorTexts.cut(request, 0, ErrorTexts.SHOWN)
                    + "'");
        }
        if (silence.readable() > 0) {
            hush();
        }
    }

    /** Executes a request again that was put aside, if it may run; else it has been answered with the reason. */
    void resume(Client client, CommandRow row, Request request) {
        CommandError refusal = admission.refuse(client, row, row.flags(request), request);
        if (refusal == null) {
            runner.run(client, row, request);
        } else {
            reject(client, row, request, refusal);
        }
    }

    /** Executes a request for the last time that was put aside, whatever the node may do now: it says how its wait ends. */
    void end(Client client, CommandRow row, Request request) {
        node.execution().tick();
        runner.run(client, row, request);
    }

    /** Where the replies of clients go that want none (CLIENT REPLY); emptied after each request. */
    NativeBuffer silence() {
        return silence;
    }

    private void hush() {
        silence.clear();
        if (silence.capacity() > SILENCE_KEPT) {
            silence.close();
            silence = new NativeBuffer(256);
        }
    }

    private void answer(Client client, Request request) {
        CommandRow row = find(client, request);
        if (row == null) {
            return;
        }
        int flags = row.flags(request);
        CommandError refusal = admission.refuse(client, row, flags, request);
        if (refusal != null) {
            boolean waits = refusal.equals(node.gate().role()) && node.pause().holdsWithoutRole(client, row, request);
            if (!waits) {
                reject(client, row, request, refusal);
            }
        } else if (!node.pause().holds(client, row, flags, request)) {
            execute(client, row, flags, request);
        }
    }

    private void execute(Client client, CommandRow row, int flags, Request request) {
        if (client.transaction.active && !row.has(Flag.NO_QUEUE)) {
            Transactions.queue(node.access(), client, flags, request);
        } else if (runsScript(client, row) && !node.loop().inTask()) {
            // A script may run for long, and others are served meanwhile: not from within the reading of a socket.
            node.suspensions().release(node.suspensions().suspend(client, row, request, null, Awaited.TASK, 0));
        } else {
            runner.run(client, row, request);
        }
    }

    private static boolean runsScript(Client client, CommandRow row) {
        int runs = client.transaction.active ? client.transaction.has : row.flags;
        return (runs & Flag.RUNS_SCRIPT.bit) != 0;
    }

    @Override
    public String applyOne(Client client, Request request) {
        CommandRow row = table.find(client.origin(), request);
        int errors = client.reply().errors();
        // Redis counts no arguments of what a file holds: it passes by those that are too many.
        boolean complete = row != null
                && (client.origin().countsArguments()
                        ? row.acceptsArgc(request.argc())
                        : row.hasArguments(request.argc()));
        if (!complete) {
            node.stats().unexpectedErrors++;
            throw new CommandError("ERR cannot apply '" + ErrorTexts.cut(request, 0, ErrorTexts.SHOWN) + "' with "
                    + (request.argc() - 1) + " arguments");
        }
        CommandRow sub = row.subcommand(request);
        if (sub != null) {
            row = sub;
        }
        client.lastRow = row;
        node.memory().makeRoom();
        execute(client, row, row.flags(request), request);
        ReplyWriter reply = client.reply();
        if (reply.buffer().readable() > 4096) {
            reply.buffer().clear();
        }
        if (reply.errors() == errors) {
            return null;
        }
        node.stats().unexpectedErrors++;
        return reply.lastError();
    }

    /** The row that a request calls, or null. */
    CommandRow called(Request request) {
        return table.find(request);
    }

    private CommandRow find(Client client, Request request) {
        CommandRow row = table.find(request.address(0), request.length(0));
        client.lastRow = row == null || !row.hasSubcommands() || request.argc() == 1 ? row : row.subcommand(request);
        if (row == null) {
            if (isHttp(request)) {
                client.close("it speaks HTTP: a web page may have been made to attack this server");
            } else {
                reject(client, null, request, new CommandError(ErrorTexts.unknownCommand(request)));
            }
            return null;
        }
        if (client.lastRow == null) {
            reject(client, row, request, new CommandError(ErrorTexts.unknownSubcommand(row, request)));
            return null;
        }
        row = client.lastRow;
        if (!row.acceptsArgc(request.argc())) {
            reject(
                    client,
                    row,
                    request,
                    new CommandError("ERR wrong number of arguments for '" + row.name + "' command"));
            return null;
        }
        return row;
    }

    /** What follows the first line of a browser's request would be taken for commands; Redis does not listen either. */
    private static boolean isHttp(Request request) {
        return Ascii.same(request.address(0), request.length(0), "POST")
                || Ascii.same(request.address(0), request.length(0), "HOST:");
    }

    private void reject(Client client, CommandRow row, Request request, CommandError error) {
        if (client.transaction.active) {
            client.transaction.broken = true;
        }
        if (row != null) {
            node.stats().of(row).rejected++;
        }
        String text = error.getMessage();
        if (row != null && row.name.equals("exec")) {
            Transactions.end(node.watches(), client);
            text = "EXECABORT Transaction discarded because of: "
                    + (text.startsWith("ERR ") ? text.substring(4) : text);
        }
        node.stats().countError(ErrorTexts.code(text));
        client.reply().error(text);
        if (row != null && row.name.equals("exec") && node.monitors().any) {
            node.monitors().show(client, row, request); // whoever has seen its MULTI sees that it is over
        }
    }

    /** Where requests of the clients are put while they are executed, one at a time. */
    Request incoming() {
        return incoming;
    }
}
