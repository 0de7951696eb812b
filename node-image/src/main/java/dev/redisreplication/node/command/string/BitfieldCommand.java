package dev.redisreplication.node.command.string;

import static dev.redisreplication.node.command.Category.BITMAP;
import static dev.redisreplication.node.command.Flag.DENYOOM;
import static dev.redisreplication.node.command.Flag.FAST;
import static dev.redisreplication.node.command.Flag.READONLY;
import static dev.redisreplication.node.command.Flag.WRITE;
import static dev.redisreplication.node.command.KeyFlag.ACCESS;
import static dev.redisreplication.node.command.KeyFlag.RO;
import static dev.redisreplication.node.command.KeyFlag.RW;
import static dev.redisreplication.node.command.KeyFlag.UPDATE;
import static dev.redisreplication.node.command.KeyFlag.VARIABLE_FLAGS;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.Event;
import dev.redisreplication.node.command.Keys;
import dev.redisreplication.node.command.string.Bitfield.Overflow;
import dev.redisreplication.node.memory.Decimal;
import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.resp.Ascii;
import dev.redisreplication.node.resp.Request;
import dev.redisreplication.node.type.Strings;
import java.util.ArrayList;
import java.util.List;

/** BITFIELD: whole numbers of some bits within a string, several at once. */
public final class BitfieldCommand {
    private static final long MOST_BYTES = 512L << 20;

    private static final CommandError BAD_OVERFLOW = new CommandError("ERR Invalid OVERFLOW type specified");
    private static final CommandError BAD_TYPE = new CommandError(
            "ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.");
    private static final CommandError BAD_OFFSET = new CommandError("ERR bit offset is not an integer or out of range");
    private static final CommandError ONLY_GET = new CommandError("ERR BITFIELD_RO only supports the GET subcommand");

    private final Slice value = new Slice();

    private BitfieldCommand() {}

    private enum Kind {
        GET,
        SET,
        INCRBY
    }

    /** One of the operations of a request, all of which are read before the first is done. */
    private record Operation(Kind kind, Bitfield field, long bit, long operand, Overflow overflow) {}

    /** Adds the rows. */
    public static void register(CommandTable.Builder t) {
        BitfieldCommand c = new BitfieldCommand();
        // spotless:off: one row a command
        t.row("bitfield", -2, c::bitfield).is(WRITE, DENYOOM)
                .key(1, RW, ACCESS, UPDATE, VARIABLE_FLAGS).keysBy(BitfieldCommand::key).in(BITMAP);
        t.row("bitfield_ro", -2, c::bitfieldRo).is(READONLY, FAST).key(1, RO, ACCESS).in(BITMAP);
        // spotless:on
    }

    /** The key is only read where nothing but GET is asked for. */
    private static void key(Request request, Keys keys) {
        for (int i = 2; i < request.argc(); i++) {
            int left = request.argc() - i - 1;
            if (left >= 2 && is(request, i, "GET")) {
                i += 2;
            } else if (left >= 1 && is(request, i, "OVERFLOW")) {
                i++;
            } else {
                keys.add(1, RW, ACCESS, UPDATE);
                return;
            }
        }
        keys.add(1, RO, ACCESS);
    }

    private static boolean is(Request request, int i, String word) {
        return Ascii.same(request.address(i), request.length(i), word);
    }

    void bitfield(Call call) {
        run(call, parse(call));
    }

    void bitfieldRo(Call call) {
        List<Operation> operations = parse(call);
        if (operations.stream().anyMatch(operation -> operation.kind != Kind.GET)) {
            throw ONLY_GET;
        }
        run(call, operations);
    }

    private static List<Operation> parse(Call call) {
        List<Operation> operations = new ArrayList<>();
        Overflow overflow = Overflow.WRAP;
        for (int i = 2; i < call.argc(); i++) {
            int left = call.argc() - i - 1;
            if (left >= 1 && call.is(i, "OVERFLOW")) {
                overflow = overflow(call, i + 1);
                i++;
                continue;
            }
            Kind kind = kind(call, i, left);
            Bitfield field = field(call, i + 1);
            long bit = bit(call, i + 2, field.bits());
            long operand = kind == Kind.GET ? 0 : call.asLong(i + 3);
            call.takeHeap(64);
            operations.add(new Operation(kind, field, bit, operand, overflow));
            i += kind == Kind.GET ? 2 : 3;
        }
        return operations;
    }

    private static Kind kind(Call call, int i, int left) {
        for (Kind kind : Kind.values()) {
            if (left >= (kind == Kind.GET ? 2 : 3) && call.is(i, kind.name())) {
                return kind;
            }
        }
        throw CommandError.SYNTAX;
    }

    private static Overflow overflow(Call call, int i) {
        for (Overflow overflow : Overflow.values()) {
            if (call.is(i, overflow.name())) {
                return overflow;
            }
        }
        throw BAD_OVERFLOW;
    }

    private static Bitfield field(Call call, int i) {
        long text = call.address(i);
        int length = call.length(i);
        if (length > 1 && Decimal.isCanonical(text + 1, length - 1)) {
            int letter = Memory.getByte(text);
            long bits = Decimal.parse(text + 1, length - 1);
            if (bits >= 1 && (letter == 'i' && bits <= 64 || letter == 'u' && bits <= 63)) {
                return new Bitfield(letter == 'i', (int) bits);
            }
        }
        throw BAD_TYPE;
    }

    /** An offset in bits, or, behind a #, in numbers of this width. */
    private static long bit(Call call, int i, int bits) {
        long text = call.address(i);
        int length = call.length(i);
        boolean counted = length > 0 && Memory.getByte(text) == '#';
        if (counted) {
            text++;
            length--;
        }
        if (!Decimal.isCanonical(text, length)) {
            throw BAD_OFFSET;
        }
        long given = Decimal.parse(text, length);
        long bit = counted ? given * bits : given;
        if (given < 0 || counted && given > Long.MAX_VALUE / bits || bit >> 3 >= MOST_BYTES) {
            throw BAD_OFFSET;
        }
        return bit;
    }

    private void run(Call call, List<Operation> operations) {
        long end = 0; // the bit behind the last one that is written
        for (Operation operation : operations) {
            end = operation.kind == Kind.GET ? end : Math.max(end, operation.bit + operation.field.bits());
        }
        boolean grows = end > 0 && open(call, (int) (end + 7 >> 3));
        if (end == 0) {
            read(call);
        }
        call.reply().array(operations.size());
        int changes = 0;
        for (Operation operation : operations) {
            if (operation.kind == Kind.GET) {
                call.reply().integer(operation.field.get(value.address(), value.length(), operation.bit));
            } else if (write(call, operation) || grows) {
                changes++;
            }
        }
        if (changes > 0) {
            call.event(Event.SETBIT, 1);
            call.changed(changes);
        }
    }

    /** Makes the string long enough; whether it was shorter before, or absent. */
    private boolean open(Call call, int length) {
        long before = Strings.findForWrite(call.db(), call.address(1), call.length(1));
        boolean grows = before == 0 || Strings.length(before) < length;
        Strings.writable(call.db(), call.address(1), call.length(1), length, value);
        return grows;
    }

    private void read(Call call) {
        long entry = Strings.find(call.db(), call.address(1), call.length(1));
        if (entry == 0) {
            value.point(0, 0);
        } else {
            Strings.get(entry, value);
        }
    }

    /** Carries out one SET or INCRBY and replies to it; whether it changed a bit. */
    private boolean write(Call call, Operation operation) {
        Bitfield field = operation.field;
        long old = field.get(value.address(), value.length(), operation.bit);
        boolean adds = operation.kind == Kind.INCRBY;
        long from = adds ? old : operation.operand;
        long by = adds ? operation.operand : 0;
        boolean fits = field.fits(from, by);
        if (!fits && operation.overflow == Overflow.FAIL) {
            call.reply().nil();
            return false;
        }
        long next = fits ? from + by : field.bounded(from, by, operation.overflow);
        field.put(value.address(), operation.bit, next);
        call.reply().integer(adds ? next : old);
        return next != old;
    }
}
