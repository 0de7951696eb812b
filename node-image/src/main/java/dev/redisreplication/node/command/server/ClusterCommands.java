package dev.redisreplication.node.command.server;

import static dev.redisreplication.node.command.Category.CONNECTION;
import static dev.redisreplication.node.command.Flag.ADMIN;
import static dev.redisreplication.node.command.Flag.FAST;
import static dev.redisreplication.node.command.Flag.LOADING;
import static dev.redisreplication.node.command.Flag.NOSCRIPT;
import static dev.redisreplication.node.command.Flag.NO_ASYNC_LOADING;
import static dev.redisreplication.node.command.Flag.STALE;
import static dev.redisreplication.node.command.Flag.WITHOUT_ROLE;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandRow;
import dev.redisreplication.node.command.CommandTable;

/**
 * CLUSTER and what belongs to it. This server is never part of a cluster, and says what Redis says with {@code
 * cluster-enabled no}: clients ask in order to learn which of the two they talk to.
 */
final class ClusterCommands {
    private static final CommandError DISABLED = new CommandError("ERR This instance has cluster support disabled");
    private static final String SUMMARY = "Refused: there is no cluster.";

    private ClusterCommands() {}

    static void register(CommandTable t) {
        t.group("cluster");
        // spotless:off: one row a command
        CommandRow c = t.row("cluster", -2, ClusterCommands::refuse, "3.0.0", "A container for cluster commands: refused.")
                .is(STALE, WITHOUT_ROLE);
        looks(t, c, "info", 2, "3.0.0");
        looks(t, c, "nodes", 2, "3.0.0");
        looks(t, c, "slots", 2, "3.0.0");
        looks(t, c, "shards", 2, "7.0.0");
        looks(t, c, "links", 2, "7.0.0");
        looks(t, c, "myid", 2, "3.0.0");
        looks(t, c, "keyslot", 3, "3.0.0");
        looks(t, c, "countkeysinslot", 3, "3.0.0");
        looks(t, c, "getkeysinslot", 4, "3.0.0");
        looks(t, c, "replicas", 3, "5.0.0").is(ADMIN);
        looks(t, c, "slaves", 3, "3.0.0").is(ADMIN);
        looks(t, c, "count-failure-reports", 3, "3.0.0").is(ADMIN);
        looks(t, c, "reset", -2, "3.0.0").is(ADMIN, NOSCRIPT);
        changes(t, c, "addslots", -3, "3.0.0");
        changes(t, c, "addslotsrange", -4, "7.0.0");
        changes(t, c, "bumpepoch", 2, "3.0.0");
        changes(t, c, "delslots", -3, "3.0.0");
        changes(t, c, "delslotsrange", -4, "7.0.0");
        changes(t, c, "failover", -2, "3.0.0");
        changes(t, c, "flushslots", 2, "3.0.0");
        changes(t, c, "forget", 3, "3.0.0");
        changes(t, c, "meet", -4, "3.0.0");
        changes(t, c, "replicate", 3, "3.0.0");
        changes(t, c, "saveconfig", 2, "3.0.0");
        changes(t, c, "set-config-epoch", 3, "3.0.0");
        changes(t, c, "setslot", -4, "3.0.0");
        looks(t, c, "help", 2, "5.0.0");
        t.row("readonly", 1, ClusterCommands::refuse, "3.0.0", SUMMARY).is(LOADING, STALE, FAST, WITHOUT_ROLE).in(CONNECTION);
        t.row("readwrite", 1, ClusterCommands::refuse, "3.0.0", SUMMARY).is(LOADING, STALE, FAST, WITHOUT_ROLE).in(CONNECTION);
        t.row("asking", 1, ClusterCommands::refuse, "3.0.0", SUMMARY).is(FAST, WITHOUT_ROLE).in(CONNECTION);
        // spotless:on
    }

    private static CommandRow looks(CommandTable t, CommandRow cluster, String name, int arity, String since) {
        return t.sub(cluster, name, arity, ClusterCommands::refuse, since, SUMMARY);
    }

    private static void changes(CommandTable t, CommandRow cluster, String name, int arity, String since) {
        looks(t, cluster, name, arity, since).is(ADMIN, NO_ASYNC_LOADING);
    }

    private static void refuse(Call call) {
        throw DISABLED;
    }
}
