package dev.redisreplication.node.sentinel.command;

import static dev.redisreplication.node.command.Category.DANGEROUS;
import static dev.redisreplication.node.command.Flag.ADMIN;
import static dev.redisreplication.node.command.Flag.FAST;
import static dev.redisreplication.node.command.Flag.LOADING;
import static dev.redisreplication.node.command.Flag.NOSCRIPT;
import static dev.redisreplication.node.command.Flag.PUBSUB;
import static dev.redisreplication.node.command.Flag.STALE;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.Category;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandRow;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.memory.ByteText;
import dev.redisreplication.node.resp.ReplyWriter;
import dev.redisreplication.node.sentinel.Administration;
import dev.redisreplication.node.sentinel.Master;
import dev.redisreplication.node.sentinel.Sentinel;
import dev.redisreplication.node.sentinel.Views;
import dev.redisreplication.node.sentinel.io.Scripts;
import dev.redisreplication.node.sentinel.io.SentinelLoop;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** SENTINEL with its subcommands, ROLE, and PUBLISH of hello messages. */
public final class SentinelCommands {
    private static final CommandError NO_MASTER = new CommandError("ERR No such master with that name");
    private static final CommandError ONLY_HELLO =
            new CommandError("ERR Only HELLO messages are accepted by Sentinel instances.");
    private static final CommandError ONE_OPTION =
            new CommandError("ERR Only SENTINEL CONFIG GET <option> / SET <option> <value> are supported.");
    private static final CommandError NOT_SAVED =
            new CommandError("ERR Failed to save config file. Check server logs.");
    private static final CommandError INVALID_QUORUM = new CommandError("ERR Invalid quorum");
    private static final CommandError INVALID_PORT = new CommandError("ERR Invalid port");
    private static final CommandError UNKNOWN_FAILURE = new CommandError("ERR Unknown failure simulation specified");
    private static final String HELLO = "__sentinel__:hello";

    private final SentinelLoop loop;
    private final Sentinel sentinel;
    private final Views views;
    private final Administration administration;

    private SentinelCommands(SentinelLoop loop) {
        this.loop = loop;
        this.sentinel = loop.sentinel();
        this.views = sentinel.views();
        this.administration = sentinel.administration();
    }

    /** Adds the rows. */
    public static void register(CommandTable.Builder t, SentinelLoop loop) {
        SentinelCommands c = new SentinelCommands(loop);
        // spotless:off: one row a command
        t.row("role", 1, c::role).is(NOSCRIPT, LOADING, STALE, FAST).in(Category.ADMIN, DANGEROUS);
        t.row("publish", 3, c::publish).is(PUBSUB, LOADING, STALE, FAST);
        CommandRow.Builder s = t.row("sentinel", -2, t.help(SentinelHelp.LINES)).is(ADMIN);
        t.sub(s, "ckquorum", 3, c::checkQuorum);
        t.sub(s, "config", -3, c::config);
        t.sub(s, "debug", -2, c::debug);
        t.sub(s, "failover", 3, c::failOver);
        t.sub(s, "flushconfig", 2, c::flushConfig);
        t.sub(s, "get-master-addr-by-name", 3, c::address);
        t.sub(s, "help", 2, t.help(SentinelHelp.LINES));
        t.sub(s, "info-cache", -3, c::infoCache);
        t.sub(s, "is-master-down-by-addr", 6, c::isMasterDown);
        t.sub(s, "master", 3, c::master);
        t.sub(s, "masters", 2, c::masters);
        t.sub(s, "monitor", 6, c::monitor);
        t.sub(s, "myid", 2, call -> call.reply().bulk(c.sentinel.configuration().myId()));
        t.sub(s, "pending-scripts", 2, c::pendingScripts);
        t.sub(s, "remove", 3, c::remove);
        t.sub(s, "replicas", 3, c::replicas);
        t.sub(s, "reset", 3, c::reset);
        t.sub(s, "sentinels", 3, c::sentinels);
        t.sub(s, "set", -5, c::set);
        t.sub(s, "simulate-failure", -3, c::simulateFailure);
        t.sub(s, "slaves", 3, c::replicas);
        // spotless:on
    }

    private Master named(Call call) {
        Master master = views.master(call.asString(2));
        if (master == null) {
            throw NO_MASTER;
        }
        return master;
    }

    private static void done(Call call, String problem) {
        if (problem != null) {
            throw new CommandError(new String(ByteText.bytes(problem), StandardCharsets.ISO_8859_1));
        }
        call.reply().ok();
    }

    // ---- what is

    private void role(Call call) {
        call.reply().array(2);
        call.reply().bulk("sentinel");
        call.reply().array(views.masters().size());
        views.masters().forEach(master -> call.reply().bulk(master.name()));
    }

    private void publish(Call call) {
        if (!call.asString(1).equals(HELLO)) {
            throw ONLY_HELLO;
        }
        sentinel.message(call.asString(2));
        call.reply().integer(1);
    }

    private void masters(Call call) {
        call.reply().array(views.masters().size());
        views.masters().forEach(master -> map(call.reply(), views.view(master)));
    }

    private void master(Call call) {
        map(call.reply(), views.view(named(call)));
    }

    private void replicas(Call call) {
        maps(call.reply(), views.replicas(named(call)));
    }

    private void sentinels(Call call) {
        maps(call.reply(), views.sentinels(named(call)));
    }

    private static void maps(ReplyWriter reply, List<Map<String, String>> all) {
        reply.array(all.size());
        all.forEach(one -> map(reply, one));
    }

    private static void map(ReplyWriter reply, Map<String, String> fields) {
        reply.map(fields.size());
        fields.forEach((name, value) -> {
            reply.bulk(name);
            reply.bulk(value);
        });
    }

    private void address(Call call) {
        Master master = views.master(call.asString(2));
        if (master == null) {
            call.reply().nilArray();
            return;
        }
        call.reply().array(2);
        views.place(master.current()).forEach(call.reply()::bulk);
    }

    private void infoCache(Call call) {
        List<Master> wanted = new ArrayList<>();
        for (int i = 2; i < call.argc(); i++) {
            Master master = views.master(call.asString(i));
            if (master != null && !wanted.contains(master)) {
                wanted.add(master);
            }
        }
        call.reply().map(wanted.size());
        for (Master master : wanted) {
            call.reply().bulk(master.name());
            List<Views.CachedInfo> infos = views.infos(master);
            call.reply().array(infos.size());
            for (Views.CachedInfo info : infos) {
                call.reply().array(2);
                call.reply().integer(info.age());
                if (info.text() == null) {
                    call.reply().nil();
                } else {
                    call.reply().bulk(info.text());
                }
            }
        }
    }

    private void isMasterDown(Call call) {
        int port = (int) call.asLong(3);
        long epoch = call.asLong(4);
        Sentinel.Verdict verdict = sentinel.verdict(call.asString(2), port, epoch, call.asString(5));
        call.reply().array(3);
        call.reply().integer(verdict.down() ? 1 : 0);
        call.reply().bulk(verdict.leader());
        call.reply().integer(verdict.leaderEpoch());
    }

    private void checkQuorum(Call call) {
        Administration.Quorum quorum = administration.quorum(named(call));
        if (quorum.problem().isEmpty()) {
            call.reply()
                    .simple("OK " + quorum.usable()
                            + " usable Sentinels. Quorum and failover authorization can be reached");
        } else {
            throw new CommandError("NOQUORUM " + quorum.usable() + " usable Sentinels. " + quorum.problem());
        }
    }

    private void pendingScripts(Call call) {
        Scripts scripts = loop.scripts();
        ReplyWriter reply = call.reply();
        reply.array(scripts.jobs().size());
        for (Scripts.Job job : scripts.jobs()) {
            reply.map(5);
            reply.bulk("argv");
            reply.array(job.command().size());
            job.command().forEach(reply::bulk);
            reply.bulk("flags");
            reply.bulk(job.isRunning() ? "running" : "scheduled");
            reply.bulk("pid");
            reply.bulk(job.pid());
            reply.bulk(job.isRunning() ? "run-time" : "run-delay");
            reply.bulk(scripts.time(job));
            reply.bulk("retry-num");
            reply.bulk(job.tries());
        }
    }

    // ---- what is to be

    private void monitor(Call call) {
        long quorum = call.asLong(5, INVALID_QUORUM);
        int port = (int) Math.clamp(call.asLong(4, INVALID_PORT), -1, Integer.MAX_VALUE);
        done(call, administration.monitor(call.asString(2), call.asString(3), port, quorum));
    }

    private void remove(Call call) {
        administration.remove(named(call));
        call.reply().ok();
    }

    private void reset(Call call) {
        call.reply().integer(administration.reset(call.asString(2)));
    }

    private void failOver(Call call) {
        done(call, administration.failOver(named(call)));
    }

    private void flushConfig(Call call) {
        if (!loop.save()) {
            throw NOT_SAVED;
        }
        call.reply().ok();
    }

    private void set(Call call) {
        Master master = named(call);
        for (int i = 3; i + 1 < call.argc(); i += 2) {
            if (call.is(i, "AUTH-PASS")) {
                call.redact(i + 1);
            }
        }
        done(call, administration.set(master, words(call, 3)));
    }

    private static List<String> words(Call call, int from) {
        List<String> words = new ArrayList<>();
        for (int i = from; i < call.argc(); i++) {
            words.add(call.asString(i));
        }
        return words;
    }

    private void config(Call call) {
        if (call.is(2, "GET") && call.argc() == 4) {
            map(call.reply(), administration.options(call.asString(3)));
        } else if (call.is(2, "SET") && call.argc() == 5) {
            call.redact(4);
            done(call, administration.option(call.asString(3), call.asString(4)));
        } else {
            throw ONE_OPTION;
        }
    }

    private void debug(Call call) {
        if (call.argc() == 2) {
            map(call.reply(), views.times());
        } else {
            done(call, administration.times(words(call, 2)));
        }
    }

    private void simulateFailure(Call call) {
        administration.simulateNone();
        for (String name : words(call, 2)) {
            if (name.equalsIgnoreCase("help")) {
                call.reply().array(2);
                call.reply().bulk("crash-after-election");
                call.reply().bulk("crash-after-promotion");
                return;
            }
            if (!administration.simulate(name)) {
                throw UNKNOWN_FAILURE;
            }
        }
        call.reply().ok();
    }
}
