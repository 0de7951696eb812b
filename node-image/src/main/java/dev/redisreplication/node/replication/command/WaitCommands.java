package dev.redisreplication.node.replication.command;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.Category;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.Flag;
import dev.redisreplication.node.command.argument.Numbers;
import dev.redisreplication.node.command.argument.Timeouts;
import dev.redisreplication.node.replication.io.Replicas;
import dev.redisreplication.node.replication.io.Replication;
import java.util.function.BooleanSupplier;

/** WAIT and WAITAOF: until what a client wrote is where it is to be. */
final class WaitCommands {
    private static final CommandError WAIT_ON_REPLICA = new CommandError(
            "ERR WAIT cannot be used with replica instances. Please also note that since Redis 4.0 if a replica is"
                    + " configured to be writable (which is not the default) writes to replicas are just local and are"
                    + " not propagated.");
    private static final CommandError WAITAOF_ON_REPLICA =
            new CommandError("ERR WAITAOF cannot be used with replica instances. Please also note that writes to"
                    + " replicas are just local and are not propagated.");
    private static final CommandError NO_FILE =
            new CommandError("ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.");
    private static final CommandError NOT_POSITIVE = new CommandError("ERR value is out of range, must be positive");

    private final Replication replication;

    private WaitCommands(Replication replication) {
        this.replication = replication;
    }

    static void register(CommandTable.Builder t, Replication replication) {
        WaitCommands c = new WaitCommands(replication);
        // spotless:off: one row a command
        t.row("wait", 3, c::waitForReplicas).is(Flag.NOSCRIPT).in(Category.CONNECTION);
        t.row("waitaof", 4, c::waitForFiles).is(Flag.BLOCKING).in(Category.CONNECTION);
        // spotless:on
    }

    private void waitForReplicas(Call call) {
        if (!replication.isMaster()) {
            throw WAIT_ON_REPLICA;
        }
        long wanted = call.asLong(1);
        long timeout = Timeouts.millis(call, 2);
        long offset = call.client().seenOffset();
        int count = replicas().countAcked(offset);
        if (count >= wanted || !call.mayBlock()) {
            call.reply().integer(count);
        } else {
            await(call, timeout, () -> replicas().countAcked(offset) >= wanted);
        }
    }

    private void waitForFiles(Call call) {
        long here = Numbers.between(call, 1, 0, 1);
        long wanted = Numbers.atLeast(call, 2, 0, NOT_POSITIVE);
        long timeout = Timeouts.millis(call, 3);
        if (!replication.isMaster()) {
            throw WAITAOF_ON_REPLICA;
        }
        if (here > 0 && !replication.persistence().isLogging()) {
            throw NO_FILE;
        }
        long offset = call.client().seenOffset();
        int written = isWritten(offset) ? 1 : 0;
        int count = replicas().countAofAcked(offset);
        if ((written >= here && count >= wanted) || !call.mayBlock()) {
            call.reply().array(2);
            call.reply().integer(written);
            call.reply().integer(count);
            return;
        }
        await(call, timeout, () -> {
            boolean off = here > 0 && !replication.persistence().isLogging(); // an error then
            return off || ((here == 0 || isWritten(offset)) && replicas().countAofAcked(offset) >= wanted);
        });
    }

    private boolean isWritten(long offset) {
        return replication.persistence().syncedOffset() >= offset;
    }

    private void await(Call call, long timeout, BooleanSupplier done) {
        if (!call.waitsOn()) {
            replicas().waiters().add(call.await(replicas().waiters(), timeout), done);
            replication.askForAcks();
        }
    }

    private Replicas replicas() {
        return replication.replicas();
    }
}
