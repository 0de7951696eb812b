package dev.redisreplication.node.replication.command;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.Flag;
import dev.redisreplication.node.replication.io.Replication;

/** FAILOVER [TO host port [FORCE]] [ABORT] [TIMEOUT milliseconds]. */
final class FailoverCommand {
    private final Replication replication;

    private FailoverCommand(Replication replication) {
        this.replication = replication;
    }

    static void register(CommandTable.Builder t, Replication replication) {
        // spotless:off: one row a command
        t.row("failover", -1, new FailoverCommand(replication)::failover).is(Flag.ADMIN, Flag.NOSCRIPT, Flag.STALE);
        // spotless:on
    }

    private void failover(Call call) {
        if (replication.isManaged()) {
            throw new CommandError("ERR this node is managed; its operator switches masters");
        }
        if (call.argc() == 2 && call.is(1, "ABORT")) {
            if (!replication.failover().isOn()) {
                throw new CommandError("ERR No failover in progress.");
            }
            replication.failover().abort("Failover manually aborted");
            call.reply().ok();
            return;
        }
        String host = null;
        long port = 0;
        long timeout = 0;
        boolean force = false;
        for (int i = 1; i < call.argc(); i++) {
            if (call.is(i, "TIMEOUT") && i + 1 < call.argc() && timeout == 0) {
                timeout = call.asLong(++i);
                if (timeout <= 0) {
                    throw new CommandError("ERR FAILOVER timeout must be greater than 0");
                }
            } else if (call.is(i, "TO") && i + 2 < call.argc() && host == null) {
                host = call.asString(i + 1);
                port = call.asLong(i + 2);
                i += 2;
            } else if (call.is(i, "FORCE") && !force) {
                force = true;
            } else {
                throw CommandError.SYNTAX;
            }
        }
        String refusal = refusal(host, port, timeout, force);
        if (refusal != null) {
            throw new CommandError("ERR " + refusal);
        }
        call.reply().ok();
    }

    private String refusal(String host, long port, long timeout, boolean force) {
        if (replication.failover().isOn()) {
            return "FAILOVER already in progress.";
        }
        if (!replication.isMaster()) {
            return "FAILOVER is not valid when server is a replica.";
        }
        return replication.failover().begin(host, port, timeout, force);
    }
}
