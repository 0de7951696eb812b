package dev.redisreplication.node.command.stream;

import static dev.redisreplication.node.command.Category.STREAM;
import static dev.redisreplication.node.command.Flag.DENYOOM;
import static dev.redisreplication.node.command.Flag.FAST;
import static dev.redisreplication.node.command.Flag.WRITE;
import static dev.redisreplication.node.command.KeyFlag.DELETE;
import static dev.redisreplication.node.command.KeyFlag.RW;
import static dev.redisreplication.node.command.KeyFlag.UPDATE;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.EffectWriter;
import dev.redisreplication.node.command.Event;
import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.type.Streams;

/** Streams that grow and shrink: XADD, XDEL, XTRIM, XSETID. What reads them is in {@link StreamReadCommands}. */
public final class StreamCommands {
    private static final CommandError ENTRIES_NEGATIVE = new CommandError("ERR entries_added must be positive");
    private static final CommandError BELOW_GIVEN_DELETED =
            new CommandError("ERR The ID specified in XSETID is smaller than the provided max_deleted_entry_id");
    private static final CommandError BELOW_TOP =
            new CommandError("ERR The ID specified in XSETID is smaller than the target stream top item");
    private static final CommandError ENTRIES_BELOW_LENGTH =
            new CommandError("ERR The entries_added specified in XSETID is smaller than the target stream length");

    private static final int SLICE = 16;

    private final Slice slices = new Slice();

    private StreamCommands() {}

    /** Adds the rows of this part of the group. */
    public static void register(CommandTable.Builder t) {
        StreamCommands c = new StreamCommands();
        // spotless:off: one row a command
        t.row("xadd", -5, c::xadd).is(WRITE, DENYOOM, FAST).key(1, RW, UPDATE).in(STREAM);
        t.row("xdel", -3, c::xdel).is(WRITE, FAST).key(1, RW, DELETE).in(STREAM);
        t.row("xtrim", -4, c::xtrim).is(WRITE).key(1, RW, DELETE).in(STREAM);
        t.row("xsetid", -3, c::xsetid).is(WRITE, DENYOOM, FAST).key(1, RW, UPDATE).in(STREAM);
        // spotless:on
    }

    void xadd(Call call) {
        boolean create = true;
        TrimOptions.Reader reader = new TrimOptions.Reader();
        int idAt = 2;
        while (idAt < call.argc() && !call.is(idAt, "*")) {
            int next = reader.read(call, idAt);
            if (call.is(idAt, "NOMKSTREAM")) {
                create = false;
                next = idAt + 1;
            }
            if (next == idAt) {
                break;
            }
            idAt = next;
        }
        NewId wanted = idAt < call.argc() ? NewId.parse(call, idAt) : null;
        TrimOptions trim = reader.done(call, false);
        int values = call.argc() - idAt - 1;
        if (values < 2 || values % 2 != 0) {
            throw new CommandError("ERR wrong number of arguments for 'xadd' command");
        }
        wanted.refuseZero();
        long stream = findForWrite(call);
        if (stream == 0 && !create) {
            call.reply().nil();
            return;
        }
        StreamId id = wanted.after(stream == 0 ? StreamId.MIN : last(stream), call.now());
        stream = Streams.create(call.db(), call.address(1), call.length(1), Entry.NO_EXPIRY);
        append(call, stream, id, idAt + 1, values);
        call.event(Event.XADD, 1);
        if (trim != null && trim.apply(call, stream) > 0) {
            call.event(Event.XTRIM, 1);
        }
        call.changed(1);
        effect(call, trim, stream, idAt, id);
        call.reply().bulk(id.toString());
    }

    private void append(Call call, long stream, StreamId id, int from, int values) {
        long at = slices.reserve(values * SLICE);
        for (int i = 0; i < values; i++) {
            Memory.putLong(at + (long) i * SLICE, call.address(from + i));
            Memory.putLong(at + (long) i * SLICE + 8, call.length(from + i));
        }
        Streams.append(call.db(), stream, id.milliseconds(), id.sequence(), values / 2, at);
    }

    /** The command with the id that the entry got, and with what an approximate trim has left. */
    private static void effect(Call call, TrimOptions trim, long stream, int idAt, StreamId id) {
        int leftOut = trim == null ? 0 : trim.leftOut(call, 2, idAt);
        EffectWriter effect = call.effect(call.argc() - leftOut);
        if (trim == null) {
            copy(call, effect, 0, idAt);
        } else {
            trim.effect(call, effect, 0, idAt, stream);
        }
        effect.arg(id.toString());
        copy(call, effect, idAt + 1, call.argc());
    }

    private static void copy(Call call, EffectWriter effect, int from, int to) {
        for (int i = from; i < to; i++) {
            effect.arg(call.address(i), call.length(i));
        }
    }

    void xdel(Call call) {
        long stream = findForWrite(call);
        if (stream == 0) {
            call.reply().integer(0);
            return;
        }
        StreamId[] ids = new StreamId[call.argc() - 2];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = StreamId.strict(call, i + 2, 0); // all before the first goes: a wrong one must delete nothing
        }
        int deleted = 0;
        for (StreamId id : ids) {
            deleted += Streams.delete(call.db(), stream, id.milliseconds(), id.sequence()) ? 1 : 0;
        }
        if (deleted > 0) {
            call.event(Event.XDEL, 1);
            call.changed(deleted);
        }
        call.reply().integer(deleted);
    }

    void xtrim(Call call) {
        TrimOptions.Reader reader = new TrimOptions.Reader();
        int i = 2;
        while (i < call.argc()) {
            int next = reader.read(call, i);
            if (next == i) {
                throw CommandError.SYNTAX;
            }
            i = next;
        }
        TrimOptions trim = reader.done(call, true);
        long stream = findForWrite(call);
        long deleted = stream == 0 ? 0 : trim.apply(call, stream);
        if (deleted > 0) {
            call.event(Event.XTRIM, 1);
            call.changed((int) deleted);
            EffectWriter effect = call.effect(call.argc() - trim.leftOut(call, 2, call.argc()));
            trim.effect(call, effect, 0, call.argc(), stream);
        }
        call.reply().integer(deleted);
    }

    void xsetid(Call call) {
        StreamId last = StreamId.strict(call, 2, 0);
        long entriesAdded = -1;
        StreamId maxDeleted = StreamId.MIN;
        for (int i = 3; i < call.argc(); i += 2) {
            boolean hasValue = i + 1 < call.argc();
            if (hasValue && call.is(i, "ENTRIESADDED")) {
                entriesAdded = call.asLong(i + 1);
                if (entriesAdded < 0) {
                    throw ENTRIES_NEGATIVE;
                }
            } else if (hasValue && call.is(i, "MAXDELETEDID")) {
                maxDeleted = StreamId.strict(call, i + 1, 0);
                if (last.compareTo(maxDeleted) < 0) {
                    throw BELOW_GIVEN_DELETED;
                }
            } else {
                throw CommandError.SYNTAX;
            }
        }
        long stream = findForWrite(call);
        if (stream == 0) {
            throw CommandError.NO_SUCH_KEY;
        }
        refuseToGoBack(call, stream, last, entriesAdded);
        long added = entriesAdded < 0 ? Streams.entriesAdded(stream) : entriesAdded;
        Streams.setLast(call.db(), stream, last.milliseconds(), last.sequence(), added);
        if (!maxDeleted.equals(StreamId.MIN)) {
            Streams.setMaxDeleted(call.db(), stream, maxDeleted.milliseconds(), maxDeleted.sequence());
        }
        call.event(Event.XSETID, 1);
        call.changed(1);
        call.reply().ok();
    }

    private static void refuseToGoBack(Call call, long stream, StreamId last, long entriesAdded) {
        if (Streams.length(stream) == 0) {
            return;
        }
        StreamIds top = new StreamIds();
        top.visit(call.db(), stream, StreamId.MIN, StreamId.MAX, true, 1);
        if (last.compareTo(top.last()) < 0) {
            throw BELOW_TOP;
        }
        if (entriesAdded >= 0 && Streams.length(stream) > entriesAdded) {
            throw ENTRIES_BELOW_LENGTH;
        }
    }

    /** The largest id that was ever added. */
    static StreamId last(long stream) {
        return new StreamId(Streams.lastMilliseconds(stream), Streams.lastSequence(stream));
    }

    /** The largest id that was ever deleted. */
    static StreamId maxDeleted(long stream) {
        return new StreamId(Streams.maxDeletedMilliseconds(stream), Streams.maxDeletedSequence(stream));
    }

    private static long findForWrite(Call call) {
        return Streams.findForWrite(call.db(), call.address(1), call.length(1));
    }
}
