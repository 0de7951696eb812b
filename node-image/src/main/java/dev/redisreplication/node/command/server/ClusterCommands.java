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

    private ClusterCommands() {}

    static void register(CommandTable.Builder t) {
        // spotless:off: one row a command
        CommandRow.Builder c = t.row("cluster", -2, ClusterCommands::refuse).is(STALE, WITHOUT_ROLE);
        looks(t, c, "info", 2);
        looks(t, c, "nodes", 2);
        looks(t, c, "slots", 2);
        looks(t, c, "shards", 2);
        looks(t, c, "links", 2);
        looks(t, c, "myid", 2);
        looks(t, c, "keyslot", 3);
        looks(t, c, "countkeysinslot", 3);
        looks(t, c, "getkeysinslot", 4);
        looks(t, c, "replicas", 3).is(ADMIN);
        looks(t, c, "slaves", 3).is(ADMIN);
        looks(t, c, "count-failure-reports", 3).is(ADMIN);
        looks(t, c, "reset", -2).is(ADMIN, NOSCRIPT);
        changes(t, c, "addslots", -3);
        changes(t, c, "addslotsrange", -4);
        changes(t, c, "bumpepoch", 2);
        changes(t, c, "delslots", -3);
        changes(t, c, "delslotsrange", -4);
        changes(t, c, "failover", -2);
        changes(t, c, "flushslots", 2);
        changes(t, c, "forget", 3);
        changes(t, c, "meet", -4);
        changes(t, c, "replicate", 3);
        changes(t, c, "saveconfig", 2);
        changes(t, c, "set-config-epoch", 3);
        changes(t, c, "setslot", -4);
        looks(t, c, "help", 2);
        t.row("readonly", 1, ClusterCommands::refuse).is(LOADING, STALE, FAST, WITHOUT_ROLE).in(CONNECTION);
        t.row("readwrite", 1, ClusterCommands::refuse).is(LOADING, STALE, FAST, WITHOUT_ROLE).in(CONNECTION);
        t.row("asking", 1, ClusterCommands::refuse).is(FAST, WITHOUT_ROLE).in(CONNECTION);
        // spotless:on
    }

    private static CommandRow.Builder looks(
            CommandTable.Builder t, CommandRow.Builder cluster, String name, int arity) {
        return t.sub(cluster, name, arity, ClusterCommands::refuse);
    }

    private static void changes(CommandTable.Builder t, CommandRow.Builder cluster, String name, int arity) {
        looks(t, cluster, name, arity).is(ADMIN, NO_ASYNC_LOADING);
    }

    private static void refuse(Call call) {
        throw DISABLED;
    }
}
