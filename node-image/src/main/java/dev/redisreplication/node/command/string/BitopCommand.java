package dev.redisreplication.node.command.string;

import static dev.redisreplication.node.command.Category.BITMAP;
import static dev.redisreplication.node.command.Flag.DENYOOM;
import static dev.redisreplication.node.command.Flag.WRITE;
import static dev.redisreplication.node.command.KeyFlag.ACCESS;
import static dev.redisreplication.node.command.KeyFlag.OW;
import static dev.redisreplication.node.command.KeyFlag.RO;
import static dev.redisreplication.node.command.KeyFlag.UPDATE;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.Event;
import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.resp.NativeBuffer;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.type.Strings;

/** BITOP: several strings, bit by bit; the shorter ones are taken to go on with zeros. */
public final class BitopCommand {
    private static final int SOURCES = 3; // the first argument that is a source
    private static final CommandError NOT_HAS_ONE =
            new CommandError("ERR BITOP NOT must be called with a single source key.");

    private final Slice source = new Slice();

    private BitopCommand() {}

    private enum Operation {
        AND,
        OR,
        XOR,
        NOT;

        long apply(long a, long b) {
            return switch (this) {
                case AND -> a & b;
                case OR -> a | b;
                case XOR -> a ^ b;
                case NOT -> ~b;
            };
        }
    }

    /** Adds the row. */
    public static void register(CommandTable.Builder t) {
        BitopCommand c = new BitopCommand();
        t.row("bitop", -4, c::bitop)
                .is(WRITE, DENYOOM)
                .key(2, OW, UPDATE)
                .keys(SOURCES, -1, 1, RO, ACCESS)
                .in(BITMAP);
    }

    void bitop(Call call) {
        Operation operation = operation(call);
        if (operation == Operation.NOT && call.argc() != SOURCES + 1) {
            throw NOT_HAS_ONE;
        }
        int longest = 0;
        for (int i = SOURCES; i < call.argc(); i++) {
            read(call, i);
            longest = Math.max(longest, source.length());
        }
        if (longest > 0) {
            try (NativeBuffer result = new NativeBuffer(longest)) {
                compute(call, operation, result.address(), longest);
                long target = Strings.setText(
                        call.db(), call.address(2), call.length(2), result.address(), longest, Entry.NO_EXPIRY);
                Entry.general(target, true);
            }
            call.event(Event.SET, 2);
            call.changed(1);
        } else if (call.db().remove(call.address(2), call.length(2))) {
            call.event(Event.DEL, 2);
            call.changed(1);
        }
        call.reply().integer(longest);
    }

    private static Operation operation(Call call) {
        for (Operation operation : Operation.values()) {
            if (call.is(1, operation.name())) {
                return operation;
            }
        }
        throw CommandError.SYNTAX;
    }

    /** Points at the string of a key, an empty one if the key is absent. */
    private void read(Call call, int i) {
        long entry = Strings.find(call.db(), call.address(i), call.length(i));
        if (entry == 0) {
            source.point(0, 0);
        } else {
            Strings.get(entry, source);
        }
    }

    private void compute(Call call, Operation operation, long result, int size) {
        Memory.zero(result, size);
        for (int i = SOURCES; i < call.argc(); i++) {
            read(call, i);
            // The first one is taken as it is, but for NOT, which has no other.
            apply(i == SOURCES && operation != Operation.NOT ? Operation.OR : operation, result, size);
        }
    }

    /** Combines the result so far with the source. */
    private void apply(Operation operation, long result, int size) {
        long from = source.address();
        int length = source.length();
        int at = 0;
        for (; at + 8 <= length; at += 8) {
            long word = operation.apply(Memory.getLong(result + at), Memory.getLong(from + at));
            Memory.putLong(result + at, word);
        }
        for (; at < length; at++) {
            long octet = operation.apply(Memory.getByte(result + at), Memory.getByte(from + at));
            Memory.putByte(result + at, (int) octet);
        }
        if (operation == Operation.AND) {
            Memory.zero(result + length, size - length);
        }
    }
}
