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

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.Event;
import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.type.Strings;

/** Strings as rows of bits; bit 0 is the highest of the first byte. */
public final class BitCommands {
    private static final long MAX_OFFSET = (512L << 20) * 8 - 1;
    private static final CommandError BAD_OFFSET = new CommandError("ERR bit offset is not an integer or out of range");
    private static final CommandError BAD_BIT = new CommandError("ERR bit is not an integer or out of range");
    private static final CommandError BAD_BITPOS = new CommandError("ERR The bit argument must be 1 or 0.");

    private final Slice value = new Slice();

    private BitCommands() {}

    /** Adds the rows of this part of the group. */
    public static void register(CommandTable.Builder t) {
        BitCommands c = new BitCommands();
        // spotless:off: one row a command
        t.row("setbit", 4, c::setbit).is(WRITE, DENYOOM).key(1, RW, ACCESS, UPDATE).in(BITMAP);
        t.row("getbit", 3, c::getbit).is(READONLY, FAST).key(1, RO, ACCESS).in(BITMAP);
        t.row("bitcount", -2, c::bitcount).is(READONLY).key(1, RO, ACCESS).in(BITMAP);
        t.row("bitpos", -3, c::bitpos).is(READONLY).key(1, RO, ACCESS).in(BITMAP);
        // spotless:on
    }

    void setbit(Call call) {
        long offset = offset(call);
        long bit = call.asLong(3, BAD_BIT);
        if ((bit & ~1) != 0) {
            throw BAD_BIT;
        }
        int at = (int) (offset >> 3);
        int mask = 0x80 >> (offset & 7);
        long before = Strings.findForWrite(call.db(), call.address(1), call.length(1));
        boolean grows = before == 0 || Strings.length(before) <= at;
        Strings.writable(call.db(), call.address(1), call.length(1), at + 1, value);
        int old = Memory.getUnsignedByte(value.address() + at);
        Memory.putByte(value.address() + at, bit == 1 ? old | mask : old & ~mask);
        int was = (old & mask) == 0 ? 0 : 1;
        if (grows || was != bit) {
            call.event(Event.SETBIT, 1);
            call.changed(1);
        }
        call.reply().integer(was);
    }

    void getbit(Call call) {
        long offset = offset(call);
        read(call);
        long at = offset >> 3;
        boolean set = at < value.length() && (Memory.getByte(value.address() + at) & 0x80 >> (offset & 7)) != 0;
        call.reply().integer(set ? 1 : 0);
    }

    private static long offset(Call call) {
        long offset = call.asLong(2, BAD_OFFSET);
        if (offset < 0 || offset > MAX_OFFSET) {
            throw BAD_OFFSET;
        }
        return offset;
    }

    void bitcount(Call call) {
        if (!read(call)) {
            call.reply().integer(0);
            return;
        }
        if (call.argc() != 2 && call.argc() != 4 && call.argc() != 5) {
            throw CommandError.SYNTAX;
        }
        BitRange range = BitRange.parseUnlessReversed(call, 2, value.length());
        call.reply().integer(range.isEmpty() ? 0 : Bits.count(value.address(), range.first(), range.last()));
    }

    void bitpos(Call call) {
        long bit = call.asLong(2);
        if ((bit & ~1) != 0) {
            throw BAD_BITPOS;
        }
        if (!read(call)) {
            call.reply().integer(bit == 1 ? -1 : 0);
            return;
        }
        if (call.argc() > 6) {
            throw CommandError.SYNTAX;
        }
        BitRange range = BitRange.parse(call, 3).within(value.length());
        if (range.isEmpty()) {
            call.reply().integer(-1);
            return;
        }
        long found = Bits.find(value.address(), range.first(), range.last(), bit == 1);
        // Without an end the value is taken to go on with zeros.
        boolean endless = bit == 0 && call.argc() < 5;
        call.reply().integer(found < 0 && endless ? range.last() + 1 : found);
    }

    /** Points at the value, an empty one if the key is absent; whether it is there. */
    private boolean read(Call call) {
        long entry = Strings.find(call.db(), call.address(1), call.length(1));
        if (entry == 0) {
            value.point(0, 0);
            return false;
        }
        Strings.get(entry, value);
        return true;
    }
}
