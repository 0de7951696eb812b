package dev.redisreplication.node.command.hyperloglog;

import static dev.redisreplication.node.command.Category.HYPERLOGLOG;
import static dev.redisreplication.node.command.Flag.DENYOOM;
import static dev.redisreplication.node.command.Flag.FAST;
import static dev.redisreplication.node.command.Flag.MAY_REPLICATE;
import static dev.redisreplication.node.command.Flag.READONLY;
import static dev.redisreplication.node.command.Flag.WRITE;
import static dev.redisreplication.node.command.KeyFlag.ACCESS;
import static dev.redisreplication.node.command.KeyFlag.INSERT;
import static dev.redisreplication.node.command.KeyFlag.RO;
import static dev.redisreplication.node.command.KeyFlag.RW;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.Event;
import dev.redisreplication.node.config.Directives;
import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.type.DenseRegisters;
import dev.redisreplication.node.type.HyperLogLog;
import dev.redisreplication.node.type.LogHeader;
import dev.redisreplication.node.type.SparseRegisters;
import dev.redisreplication.node.type.SparseRegisters.Outcome;
import dev.redisreplication.node.type.Strings;
import java.util.Arrays;

/** PFADD, PFCOUNT and PFMERGE. */
public final class HyperLogLogCommands {
    static final CommandError NOT_ONE = new CommandError("WRONGTYPE Key is not a valid HyperLogLog string value.");
    static final CommandError DAMAGED = new CommandError("INVALIDOBJ Corrupted HLL object detected");

    private final Slice log = new Slice();
    private final byte[] registers = new byte[LogHeader.REGISTERS];

    private HyperLogLogCommands() {}

    /** Adds the rows of this part of the group. */
    public static void register(CommandTable.Builder t) {
        HyperLogLogCommands c = new HyperLogLogCommands();
        // spotless:off: one row a command
        t.row("pfadd", -2, c::pfadd).is(WRITE, DENYOOM, FAST).key(1, RW, INSERT).in(HYPERLOGLOG);
        t.row("pfcount", -2, c::pfcount).is(READONLY, MAY_REPLICATE).keys(1, -1, 1, RW, ACCESS).in(HYPERLOGLOG);
        t.row("pfmerge", -2, c::pfmerge).is(WRITE, DENYOOM)
                .key(1, RW, ACCESS, INSERT).keys(2, -1, 1, RO, ACCESS).in(HYPERLOGLOG);
        // spotless:on
    }

    void pfadd(Call call) {
        long entry = Strings.findForWrite(call.db(), call.address(1), call.length(1));
        int updated = entry == 0 ? 1 : 0;
        boolean inPlace = entry != 0 && isDense(entry, log);
        if (inPlace) {
            Strings.writable(call.db(), call.address(1), call.length(1), LogHeader.DENSE_SIZE, log);
        } else {
            copy(entry, log);
        }
        int longest = longest(call);
        for (int i = 2; i < call.argc(); i++) {
            long hash = HyperLogLog.hash(call.address(i), call.length(i));
            updated += raise(HyperLogLog.register(hash), HyperLogLog.rank(hash), longest) ? 1 : 0;
        }
        if (updated > 0) {
            LogHeader.outdate(log.address());
            if (!inPlace) {
                store(call, entry == 0);
            }
            call.event(Event.PFADD, 1);
            call.changed(updated);
        }
        call.reply().integer(updated > 0 ? 1 : 0);
    }

    private boolean raise(int register, int rank, int longest) {
        if (!LogHeader.isSparse(log.address())) {
            return DenseRegisters.raise(log.address(), register, rank);
        }
        Outcome outcome = SparseRegisters.raise(log, register, rank, longest);
        if (outcome == Outcome.DAMAGED) {
            throw DAMAGED;
        }
        return outcome == Outcome.CHANGED;
    }

    private static int longest(Call call) {
        return (int) Math.min(Integer.MAX_VALUE, call.node().settings().get(Directives.HLL_SPARSE_MAX_BYTES));
    }

    /** Points at the bytes of an entry; whether they are in the dense form. */
    static boolean isDense(long entry, Slice out) {
        Strings.get(entry, out);
        if (!LogHeader.isOne(out.address(), out.length())) {
            throw NOT_ONE;
        }
        return !LogHeader.isSparse(out.address());
    }

    /** Copies the bytes of an entry to where they can be changed; of none, an empty one. */
    static void copy(long entry, Slice out) {
        if (entry == 0) {
            long address = out.reserve(LogHeader.DENSE_SIZE);
            out.point(address, SparseRegisters.create(address));
            return;
        }
        int length = Strings.length(entry);
        long from = Entry.textAddress(entry); // an integer is refused before
        long address = out.reserve(Math.max(LogHeader.DENSE_SIZE, length + 4));
        Memory.copy(from, address, length);
        out.point(address, length);
    }

    private void store(Call call, boolean isNew) {
        long entry = Strings.setText(
                call.db(),
                call.address(1),
                call.length(1),
                log.address(),
                log.length(),
                isNew ? Entry.NO_EXPIRY : Keyspace.KEEP_EXPIRY);
        Entry.general(entry, true);
    }

    void pfcount(Call call) {
        if (call.argc() == 2) {
            countOne(call);
            return;
        }
        Arrays.fill(registers, (byte) 0);
        for (int i = 1; i < call.argc(); i++) {
            gather(call, i);
        }
        call.reply().integer(HyperLogLog.count(registers));
    }

    /** Raises the registers to those of a key; whether it is in the dense form. */
    private boolean gather(Call call, int i) {
        long entry = Strings.find(call.db(), call.address(i), call.length(i));
        if (entry == 0) {
            return false;
        }
        boolean dense = isDense(entry, log);
        if (!HyperLogLog.merge(log.address(), log.length(), registers)) {
            throw DAMAGED;
        }
        return dense;
    }

    /** A count is noted where it was counted. It is a change of the data: replicas hear of it, and do not make it by themselves. */
    private void countOne(Call call) {
        long entry = Strings.find(call.db(), call.address(1), call.length(1));
        if (entry == 0) {
            call.reply().integer(0);
            return;
        }
        isDense(entry, log);
        long count = LogHeader.noted(log.address());
        if (count < 0) {
            count = HyperLogLog.count(log.address(), log.length());
            if (count < 0) {
                throw DAMAGED;
            }
            if (call.isReplayed() || !call.node().gate().isReplica()) {
                Strings.writable(call.db(), call.address(1), call.length(1), log.length(), log);
                LogHeader.note(log.address(), count);
                call.event(Event.CHANGED, 1);
                call.changed(1);
            }
        }
        call.reply().integer(count);
    }

    void pfmerge(Call call) {
        Arrays.fill(registers, (byte) 0);
        boolean dense = false;
        for (int i = 1; i < call.argc(); i++) {
            dense |= gather(call, i);
        }
        long entry = Strings.findForWrite(call.db(), call.address(1), call.length(1));
        copy(entry, log);
        if (dense && LogHeader.isSparse(log.address()) && !SparseRegisters.toDense(log)) {
            throw DAMAGED;
        }
        int longest = longest(call);
        for (int i = 0; i < registers.length; i++) {
            if (registers[i] > 0) {
                raise(i, registers[i], longest);
            }
        }
        LogHeader.outdate(log.address());
        store(call, entry == 0);
        call.event(Event.PFADD, 1); // as in Redis: a merge adds
        call.changed(1);
        call.reply().ok();
    }
}
