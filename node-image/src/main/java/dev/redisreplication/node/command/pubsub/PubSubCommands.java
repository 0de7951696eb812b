package dev.redisreplication.node.command.pubsub;

import static dev.redisreplication.node.command.Flag.FAST;
import static dev.redisreplication.node.command.Flag.LOADING;
import static dev.redisreplication.node.command.Flag.MAY_REPLICATE;
import static dev.redisreplication.node.command.Flag.NOSCRIPT;
import static dev.redisreplication.node.command.Flag.PUBSUB;
import static dev.redisreplication.node.command.Flag.STALE;
import static dev.redisreplication.node.command.Flag.WHILE_SUBSCRIBED;
import static dev.redisreplication.node.command.KeyFlag.NOT_KEY;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandRow;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.Flag;
import dev.redisreplication.node.command.Gate;
import dev.redisreplication.node.command.Handler;
import dev.redisreplication.node.command.PubSub;
import dev.redisreplication.node.command.Space;
import dev.redisreplication.node.memory.Glob;
import java.util.List;

/** Subscribing and publishing. Messages also reach who listens on a replica: PUBLISH goes there by the effect log. */
public final class PubSubCommands {
    private static final Flag[] LISTEN = {PUBSUB, NOSCRIPT, LOADING, STALE, WHILE_SUBSCRIBED};
    private static final Flag[] POST = {PUBSUB, LOADING, STALE, FAST, MAY_REPLICATE};

    /** Redis' words: a transaction is one of those. It makes an exception for the older two commands. */
    private static final CommandError NOT_IN_EXEC =
            new CommandError("ERR SSUBSCRIBE isn't allowed for a DENY BLOCKING client");

    private static final String[] HELP = {
        "PUBSUB <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
        "CHANNELS [<pattern>]",
        "    Return the currently active channels matching a <pattern> (default: '*').",
        "NUMPAT",
        "    Return number of subscriptions to patterns.",
        "NUMSUB [<channel> ...]",
        "    Return the number of subscribers for the specified channels, excluding",
        "    pattern subscriptions(default: no channels).",
        "SHARDCHANNELS [<pattern>]",
        "    Return the currently active shard level channels matching a <pattern> (default: '*').",
        "SHARDNUMSUB [<shardchannel> ...]",
        "    Return the number of subscribers for the specified shard level channel(s)"
    };

    private PubSubCommands() {}

    /** Adds the rows. */
    public static void register(CommandTable.Builder t) {
        // spotless:off: one row a command
        t.row("subscribe", -2, subscribe(Space.CHANNEL)).is(LISTEN).channels(1, false);
        t.row("unsubscribe", -1, unsubscribe(Space.CHANNEL)).is(LISTEN);
        t.row("psubscribe", -2, subscribe(Space.PATTERN)).is(LISTEN).channels(1, true);
        t.row("punsubscribe", -1, unsubscribe(Space.PATTERN)).is(LISTEN);
        t.row("ssubscribe", -2, subscribe(Space.SHARD)).is(LISTEN).keys(1, -1, 1, NOT_KEY).channels(1, false);
        t.row("sunsubscribe", -1, unsubscribe(Space.SHARD)).is(LISTEN).keys(1, -1, 1, NOT_KEY);
        t.row("publish", 3, publish(Space.CHANNEL)).is(POST).channel(1);
        t.row("spublish", 3, publish(Space.SHARD)).is(POST).key(1, NOT_KEY).channel(1);
        CommandRow.Builder c = t.row("pubsub", -2, t.help(HELP)).is(LOADING, STALE);
        t.sub(c, "help", 2, t.help(HELP));
        t.sub(c, "channels", -2, channels(Space.CHANNEL)).is(PUBSUB);
        t.sub(c, "numpat", 2, PubSubCommands::numpat).is(PUBSUB);
        t.sub(c, "numsub", -2, numsub(Space.CHANNEL)).is(PUBSUB);
        t.sub(c, "shardchannels", -2, channels(Space.SHARD)).is(PUBSUB);
        t.sub(c, "shardnumsub", -2, numsub(Space.SHARD)).is(PUBSUB);
        // spotless:on
    }

    private static Handler subscribe(Space space) {
        return call -> {
            if (space == Space.SHARD && !call.mayBlock()) {
                throw NOT_IN_EXEC;
            }
            call.node().heldNames().requireRoom(call.request());
            for (int i = 1; i < call.argc(); i++) {
                call.node().pubSub().subscribe(call.client(), space, call.asBytes(i));
            }
        };
    }

    private static Handler unsubscribe(Space space) {
        return call -> {
            PubSub pubSub = call.node().pubSub();
            if (call.argc() == 1) {
                pubSub.unsubscribeAll(call.client(), space);
            }
            for (int i = 1; i < call.argc(); i++) {
                pubSub.unsubscribe(call.client(), space, call.asBytes(i));
            }
        };
    }

    private static Handler publish(Space space) {
        return call -> {
            boolean heard = call.length(1) <= Call.MAX_COPIED; // nobody can have subscribed to a longer name
            int receivers =
                    heard ? call.node().pubSub().publish(space, call.asBytes(1), call.address(2), call.length(2)) : 0;
            Gate gate = call.node().gate();
            if (!gate.isReplica() && gate.mayAcknowledge()) { // else the log is not this node's to write
                call.propagate();
            }
            call.reply().integer(receivers);
        };
    }

    private static Handler channels(Space space) {
        return call -> {
            if (call.argc() > 3) {
                throw new CommandError("ERR unknown subcommand or wrong number of arguments for '" + call.shown(1)
                        + "'. Try PUBSUB HELP.");
            }
            List<byte[]> found = call.node().pubSub().names(space);
            if (call.argc() > 2) {
                byte[] pattern = call.asBytes(2);
                found = found.stream()
                        .filter(name -> Glob.matches(pattern, name))
                        .toList();
            }
            call.reply().array(found.size());
            found.forEach(call.reply()::bulk);
        };
    }

    private static void numpat(Call call) {
        call.reply().integer(call.node().pubSub().names(Space.PATTERN).size());
    }

    private static Handler numsub(Space space) {
        return call -> {
            call.reply().array(2 * (call.argc() - 2));
            for (int i = 2; i < call.argc(); i++) {
                byte[] channel = call.asBytes(i);
                call.reply().bulk(channel);
                call.reply().integer(call.node().pubSub().listeners(space, channel));
            }
        };
    }
}
