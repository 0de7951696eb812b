package dev.redisreplication.node.server;

import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.command.connection.ConnectionCommands;
import dev.redisreplication.node.command.debug.DebugCommands;
import dev.redisreplication.node.command.generic.ExpireCommands;
import dev.redisreplication.node.command.generic.KeyCommands;
import dev.redisreplication.node.command.generic.ObjectCommands;
import dev.redisreplication.node.command.hash.HashCommands;
import dev.redisreplication.node.command.hash.HashScanCommands;
import dev.redisreplication.node.command.list.ListCommands;
import dev.redisreplication.node.command.list.ListMoveCommands;
import dev.redisreplication.node.command.persistence.PersistenceCommands;
import dev.redisreplication.node.command.pubsub.PubSubCommands;
import dev.redisreplication.node.command.replication.ReplicationCommands;
import dev.redisreplication.node.command.server.ServerCommands;
import dev.redisreplication.node.command.set.SetAlgebraCommands;
import dev.redisreplication.node.command.set.SetCommands;
import dev.redisreplication.node.command.sortedset.PickCommands;
import dev.redisreplication.node.command.sortedset.RangeCommands;
import dev.redisreplication.node.command.sortedset.SortedSetCommands;
import dev.redisreplication.node.command.stream.GroupCommands;
import dev.redisreplication.node.command.stream.StreamCommands;
import dev.redisreplication.node.command.stream.StreamReadCommands;
import dev.redisreplication.node.command.string.BitCommands;
import dev.redisreplication.node.command.string.CounterCommands;
import dev.redisreplication.node.command.string.LcsCommand;
import dev.redisreplication.node.command.string.StringCommands;
import dev.redisreplication.node.command.transaction.TransactionCommands;
import dev.redisreplication.node.replication.io.Leaving;
import dev.redisreplication.node.replication.io.Replication;
import java.io.IOException;
import java.util.function.Consumer;

/** The list of what this server is made of: every group of commands, and where the data comes from. */
final class Commands {
    private Commands() {}

    static CommandTable table() {
        CommandTable.Builder t = new CommandTable.Builder();
        ConnectionCommands.register(t);
        TransactionCommands.register(t);
        ServerCommands.register(t);
        DebugCommands.register(t);
        ExpireCommands.register(t);
        KeyCommands.register(t);
        ObjectCommands.register(t);
        BitCommands.register(t);
        CounterCommands.register(t);
        LcsCommand.register(t);
        StringCommands.register(t);
        ListCommands.register(t);
        ListMoveCommands.register(t);
        SetAlgebraCommands.register(t);
        SetCommands.register(t);
        HashCommands.register(t);
        HashScanCommands.register(t);
        PickCommands.register(t);
        RangeCommands.register(t);
        SortedSetCommands.register(t);
        StreamCommands.register(t);
        StreamReadCommands.register(t);
        GroupCommands.register(t);
        PubSubCommands.register(t);
        ReplicationCommands.register(t);
        PersistenceCommands.register(t);
        return t.build();
    }

    /**
     * Begins loading the data. On the event loop.
     *
     * @param ready runs on the loop once the data is there
     * @param failed is told when it cannot be loaded
     * @return what the node owes to its replicas and to the disk when it ends
     */
    static Leaving data(Node node, Runnable ready, Consumer<IOException> failed) throws IOException {
        return Replication.start(node, ready, failed).leaving();
    }
}
