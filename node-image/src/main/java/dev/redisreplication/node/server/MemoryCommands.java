package dev.redisreplication.node.server;

import static dev.redisreplication.node.command.Flag.READONLY;
import static dev.redisreplication.node.command.KeyFlag.RO;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandRow;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.replication.io.Replication;
import dev.redisreplication.node.resp.ReplyWriter;
import dev.redisreplication.node.script.Functions;
import dev.redisreplication.node.script.Scripts;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.store.KeyspaceMemory;

/** MEMORY: what takes how much. */
final class MemoryCommands {
    private static final int SAMPLES = 5;

    private static final String[] HELP = {
        "MEMORY <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
        "DOCTOR",
        "    Return memory problems reports.",
        "MALLOC-STATS",
        "    Return internal statistics report from the memory allocator.",
        "PURGE",
        "    Attempt to purge dirty pages for reclamation by the allocator.",
        "STATS",
        "    Return information about the memory usage of the server.",
        "USAGE <key> [SAMPLES <count>]",
        "    Return memory in bytes used by <key> and its value. Nested values are",
        "    sampled up to <count> times (default: 5, 0 means sample all)."
    };

    private final Replication replication;
    private final Scripts scripts;
    private final Functions functions;

    private MemoryCommands(Replication replication, Scripts scripts, Functions functions) {
        this.replication = replication;
        this.scripts = scripts;
        this.functions = functions;
    }

    static void register(CommandTable.Builder t, Replication replication, Scripts scripts, Functions functions) {
        MemoryCommands c = new MemoryCommands(replication, scripts, functions);
        // spotless:off: one row a command
        CommandRow.Builder memory = t.row("memory", -2, t.help(HELP));
        t.sub(memory, "doctor", 2, c::doctor);
        t.sub(memory, "malloc-stats", 2, MemoryCommands::mallocStats);
        t.sub(memory, "purge", 2, MemoryCommands::purge);
        t.sub(memory, "stats", 2, c::stats);
        t.sub(memory, "usage", -3, MemoryCommands::usage).is(READONLY).key(2, RO);
        t.sub(memory, "help", 2, t.help(HELP));
        // spotless:on
    }

    private static void usage(Call call) {
        long samples = SAMPLES;
        for (int i = 3; i < call.argc(); i += 2) {
            if (!call.is(i, "SAMPLES") || i + 1 == call.argc()) {
                throw CommandError.SYNTAX;
            }
            samples = call.asLong(i + 1);
            if (samples < 0) {
                throw CommandError.SYNTAX;
            }
        }
        long entry = call.db().inspect(call.address(2), call.length(2));
        if (entry == 0) {
            call.reply().nil();
        } else {
            call.reply().integer(KeyspaceMemory.ofEntry(call.db(), entry, (int) Math.min(Integer.MAX_VALUE, samples)));
        }
    }

    /** What no block is in goes back to the operating system. */
    private static void purge(Call call) {
        for (int i = 0; i < call.store().databases(); i++) {
            call.store().db(i).slabs().purge();
        }
        call.reply().ok();
    }

    private static void mallocStats(Call call) {
        StringBuilder text = new StringBuilder("Slabs: bytes in use and mapped, by database\n");
        for (int i = 0; i < call.store().databases(); i++) {
            Keyspace db = call.store().db(i);
            if (db.reservedMemory() > 0) {
                text.append("db%d: used %d, mapped %d, keys %d%n"
                        .formatted(i, db.usedMemory(), db.reservedMemory(), db.size()));
            }
        }
        text.append("all: used %d, mapped %d%n"
                .formatted(call.store().usedMemory(), call.store().reservedMemory()));
        call.reply().verbatim("txt", text.toString());
    }

    private void doctor(Call call) {
        MemoryFigures now = MemoryFigures.of(call.node(), replication);
        long peak = Math.max(call.node().stats().peakMemory(), now.used());
        int clients = call.node().clients().count();
        call.reply().verbatim("txt", MemoryDoctor.report(now, peak, call.store().reservedMemory(), clients));
    }

    private void stats(Call call) {
        MemoryFigures now = MemoryFigures.of(call.node(), replication);
        long used = now.used();
        long peak = Math.max(call.node().stats().peakMemory(), used);
        long reserved = call.store().reservedMemory();
        long resident = ProcessFigures.residentBytes();
        long keys = call.store().size();
        int databases = 0;
        for (int i = 0; i < call.store().databases(); i++) {
            databases += call.store().db(i).size() > 0 ? 1 : 0;
        }
        ReplyWriter out = call.reply();
        out.map(27 + databases);
        field(out, "peak.allocated", peak);
        field(out, "total.allocated", used);
        field(out, "startup.allocated", MemoryFigures.HEAP_AT_START);
        field(out, "replication.backlog", now.backlog());
        field(out, "clients.slaves", now.replicas());
        field(out, "clients.normal", now.normalClients());
        field(out, "cluster.links", 0);
        field(out, "aof.buffer", now.aofBuffer());
        field(out, "lua.caches", scripts.bytes());
        field(out, "functions.caches", functions.bytes());
        for (int i = 0; i < call.store().databases(); i++) {
            Keyspace db = call.store().db(i);
            if (db.size() > 0) {
                out.bulk("db." + i);
                out.map(3);
                field(out, "overhead.hashtable.main", KeyspaceMemory.ofTable(db));
                field(out, "overhead.hashtable.expires", 0); // an expiry is kept with its key
                field(out, "overhead.hashtable.slot-to-keys", 0);
            }
        }
        field(out, "overhead.total", now.overhead());
        field(out, "keys.count", keys);
        field(out, "keys.bytes-per-key", keys == 0 ? 0 : now.data() / keys);
        field(out, "dataset.bytes", now.data());
        field(out, "dataset.percentage", now.dataPercent());
        field(out, "peak.percentage", 100.0 * used / peak);
        field(out, "allocator.allocated", now.data());
        field(out, "allocator.active", reserved);
        field(out, "allocator.resident", reserved);
        field(out, "allocator-fragmentation.ratio", MemoryFigures.ratio(reserved, now.data()));
        field(out, "allocator-fragmentation.bytes", reserved - now.data());
        field(out, "allocator-rss.ratio", 1.0);
        field(out, "allocator-rss.bytes", 0);
        field(out, "rss-overhead.ratio", MemoryFigures.ratio(resident, reserved));
        field(out, "rss-overhead.bytes", resident - reserved);
        field(out, "fragmentation", MemoryFigures.ratio(resident, used));
        field(out, "fragmentation.bytes", resident - used);
    }

    private static void field(ReplyWriter out, String name, long value) {
        out.bulk(name);
        out.integer(value);
    }

    private static void field(ReplyWriter out, String name, double value) {
        out.bulk(name);
        out.doubleValue(value);
    }
}
