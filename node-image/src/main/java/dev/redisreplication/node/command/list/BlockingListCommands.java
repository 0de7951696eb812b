package dev.redisreplication.node.command.list;

import static dev.redisreplication.node.command.Category.LIST;
import static dev.redisreplication.node.command.Flag.BLOCKING;
import static dev.redisreplication.node.command.Flag.DENYOOM;
import static dev.redisreplication.node.command.Flag.NOSCRIPT;
import static dev.redisreplication.node.command.Flag.WRITE;
import static dev.redisreplication.node.command.KeyFlag.ACCESS;
import static dev.redisreplication.node.command.KeyFlag.DELETE;
import static dev.redisreplication.node.command.KeyFlag.INSERT;
import static dev.redisreplication.node.command.KeyFlag.RW;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.EffectWriter;
import dev.redisreplication.node.command.argument.Timeouts;
import dev.redisreplication.node.store.Type;

/** Lists as queues that are waited for. What is taken is logged as by the command that does not wait. */
public final class BlockingListCommands {
    private final ListMoveCommands moves = new ListMoveCommands();

    private BlockingListCommands() {}

    /** Adds the rows of this part of the group. */
    public static void register(CommandTable.Builder t) {
        BlockingListCommands c = new BlockingListCommands();
        // spotless:off: one row a command
        t.row("blpop", -3, call -> c.pop(call, ListEnd.LEFT))
                .is(WRITE, NOSCRIPT, BLOCKING).keys(1, -2, 1, RW, ACCESS, DELETE).in(LIST);
        t.row("brpop", -3, call -> c.pop(call, ListEnd.RIGHT))
                .is(WRITE, NOSCRIPT, BLOCKING).keys(1, -2, 1, RW, ACCESS, DELETE).in(LIST);
        t.row("blmpop", -5, c::blmpop).is(WRITE, BLOCKING).numberedKeys(2, RW, ACCESS, DELETE).in(LIST);
        t.row("blmove", 6, c::blmove)
                .is(WRITE, DENYOOM, NOSCRIPT, BLOCKING).key(1, RW, ACCESS, DELETE).key(2, RW, INSERT).in(LIST);
        t.row("brpoplpush", 4, c::brpoplpush)
                .is(WRITE, DENYOOM, NOSCRIPT, BLOCKING).key(1, RW, ACCESS, DELETE).key(2, RW, INSERT).in(LIST);
        // spotless:on
    }

    private void pop(Call call, ListEnd end) {
        int last = call.argc() - 2;
        long timeout = Timeouts.seconds(call, last + 1);
        for (int key = 1; key <= last; key++) {
            if (call.looksAt(key) && moves.popWithKey(call, key, end)) {
                return;
            }
        }
        await(call, 1, last, timeout);
    }

    void blmpop(Call call) {
        ListMoveCommands.Pops pops = ListMoveCommands.Pops.read(call, 2);
        long timeout = Timeouts.seconds(call, 1);
        if (!moves.popSome(call, pops)) {
            await(call, pops.first(), pops.last(), timeout);
        }
    }

    void blmove(Call call) {
        ListEnd from = ListEnd.at(call, 3);
        ListEnd to = ListEnd.at(call, 4);
        move(call, from, to, Timeouts.seconds(call, 5));
    }

    void brpoplpush(Call call) {
        move(call, ListEnd.RIGHT, ListEnd.LEFT, Timeouts.seconds(call, 3));
    }

    private void move(Call call, ListEnd from, ListEnd to, long timeout) {
        if (call.looksAt(1) && moves.moveOne(call, from, to)) {
            logged(call);
        } else if (call.mayBlock() || call.isTimedOut()) {
            await(call, 1, 1, timeout);
        } else {
            call.reply().nil();
        }
    }

    /** Logs it under the name of what does not wait, without the time. */
    private static void logged(Call call) {
        boolean named = call.argc() == 6; // its ends
        EffectWriter effect = call.effect(call.argc() - 1).arg(named ? "LMOVE" : "RPOPLPUSH");
        for (int i = 1; i < call.argc() - 1; i++) {
            effect.arg(call.address(i), call.length(i));
        }
    }

    private static void await(Call call, int first, int last, long timeout) {
        if (call.mayBlock()) {
            call.awaitKeys(first, last, Type.LIST, timeout);
        } else {
            call.reply().nilArray();
        }
    }
}
