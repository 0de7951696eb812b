package dev.redisreplication.node.command.debug;

import static dev.redisreplication.node.command.Flag.ADMIN;
import static dev.redisreplication.node.command.Flag.LOADING;
import static dev.redisreplication.node.command.Flag.NOSCRIPT;
import static dev.redisreplication.node.command.Flag.PROTECTED;
import static dev.redisreplication.node.command.Flag.STALE;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.Handler;
import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.command.argument.Doubles;
import dev.redisreplication.node.config.MemorySize;
import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.memory.Glob;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** DEBUG, for tests: refused unless enable-debug-command allows it. */
public final class DebugCommands {
    private static final CommandError NOT_A_PACKED_SIZE =
            new CommandError("ERR argument must be a memory value bigger than 1 and smaller than 4gb");
    private static final CommandError WITHIN =
            new CommandError("ERR DEBUG cannot exchange the data within a transaction or a script");

    private static final int ABORTED = 134; // what a shell reports for an abort,
    private static final int SEGMENTATION_FAULT = 139; // and for this

    /** What Redis has and this server has not: about its own structures, its allocator, its cluster. */
    private static final List<String> NOT_HERE = List.of(
            "aof-flush-sleep",
            "client-eviction",
            "clusterlink",
            "config-rewrite-force-all",
            "crash-and-recover",
            "drop-cluster-packet-filter",
            "htstats",
            "htstats-key",
            "jmap",
            "leak",
            "listpack",
            "mallctl",
            "mallctl-str",
            "pause-cron",
            "quicklist",
            "replybuffer",
            "restart",
            "sdslen",
            "set-skip-checksum-validation");

    /** One subcommand. */
    private record Sub(String name, int leastArgc, int mostArgc, Handler handler) {}

    /** What DEBUG does to the data as a whole. On the event loop. */
    public interface Server {
        /**
         * Exchanges the data for those of the dump file.
         *
         * @param save whether to save them there before
         * @param flush whether what is in memory goes
         * @param merge whether, when it stays, a key of the dump takes the place of one that is there
         * @throws CommandError when they cannot be loaded; the data are as before
         */
        void reload(boolean save, boolean flush, boolean merge);

        /** Exchanges the data for those of the append-only directory. @throws CommandError as {@link #reload} does */
        void reloadAppendOnly();

        /** Gives the data's history another name, so that no replica can go on with it. */
        void changeHistory();
    }

    private final List<Sub> subs = new ArrayList<>();
    private final Server server;

    private DebugCommands(Server server, Handler help) {
        this.server = server;
        crashes();
        data();
        server();
        sub("HELP", 2, 2, help);
    }

    /** One row without subcommands, as in Redis: INFO and CLIENT LIST name nothing but {@code debug}. */
    public static void register(CommandTable.Builder t, Server server) {
        DebugCommands debug = new DebugCommands(server, t.help(DebugHelp.LINES));
        // spotless:off: one row a command
        t.row("debug", -2, debug::run).is(ADMIN, NOSCRIPT, LOADING, STALE, PROTECTED);
        // spotless:on
    }

    private void sub(String name, int leastArgc, int mostArgc, Handler handler) {
        subs.add(new Sub(name, leastArgc, mostArgc, handler));
    }

    private void crashes() {
        sub("ASSERT", 2, Integer.MAX_VALUE, call -> {
            CrashReport.write(call, "=== ASSERTION FAILED ===", "==> DEBUG ASSERT '1 == 2' is not true");
            die(ABORTED);
        });
        sub("OOM", 2, Integer.MAX_VALUE, call -> {
            Log.warning("Out Of Memory allocating " + Long.MAX_VALUE + " bytes!");
            panic(call, "Redis aborting for OUT OF MEMORY. Allocating " + Long.MAX_VALUE + " bytes!");
        });
        sub(
                "PANIC",
                2,
                Integer.MAX_VALUE,
                call -> panic(
                        call, "DEBUG PANIC called at Unix time " + Instant.now().getEpochSecond()));
        sub("SEGFAULT", 2, Integer.MAX_VALUE, call -> {
            CrashReport.write(call, "Redis " + Node.REDIS_VERSION + " crashed by signal: 11, si_code: 0");
            die(SEGMENTATION_FAULT);
        });
    }

    private static void panic(Call call, String meditation) {
        CrashReport.write(
                call,
                "------------------------------------------------",
                "!!! Software Failure. Press left mouse button to continue",
                "Guru Meditation: " + meditation);
        die(ABORTED);
    }

    private void data() {
        sub("DIGEST", 2, 2, call -> call.reply().simple(new DataDigest().of(call.store())));
        sub("DIGEST-VALUE", 2, Integer.MAX_VALUE, DebugCommands::digestValues);
        sub("LOADAOF", 2, 2, this::loadAof);
        sub("OBJECT", 3, 3, ObjectLine::reply);
        sub("POPULATE", 3, 5, Populate::reply);
        sub("RELOAD", 2, Integer.MAX_VALUE, this::reload);
        sub("SET-ACTIVE-EXPIRE", 3, 3, DebugCommands::activeExpire);
        sub("QUICKLIST-PACKED-THRESHOLD", 3, 3, DebugCommands::packedThreshold);
    }

    private void server() {
        sub("CHANGE-REPL-ID", 2, 2, this::changeReplicationId);
        sub("ERROR", 3, 3, DebugCommands::error);
        sub("LOG", 3, 3, DebugCommands::log);
        sub("PROTOCOL", 3, 3, ProtocolSamples::reply);
        sub("REPLICATE", 3, Integer.MAX_VALUE, DebugCommands::replicate);
        sub("SLEEP", 3, 3, DebugCommands::sleep);
        sub("STRINGMATCH-LEN", 4, 4, DebugCommands::stringMatch);
        sub("STRUCTSIZE", 2, 2, ObjectLine::sizes);
    }

    private void run(Call call) {
        for (Sub sub : subs) {
            if (call.argc() >= sub.leastArgc && call.argc() <= sub.mostArgc && call.is(1, sub.name)) {
                sub.handler.run(call);
                return;
            }
        }
        String name = call.shown(1);
        if (NOT_HERE.contains(name.toLowerCase(Locale.ROOT))) {
            throw new CommandError("ERR DEBUG " + name + " is not supported by this server. Try DEBUG HELP.");
        }
        throw new CommandError(
                "ERR unknown subcommand or wrong number of arguments for '" + name + "'. Try DEBUG HELP.");
    }

    private static void die(int status) {
        Runtime.getRuntime().halt(status);
    }

    // ---- the data

    private static void digestValues(Call call) {
        DataDigest digest = new DataDigest();
        call.reply().array(call.argc() - 2);
        for (int i = 2; i < call.argc(); i++) {
            long entry = call.db().findAsIs(call.address(i), call.length(i));
            call.reply().simple(digest.ofValue(call.db(), entry));
        }
    }

    private void reload(Call call) {
        boolean save = true;
        boolean flush = true;
        boolean merge = false;
        for (int i = 2; i < call.argc(); i++) {
            if (call.is(i, "MERGE")) {
                merge = true;
            } else if (call.is(i, "NOFLUSH")) {
                flush = false;
            } else if (call.is(i, "NOSAVE")) {
                save = false;
            } else {
                throw new CommandError("ERR DEBUG RELOAD only supports the MERGE, NOFLUSH and NOSAVE options.");
            }
        }
        refuseWithin(call);
        server.reload(save, flush, merge);
        Log.warning("DB reloaded by DEBUG RELOAD");
        call.reply().ok();
    }

    private void loadAof(Call call) {
        refuseWithin(call);
        server.reloadAppendOnly();
        Log.warning("Append Only File loaded by DEBUG LOADAOF");
        call.reply().ok();
    }

    /** Commands of the file are executed; and those around may have found what goes. */
    private static void refuseWithin(Call call) {
        if (!call.mayBlock()) {
            throw WITHIN;
        }
        if (call.node().loading()) {
            throw new CommandError("LOADING Redis is loading the dataset in memory");
        }
    }

    private static void activeExpire(Call call) {
        call.node().activeExpiry(!call.is(2, "0"));
        call.reply().ok();
    }

    /** Lists are not made of packed nodes here: the size is checked, and changes nothing. */
    private static void packedThreshold(Call call) {
        long most = 1L << 32;
        try {
            long size = MemorySize.parse(call.asString(2));
            if (size < 0 || size > most) {
                throw NOT_A_PACKED_SIZE;
            }
        } catch (IllegalArgumentException e) {
            throw NOT_A_PACKED_SIZE;
        }
        call.reply().ok();
    }

    // ---- the server

    private void changeReplicationId(Call call) {
        Log.warning("Changing replication IDs after receiving DEBUG change-repl-id");
        server.changeHistory();
        call.reply().ok();
    }

    /** Not counted as an error, in Redis neither. */
    private static void error(Call call) {
        String text = call.asString(2).replace('\n', ' ').replace('\r', ' ');
        call.reply().buffer().putLatin("-" + text + "\r\n");
    }

    private static void log(Call call) {
        Log.warning("DEBUG LOG: " + call.shown(2));
        call.reply().ok();
    }

    /** What follows goes to the log as a command, unseen. */
    private static void replicate(Call call) {
        var effect = call.effect(call.argc() - 2);
        for (int i = 2; i < call.argc(); i++) {
            effect.arg(call.address(i), call.length(i));
        }
        call.propagate();
        call.reply().ok();
    }

    private static void stringMatch(Call call) {
        Glob pattern = new Glob(call.address(2), call.length(2));
        call.reply().integer(pattern.matches(call.address(3), call.length(3)) ? 1 : 0);
    }

    /** Stops the whole event loop, which is the point of it. */
    private static void sleep(Call call) {
        double seconds = Doubles.strict(call.address(2), call.length(2));
        if (Double.isNaN(seconds)) {
            throw CommandError.NOT_FLOAT;
        }
        long until = System.nanoTime() + (long) (seconds * 1e9);
        while (true) {
            long rest = until - System.nanoTime();
            if (rest <= 0) {
                break;
            }
            try {
                Thread.sleep(rest / 1_000_000, (int) (rest % 1_000_000));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        call.reply().ok();
    }
}
