package dev.redisreplication.node.command;

import dev.redisreplication.node.resp.ReplyWriter;
import dev.redisreplication.node.resp.Request;
import dev.redisreplication.node.type.TypeError;
import java.util.Arrays;

/**
 * Runs commands that passed all checks, each as a {@link Call} of the {@link Execution} that is under way, and keeps the figures
 * of them. On the event loop.
 */
final class Runner implements Within {
    private static final long LONG = 100_000; // nanoseconds, after which the clock is read anew for the next command

    private final Node node;
    private final CommandTable table;
    private final Execution execution;
    private final Stats stats;
    private final Stopwatch stopwatch;
    private final Monitors monitors;
    private final Tracking tracking;
    private final KeyWaits keyWaits;
    private final SlowCommands slowCommands;
    private Call[] calls = new Call[4];

    Runner(Node node, CommandTable table, Stopwatch stopwatch) {
        this.node = node;
        this.table = table;
        this.execution = node.execution();
        this.stats = node.stats();
        this.stopwatch = stopwatch;
        this.monitors = node.monitors();
        this.tracking = node.tracking();
        this.keyWaits = node.keyWaits();
        this.slowCommands = new SlowCommands(node.settings(), stopwatch, node.slowLog(), node.latency());
        fill(0);
    }

    private void fill(int from) {
        for (int i = from; i < calls.length; i++) {
            calls[i] = new Call(node, table, this);
        }
    }

    @Override
    public void run(Client client, CommandRow row, Request request) {
        CommandStats figures = stats.of(row);
        boolean again = client.suspension != null;
        boolean timed =
                execution.isTimesTurn() || !row.brief || !stopwatch.allowsUntimed() || figures.isEarly() || again;
        long from = timed ? stopwatch.read() : 0;
        ReplyWriter reply = client.reply();
        long mark = reply.mark();
        int errors = reply.errors();
        long counted = stats.errorReplies;
        boolean counts = client.origin().isShown();
        if (counts && !again) {
            stats.commandBegins();
        }
        Call call = next();
        execution.enter(client);
        call.start(row, request, client, reply, execution.now());
        if (client.noTouch) {
            execution.noteUse(row.has(Flag.TOUCHES));
        }
        boolean monitored = monitors.any && !again;
        if (monitored && row.has(Flag.SKIP_MONITOR)) {
            show(call); // a script comes before what it calls
            monitored = false;
        }
        try {
            try {
                if (again && call.resumed().answer != null) {
                    call.resumed().answer.accept(reply);
                } else {
                    table.handler(row).run(call);
                }
            } catch (CommandError | TypeError e) {
                reply.rewind(mark);
                reply.error(e.getMessage());
            }
            Client asking = execution.client();
            if (asking.tracking != null) {
                tracking.called(asking, client.db, row, request);
            }
            if (monitored) {
                show(call);
            }
            if (call.changes() > 0 || call.propagated()) {
                stats.dirty += call.changes();
                execution.propagate(client, request, call.effects());
            } else {
                call.effects().clear();
            }
        } finally {
            execution.leave();
        }
        if (counts) {
            if (reply.errors() != errors && stats.errorReplies == counted) { // else one within was answered with it
                stats.countError(ErrorTexts.code(reply.lastError()));
            }
            account(call, figures, stats.errorReplies != counted, timed ? from : 0);
        }
        if (execution.depth() == 0) {
            keyWaits.serve(); // who waits for what it has touched comes before anybody else
        }
    }

    private Call next() {
        int depth = execution.depth();
        if (depth == calls.length) {
            calls = Arrays.copyOf(calls, 2 * depth);
            fill(depth);
        }
        return calls[depth];
    }

    private void show(Call call) {
        monitors.show(call.client(), call.row(), call.request(), call::isRedacted);
    }

    /**
     * @param failed whether errors were counted, be it of commands within
     * @param from when it began, or 0 when that was not looked at
     */
    private void account(Call call, CommandStats figures, boolean failed, long from) {
        Suspension waited = call.resumed();
        if (waited == null) {
            stats.commands++;
            figures.calls++;
            figures.failed += stats.commandFailed() ? 1 : 0;
        }
        long nanos = from == 0 ? stopwatch.sinceLastIfBeat() : stopwatch.read() - from;
        if (nanos >= LONG) {
            execution.tick();
        }
        if (waited != null) {
            if (waited.isTimed() && !call.isSuspended()) {
                figures.failed += failed || waited.end.failed ? 1 : 0;
                figures.more(nanos);
                took(call, figures, waited.nanosBefore + nanos, true);
            }
            return;
        }
        if (from != 0) {
            figures.timed(nanos);
        }
        Suspension waits = Suspension.of(call.client());
        if (waits != null) {
            waits.nanosBefore = nanos;
        } else {
            took(call, figures, nanos, from != 0);
        }
    }

    private void took(Call call, CommandStats figures, long nanos, boolean timed) {
        if (timed && slowCommands.tracking()) {
            figures.took(nanos);
        }
        if (stopwatch.isSlow(nanos)) {
            slowCommands.add(call, nanos);
        }
    }

    @Override
    public void refused(CommandRow row, String error) {
        if (row != null) {
            stats.of(row).rejected++;
        }
        stats.countError(ErrorTexts.code(error));
        stats.commandBegins(); // it is not the outer one that failed
    }
}
