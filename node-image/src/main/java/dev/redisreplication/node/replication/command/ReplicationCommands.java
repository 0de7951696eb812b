package dev.redisreplication.node.replication.command;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.Category;
import dev.redisreplication.node.command.Client;
import dev.redisreplication.node.command.ClientLine;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.Flag;
import dev.redisreplication.node.config.MasterAddress;
import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.memory.Decimal;
import dev.redisreplication.node.replication.io.MasterLink;
import dev.redisreplication.node.replication.io.ReplicaLink;
import dev.redisreplication.node.replication.io.Replication;
import dev.redisreplication.node.resp.ReplyWriter;
import java.util.List;
import java.util.Locale;

/** Commands between nodes, and those that look at replication. */
public final class ReplicationCommands {
    private static final int MOST_ADDRESS = 255;

    private final Replication replication;

    private ReplicationCommands(Replication replication) {
        this.replication = replication;
    }

    /** Adds the rows, which drive {@code replication}. */
    public static void register(CommandTable.Builder t, Replication replication) {
        ReplicationCommands c = new ReplicationCommands(replication);
        // spotless:off: one row a command
        t.row("replicaof", -3, c::replicaof)
                .is(Flag.ADMIN, Flag.NOSCRIPT, Flag.STALE, Flag.NO_ASYNC_LOADING);
        t.row("slaveof", -3, c::replicaof)
                .is(Flag.ADMIN, Flag.NOSCRIPT, Flag.STALE, Flag.NO_ASYNC_LOADING);
        t.row("psync", -3, c::psync)
                .is(Flag.ADMIN, Flag.NOSCRIPT, Flag.NO_ASYNC_LOADING, Flag.NO_MULTI);
        t.row("sync", 1, c::sync).is(Flag.ADMIN, Flag.NOSCRIPT, Flag.NO_ASYNC_LOADING, Flag.NO_MULTI);
        t.row("replconf", -1, c::replconf)
                .is(Flag.ADMIN, Flag.NOSCRIPT, Flag.LOADING, Flag.STALE, Flag.ALLOW_BUSY, Flag.WATCHES);
        t.row("role", 1, c::role)
                .is(Flag.NOSCRIPT, Flag.LOADING, Flag.STALE, Flag.FAST).in(Category.ADMIN, Category.DANGEROUS);
        FailoverCommand.register(t, replication);
        WaitCommands.register(t, replication);
        LeaseCommands.register(t, replication);
        // spotless:on
    }

    // ---- REPLICAOF

    private void replicaof(Call call) {
        boolean withTerm = call.argc() >= 5 && call.is(3, "TERM");
        boolean noOne = call.is(1, "NO") && call.is(2, "ONE");
        boolean force = withTerm && noOne && call.argc() == 6 && call.is(5, "FORCE");
        if (call.argc() != (force ? 6 : withTerm ? 5 : 3)) {
            throw new CommandError(
                    "ERR wrong number of arguments for '" + call.asString(0).toLowerCase(Locale.ROOT) + "' command");
        }
        if (withTerm && !replication.isManaged()) {
            throw new CommandError("ERR this node is not managed; REPLICAOF takes no TERM");
        }
        if (!withTerm && replication.isManaged()) {
            throw new CommandError("ERR this node is managed; REPLICAOF needs TERM");
        }
        if (replication.failover().isOn()) {
            throw new CommandError("ERR REPLICAOF not allowed while failing over.");
        }
        int port = noOne ? 0 : port(call, 2);
        if (withTerm) {
            long term = LeaseCommands.term(call, 4);
            if (noOne) {
                replication.managed().promote(term, force);
            } else {
                replication.managed().follow(call.asString(1), port, term, call.client());
            }
        } else if (noOne) {
            if (replication.leadByHand()) {
                Log.notice("MASTER MODE enabled (user request from '" + line(call) + "')");
            }
        } else if (replication.followByHand(call.asString(1), port)) {
            String enabled =
                    "REPLICAOF " + call.asString(1) + ":" + port + " enabled (user request from '" + line(call) + "')";
            call.node().loop().execute(() -> Log.notice(enabled)); // after the beginning of the first try, as in Redis
        } else {
            Log.notice("REPLICAOF would result into synchronization with the master we are already connected with. No"
                    + " operation performed.");
            call.reply().simple("OK Already connected to specified master");
            return;
        }
        call.reply().simple("OK");
    }

    private static String line(Call call) {
        return ClientLine.of(call.node(), call.client());
    }

    private static int port(Call call, int argument) {
        long port = call.asLong(argument, new CommandError("ERR Invalid master port"));
        if (port < 0 || port > 65535) {
            throw new CommandError("ERR Invalid master port");
        }
        return (int) port;
    }

    // ---- PSYNC, SYNC

    private void psync(Call call) {
        if (call.argc() > 3 && call.is(3, "FAILOVER") && !call.client().isReplica()) {
            takeOver(call);
        }
        if (mayServe(call)) {
            replication.replicas().psync(call.client(), call.asString(1), call.asLong(2));
        }
    }

    /** The master of this replica follows it from now on: so this one is the master. */
    private void takeOver(Call call) {
        Log.warning("Failover request received for replid " + call.shown(1) + ".");
        if (replication.isManaged()) {
            throw new CommandError("ERR this node is managed; its operator switches masters");
        }
        if (replication.isMaster()) {
            throw new CommandError("ERR PSYNC FAILOVER can't be sent to a master.");
        }
        if (!call.asString(1).equalsIgnoreCase(replication.history().replid())) {
            throw new CommandError("ERR PSYNC FAILOVER replid must match my replid.");
        }
        replication.leadByHand();
        Log.notice("MASTER MODE enabled (failover request from '" + line(call) + "')");
    }

    private void sync(Call call) {
        if (mayServe(call)) {
            replication.replicas().sync(call.client());
        }
    }

    private boolean mayServe(Call call) {
        Client client = call.client();
        if (client.isReplica()) {
            return false;
        }
        if (!client.isAnswered()) {
            throw new CommandError("ERR PSYNC needs a connection");
        }
        String refusal = replication.refusesReplicas(client);
        if (refusal != null) {
            throw new CommandError(refusal);
        }
        if (client.connection().pendingOutput() > 0
                || client.connection().output().readable() > 0) {
            throw new CommandError("ERR SYNC and PSYNC are invalid with pending output");
        }
        if (replication.replicas().of(client).lacksEndMark()) {
            throw new CommandError("ERR Filtered replica requires EOF capability");
        }
        return true;
    }

    // ---- REPLCONF

    private void replconf(Call call) {
        if (call.argc() % 2 == 0) {
            throw CommandError.SYNTAX;
        }
        if (call.argc() >= 3 && call.is(1, "GETACK")) {
            getAck(call);
            return;
        }
        if (!call.client().isAnswered()) {
            return; // the master's stream carries nothing else
        }
        ReplicaLink link = replication.replicas().of(call.client());
        if (call.argc() >= 3 && call.is(1, "ACK")) {
            ack(call, link);
            return;
        }
        for (int i = 1; i < call.argc(); i += 2) {
            if (call.is(i, "LISTENING-PORT")) {
                link.port(call.asLong(i + 1));
            } else if (call.is(i, "IP-ADDRESS")) {
                if (call.length(i + 1) > MOST_ADDRESS) {
                    throw new CommandError("ERR REPLCONF ip-address provided by replica instance is too long: "
                            + call.length(i + 1) + " bytes");
                }
                link.announcedIp(call.asString(i + 1));
            } else if (call.is(i, "CAPA")) {
                link.capability(call.asString(i + 1));
            } else if (call.is(i, "VERSION")) {
                // Later servers say theirs; nothing depends on it here.
                continue;
            } else if (call.is(i, "TERM")) {
                term(call, link, i);
                break;
            } else if (call.is(i, "RDB-ONLY")) {
                link.dumpOnly(flag(call, i + 1));
            } else if (call.is(i, "RDB-FILTER-ONLY")) {
                filter(call, link, i + 1);
            } else {
                throw new CommandError("ERR Unrecognized REPLCONF option: " + call.shown(i));
            }
        }
        call.reply().ok();
    }

    private static boolean flag(Call call, int i) {
        long value = call.asLong(i);
        if (value != 0 && value != 1) {
            throw new CommandError("ERR value is out of range, value must between 0 and 1");
        }
        return value == 1;
    }

    /** The list says what alone the dump is to hold: of the words that Redis knows, functions, there are none here. */
    private static void filter(Call call, ReplicaLink link, int i) {
        String words = call.asString(i).trim();
        if (words.startsWith("\"") && (words.length() == 1 || !words.endsWith("\""))) {
            throw new CommandError("ERR Missing rdb-filter-only values");
        }
        link.dumpWithoutKeys();
        for (String word : words.split("\\s+", -1)) {
            if (!word.isEmpty() && !word.equalsIgnoreCase("functions")) {
                throw new CommandError("ERR Unsupported rdb-filter-only option: " + word);
            }
        }
    }

    /** {@code REPLCONF term <n> run-id <id>}: a managed node introduces itself. */
    private void term(Call call, ReplicaLink link, int at) {
        long term = LeaseCommands.term(call, at + 1);
        if (!replication.isManaged()) {
            return;
        }
        long mine = replication.managed().state().term();
        if (term != mine) {
            throw new CommandError("STALETERM current is " + mine);
        }
        String run = at + 3 < call.argc() && call.is(at + 2, "RUN-ID") ? call.asString(at + 3) : "";
        link.managed(term, run);
    }

    /** {@code REPLCONF ACK <offset> [TERM <n> ECHO <token>] [FACK <offset on disk>]}: no reply. */
    private void ack(Call call, ReplicaLink link) {
        if (!call.client().isReplica() || !Decimal.isCanonical(call.address(2), call.length(2))) {
            return;
        }
        for (int i = 3; i + 1 < call.argc(); i += 2) {
            if (call.is(i, "FACK") && Decimal.isCanonical(call.address(i + 1), call.length(i + 1))) {
                link.acknowledgeFile(call.asLong(i + 1));
            }
        }
        replication.replicas().acknowledged(link, call.asLong(2));
        if (replication.isManaged() && call.argc() >= 7 && call.is(3, "TERM") && call.is(5, "ECHO")) {
            replication.managed().voted(link, call.asLong(4), call.asString(6));
        }
    }

    private void getAck(Call call) {
        MasterLink link = replication.link();
        if (!call.client().isMaster() || link == null) {
            return;
        }
        link.acknowledgeSoon(replication.isManaged() && !call.is(2, "*") ? call.asString(2) : null);
    }

    // ---- ROLE

    private void role(Call call) {
        ReplyWriter reply = call.reply();
        if (replication.isMaster()) {
            List<ReplicaLink> online = replication.replicas().links().stream()
                    .filter(ReplicaLink::isOnline)
                    .toList();
            reply.array(3);
            reply.bulk("master");
            reply.integer(replication.log().end());
            reply.array(online.size());
            for (ReplicaLink link : online) {
                reply.array(3);
                reply.bulk(link.address());
                reply.bulk(Long.toString(link.port()));
                reply.bulk(Long.toString(link.acked()));
            }
            return;
        }
        MasterLink link = replication.link();
        reply.array(5);
        reply.bulk("slave");
        MasterAddress address = replication.master();
        reply.bulk(address == null ? "" : address.host());
        reply.integer(address == null ? 0 : address.port());
        reply.bulk(link != null ? link.roleState() : address != null ? "connect" : "none");
        reply.integer(link != null && link.isUp() ? replication.log().end() : -1);
    }
}
