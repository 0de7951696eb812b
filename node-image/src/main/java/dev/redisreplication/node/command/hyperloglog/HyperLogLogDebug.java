package dev.redisreplication.node.command.hyperloglog;

import static dev.redisreplication.node.command.Category.HYPERLOGLOG;
import static dev.redisreplication.node.command.Flag.ADMIN;
import static dev.redisreplication.node.command.Flag.DENYOOM;
import static dev.redisreplication.node.command.Flag.WRITE;
import static dev.redisreplication.node.command.KeyFlag.ACCESS;
import static dev.redisreplication.node.command.KeyFlag.RW;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.type.DenseRegisters;
import dev.redisreplication.node.type.HyperLogLog;
import dev.redisreplication.node.type.LogHeader;
import dev.redisreplication.node.type.SparseRegisters;
import dev.redisreplication.node.type.Strings;
import java.util.Arrays;

/** PFDEBUG and PFSELFTEST. */
public final class HyperLogLogDebug {
    private static final CommandError NO_KEY = new CommandError("ERR The specified key does not exist");
    private static final CommandError NOT_SPARSE = new CommandError("ERR HLL encoding is not sparse");
    private static final int TESTED = 100_000;

    private final Slice log = new Slice();

    private HyperLogLogDebug() {}

    /** Adds the rows of this part of the group. */
    public static void register(CommandTable.Builder t) {
        HyperLogLogDebug c = new HyperLogLogDebug();
        // spotless:off: one row a command
        t.row("pfdebug", 3, c::pfdebug).is(WRITE, DENYOOM, ADMIN).key(2, RW, ACCESS).in(HYPERLOGLOG);
        t.row("pfselftest", 1, c::pfselftest).is(ADMIN).in(HYPERLOGLOG);
        // spotless:on
    }

    void pfdebug(Call call) {
        long entry = Strings.findForWrite(call.db(), call.address(2), call.length(2));
        if (entry == 0) {
            throw NO_KEY;
        }
        boolean dense = HyperLogLogCommands.isDense(entry, log);
        if (call.is(1, "GETREG")) {
            makeDense(call, dense);
            replyRegisters(call);
        } else if (call.is(1, "DECODE")) {
            if (dense) {
                throw NOT_SPARSE;
            }
            decode(call);
        } else if (call.is(1, "ENCODING")) {
            call.reply().simple(dense ? "dense" : "sparse");
        } else if (call.is(1, "TODENSE")) {
            makeDense(call, dense);
            call.reply().integer(dense ? 0 : 1);
        } else {
            throw new CommandError("ERR Unknown PFDEBUG subcommand '" + call.shown(1) + "'");
        }
    }

    private void makeDense(Call call, boolean dense) {
        if (dense) {
            return;
        }
        HyperLogLogCommands.copy(Strings.findForWrite(call.db(), call.address(2), call.length(2)), log);
        if (!SparseRegisters.toDense(log)) {
            throw HyperLogLogCommands.DAMAGED;
        }
        long changed = Strings.setText(
                call.db(), call.address(2), call.length(2), log.address(), log.length(), Keyspace.KEEP_EXPIRY);
        Entry.general(changed, true);
        call.changed(1);
    }

    private void replyRegisters(Call call) {
        call.reply().array(LogHeader.REGISTERS);
        for (int i = 0; i < LogHeader.REGISTERS; i++) {
            call.reply().integer(DenseRegisters.get(log.address(), i));
        }
    }

    private void decode(Call call) {
        String text = SparseRegisters.text(log.address(), log.length());
        if (text == null) {
            throw HyperLogLogCommands.DAMAGED;
        }
        call.reply().bulk(text);
    }

    /** Counts up to a hundred thousand elements, in both forms at once, and compares the registers with those of an array. */
    void pfselftest(Call call) {
        byte[] expected = new byte[LogHeader.REGISTERS];
        Slice number = new Slice();
        HyperLogLogCommands.copy(0, log);
        for (int added = 1; added <= TESTED; added++) {
            number.decimal(added * 0x9e3779b97f4a7c15L);
            long hash = HyperLogLog.hash(number.address(), number.length());
            int register = HyperLogLog.register(hash);
            int rank = HyperLogLog.rank(hash);
            expected[register] = (byte) Math.max(expected[register], rank);
            if (LogHeader.isSparse(log.address())) {
                SparseRegisters.raise(log, register, rank, 3000);
            } else {
                DenseRegisters.raise(log.address(), register, rank);
            }
            if (added % 100 == 0 && added <= 1000 || added % 10_000 == 0) {
                check(expected, added);
            }
        }
        call.reply().ok();
    }

    private void check(byte[] expected, int added) {
        byte[] found = new byte[LogHeader.REGISTERS];
        HyperLogLog.merge(log.address(), log.length(), found);
        if (!Arrays.equals(expected, found)) {
            throw new CommandError("TESTFAILED registers differ after " + added + " elements");
        }
        long count = HyperLogLog.count(log.address(), log.length());
        // Four times the standard error of 1.04 / sqrt(16384), and some elements.
        if (Math.abs(count - added) > added * 0.0325 + 10) {
            throw new CommandError("TESTFAILED Too big error. card:" + added + " abserr:" + Math.abs(count - added));
        }
    }
}
