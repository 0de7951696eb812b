package dev.redisreplication.node.command.watch;

import static dev.redisreplication.node.command.Flag.ADMIN;
import static dev.redisreplication.node.command.Flag.LOADING;
import static dev.redisreplication.node.command.Flag.NOSCRIPT;
import static dev.redisreplication.node.command.Flag.STALE;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandRow;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.SlowLog;
import dev.redisreplication.node.resp.ReplyWriter;
import java.util.Iterator;

/** MONITOR and SLOWLOG; {@link LatencyCommands} are beside. */
public final class WatchCommands {
    private static final CommandError BAD_COUNT = new CommandError("ERR count should be greater than or equal to -1");
    private static final CommandError NOT_WITHIN =
            new CommandError("ERR MONITOR isn't allowed for DENY BLOCKING client");
    private static final int DEFAULT_COUNT = 10;

    private static final String[] SLOWLOG_HELP = {
        "SLOWLOG <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
        "GET [<count>]",
        "    Return top <count> entries from the slowlog (default: 10, -1 mean all).",
        "    Entries are made of:",
        "    id, timestamp, time in microseconds, arguments array, client IP and port,",
        "    client name",
        "LEN",
        "    Return the length of the slowlog.",
        "RESET",
        "    Reset the slowlog.",
    };

    private WatchCommands() {}

    /** Adds the rows. */
    public static void register(CommandTable.Builder t) {
        // spotless:off: one row a command
        t.row("monitor", 1, WatchCommands::monitor).is(ADMIN, NOSCRIPT, LOADING, STALE);
        CommandRow.Builder slowlog = t.row("slowlog", -2, t.help(SLOWLOG_HELP));
        t.sub(slowlog, "get", -2, WatchCommands::get).is(ADMIN, LOADING, STALE);
        t.sub(slowlog, "len", 2, call -> call.reply().integer(log(call).size())).is(ADMIN, LOADING, STALE);
        t.sub(slowlog, "reset", 2, WatchCommands::reset).is(ADMIN, LOADING, STALE);
        t.sub(slowlog, "help", 2, t.help(SLOWLOG_HELP)).is(LOADING, STALE);
        // spotless:on
        LatencyCommands.register(t);
    }

    /** Whoever watches already gets no answer, in Redis neither. */
    private static void monitor(Call call) {
        if (!call.mayBlock()) {
            throw NOT_WITHIN;
        }
        if (!call.client().isMonitor()) {
            call.node().monitors().add(call.client());
            call.reply().ok();
        }
    }

    private static SlowLog log(Call call) {
        return call.node().slowLog();
    }

    private static void reset(Call call) {
        log(call).reset();
        call.reply().ok();
    }

    private static void get(Call call) {
        if (call.argc() > 3) {
            throw new CommandError("ERR unknown subcommand or wrong number of arguments for '" + call.shown(1)
                    + "'. Try SLOWLOG HELP.");
        }
        long asked = call.argc() == 3 ? call.asLong(2, BAD_COUNT) : DEFAULT_COUNT;
        if (asked < -1) {
            throw BAD_COUNT;
        }
        int count = (int)
                (asked == -1 ? log(call).size() : Math.min(asked, log(call).size()));
        ReplyWriter reply = call.reply();
        reply.array(count);
        Iterator<SlowLog.Entry> entries = log(call).newestFirst();
        for (int i = 0; i < count; i++) {
            write(reply, entries.next());
        }
    }

    private static void write(ReplyWriter reply, SlowLog.Entry entry) {
        reply.array(6);
        reply.integer(entry.id());
        reply.integer(entry.at());
        reply.integer(entry.micros());
        reply.array(entry.arguments().size());
        entry.arguments().forEach(reply::bulk);
        reply.bulk(entry.address());
        reply.bulk(entry.name());
    }
}
