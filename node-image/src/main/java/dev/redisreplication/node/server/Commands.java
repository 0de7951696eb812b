package dev.redisreplication.node.server;

import dev.redisreplication.node.acl.AclUsers;
import dev.redisreplication.node.aof.Persistence;
import dev.redisreplication.node.aof.command.PersistenceCommands;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.Shutdown;
import dev.redisreplication.node.command.acl.AclCommands;
import dev.redisreplication.node.command.connection.ConnectionCommands;
import dev.redisreplication.node.command.debug.DebugCommands;
import dev.redisreplication.node.command.generic.DumpCommands;
import dev.redisreplication.node.command.generic.ExpireCommands;
import dev.redisreplication.node.command.generic.KeyCommands;
import dev.redisreplication.node.command.generic.MigrateCommand;
import dev.redisreplication.node.command.generic.ObjectCommands;
import dev.redisreplication.node.command.generic.SortCommands;
import dev.redisreplication.node.command.geo.GeoCommands;
import dev.redisreplication.node.command.geo.GeoSearchCommands;
import dev.redisreplication.node.command.hash.FieldExpiryCommands;
import dev.redisreplication.node.command.hash.FieldValueCommands;
import dev.redisreplication.node.command.hash.HashCommands;
import dev.redisreplication.node.command.hash.HashScanCommands;
import dev.redisreplication.node.command.hyperloglog.HyperLogLogCommands;
import dev.redisreplication.node.command.hyperloglog.HyperLogLogDebug;
import dev.redisreplication.node.command.list.BlockingListCommands;
import dev.redisreplication.node.command.list.ListCommands;
import dev.redisreplication.node.command.list.ListMoveCommands;
import dev.redisreplication.node.command.pubsub.PubSubCommands;
import dev.redisreplication.node.command.server.ServerCommands;
import dev.redisreplication.node.command.set.SetAlgebraCommands;
import dev.redisreplication.node.command.set.SetCommands;
import dev.redisreplication.node.command.sortedset.CombineCommands;
import dev.redisreplication.node.command.sortedset.PickCommands;
import dev.redisreplication.node.command.sortedset.RangeCommands;
import dev.redisreplication.node.command.sortedset.SortedSetCommands;
import dev.redisreplication.node.command.stream.GroupCommands;
import dev.redisreplication.node.command.stream.StreamCommands;
import dev.redisreplication.node.command.stream.StreamInfoCommands;
import dev.redisreplication.node.command.stream.StreamReadCommands;
import dev.redisreplication.node.command.string.BitCommands;
import dev.redisreplication.node.command.string.BitfieldCommand;
import dev.redisreplication.node.command.string.BitopCommand;
import dev.redisreplication.node.command.string.CounterCommands;
import dev.redisreplication.node.command.string.LcsCommand;
import dev.redisreplication.node.command.string.StringCommands;
import dev.redisreplication.node.command.transaction.TransactionCommands;
import dev.redisreplication.node.command.watch.WatchCommands;
import dev.redisreplication.node.replication.command.ReplicationCommands;
import dev.redisreplication.node.replication.io.Replication;
import dev.redisreplication.node.script.EvalCommands;
import dev.redisreplication.node.script.FunctionCommands;
import dev.redisreplication.node.script.Functions;
import dev.redisreplication.node.script.Running;
import dev.redisreplication.node.script.Scripts;

/** The list of what this server can do: every group of commands, each with what it drives. */
final class Commands {
    private Commands() {}

    static CommandTable table(
            Replication replication,
            AclUsers users,
            Scripts scripts,
            Functions functions,
            Running running,
            Shutdown shutdown) {
        Persistence persistence = replication.persistence();
        CommandTable.Builder t = new CommandTable.Builder();
        ConnectionCommands.register(t);
        TransactionCommands.register(t);
        AclCommands.register(t, users);
        ServerCommands.register(t, persistence::flushed, shutdown);
        MemoryCommands.register(t, replication, scripts, functions);
        DebugCommands.register(t, debug(replication));
        WatchCommands.register(t);
        DumpCommands.register(t);
        ExpireCommands.register(t);
        KeyCommands.register(t);
        MigrateCommand.register(t);
        ObjectCommands.register(t);
        SortCommands.register(t);
        BitCommands.register(t);
        BitfieldCommand.register(t);
        BitopCommand.register(t);
        CounterCommands.register(t);
        LcsCommand.register(t);
        StringCommands.register(t);
        ListCommands.register(t);
        ListMoveCommands.register(t);
        BlockingListCommands.register(t);
        SetAlgebraCommands.register(t);
        SetCommands.register(t);
        HashCommands.register(t);
        HashScanCommands.register(t);
        FieldExpiryCommands.register(t);
        FieldValueCommands.register(t);
        PickCommands.register(t);
        RangeCommands.register(t);
        SortedSetCommands.register(t);
        CombineCommands.register(t);
        GeoCommands.register(t);
        GeoSearchCommands.register(t);
        HyperLogLogCommands.register(t);
        HyperLogLogDebug.register(t);
        StreamCommands.register(t);
        StreamReadCommands.register(t);
        StreamInfoCommands.register(t);
        GroupCommands.register(t);
        PubSubCommands.register(t);
        ReplicationCommands.register(t, replication);
        PersistenceCommands.register(t, persistence);
        EvalCommands.register(t, scripts, running);
        FunctionCommands.register(t, functions, running);
        return t.build();
    }

    private static DebugCommands.Server debug(Replication replication) {
        return new DebugCommands.Server() {
            @Override
            public void reload(boolean save, boolean flush, boolean merge) {
                replication.persistence().reload(save, flush, merge);
            }

            @Override
            public void reloadAppendOnly() {
                replication.persistence().reloadAppendOnly();
            }

            @Override
            public void changeHistory() {
                replication.changeHistory();
            }
        };
    }
}
