package dev.redisreplication.node.rdb;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slice;
import java.util.Arrays;

/**
 * Reads streams: listpacks of entries whose ids and fields are stored as differences to the first entry of their
 * listpack; then the consumer groups.
 */
final class StreamReader {
    private static final int ID_BYTES = 16;

    private final RdbInput in;
    private final RdbVisitor visitor;
    private final ListpackCursor cursor = new ListpackCursor();
    private final Slice blob = new Slice();
    private final Slice scratch = new Slice();
    private Slice[] masterFields = new Slice[0];
    private Slice[] entry = new Slice[0];
    /** Owners of the values' slices; {@code entry} points to these or, for shared field names, to the master's. */
    private Slice[] own = new Slice[0];

    private final Slice id = new Slice();
    private long idMs;
    private long idSequence;
    private long firstMs;
    private long firstSequence;

    StreamReader(RdbInput in, RdbVisitor visitor) {
        this.in = in;
        this.visitor = visitor;
    }

    void read(int type) throws RdbException {
        long seen = 0;
        for (long left = in.length("a number of stream nodes"); left > 0; left--) {
            seen += node(seen == 0);
        }
        long length = in.length("a stream's length");
        long lastMs = in.length("a stream's last id");
        long lastSequence = in.length("a stream's last id");
        if (type == RdbFormat.TYPE_STREAM_LISTPACKS) {
            visitor.streamFacts(new StreamFacts(
                    lastMs,
                    lastSequence,
                    seen == 0 ? 0 : firstMs,
                    seen == 0 ? 0 : firstSequence,
                    0,
                    0,
                    length,
                    length));
        } else {
            visitor.streamFacts(new StreamFacts(
                    lastMs,
                    lastSequence,
                    in.length("a stream's first id"),
                    in.length("a stream's first id"),
                    in.length("a stream's largest deleted id"),
                    in.length("a stream's largest deleted id"),
                    in.length("a stream's entries added"),
                    length));
        }
        if (seen != length) {
            throw new RdbException(in.offset(), "a stream of length " + length + " has " + seen + " entries");
        }
        groups(type);
    }

    /** Reads one listpack; returns how many live entries it holds. */
    private long node(boolean noneBefore) throws RdbException {
        long began = in.offset();
        in.string(scratch, "a stream node's id");
        if (scratch.length() != ID_BYTES) {
            throw new RdbException(began, "a stream node's id has 16 bytes, found " + scratch.length());
        }
        final long masterMs = Long.reverseBytes(Memory.getLong(scratch.address()));
        final long masterSequence = Long.reverseBytes(Memory.getLong(scratch.address() + 8));
        began = in.offset();
        in.string(blob, "a stream node");
        cursor.open(blob.address(), blob.length(), began);

        cursor.requireInteger(); // live entries
        cursor.requireInteger(); // deleted entries
        final int shared = fieldCount(cursor.requireInteger());
        masterFields = grown(masterFields, shared);
        for (int i = 0; i < shared; i++) {
            cursor.require(masterFields[i]);
        }
        cursor.requireInteger(); // end of the master entry

        long live = 0;
        while (cursor.next()) {
            cursor.into(scratch);
            long flags = flags();
            long ms = masterMs + cursor.requireInteger();
            long sequence = masterSequence + cursor.requireInteger();
            int count = (flags & RdbFormat.STREAM_ENTRY_SAME_FIELDS) != 0 ? sameFields(shared) : ownFields();
            cursor.requireInteger(); // elements of this entry, for walking backwards
            if ((flags & RdbFormat.STREAM_ENTRY_DELETED) == 0) {
                if (noneBefore && live == 0) {
                    firstMs = ms;
                    firstSequence = sequence;
                }
                visitor.entry(ms, sequence, entry, count);
                live++;
            }
        }
        return live;
    }

    private long flags() throws RdbException {
        String text = scratch.toString();
        if (text.length() != 1 || text.charAt(0) < '0' || text.charAt(0) > '3') {
            throw cursor.broken("flags of a stream entry were expected, found '" + text + "'");
        }
        return (long) text.charAt(0) - '0';
    }

    private int sameFields(int shared) throws RdbException {
        prepareEntry(2 * shared);
        for (int i = 0; i < shared; i++) {
            entry[2 * i] = masterFields[i];
            entry[2 * i + 1] = own[2 * i + 1];
            cursor.require(own[2 * i + 1]);
        }
        return 2 * shared;
    }

    private int ownFields() throws RdbException {
        int count = 2 * fieldCount(cursor.requireInteger());
        prepareEntry(count);
        for (int i = 0; i < count; i++) {
            entry[i] = own[i];
            cursor.require(own[i]);
        }
        return count;
    }

    private void prepareEntry(int count) {
        own = grown(own, count);
        if (entry.length < count) {
            entry = new Slice[own.length];
        }
    }

    /** A node's blob has at least a byte for each field, so its length bounds what we make room for. */
    private int fieldCount(long count) throws RdbException {
        if (count < 0 || count > blob.length()) {
            throw cursor.broken("an entry cannot have " + count + " fields");
        }
        return (int) count;
    }

    private static Slice[] grown(Slice[] slices, int count) {
        if (slices.length >= count) {
            return slices;
        }
        Slice[] more = Arrays.copyOf(slices, Math.max(count, 2 * slices.length));
        for (int i = slices.length; i < more.length; i++) {
            more[i] = new Slice();
        }
        return more;
    }

    private void groups(int type) throws RdbException {
        for (long count = in.length("a number of consumer groups"); count > 0; count--) {
            in.string(scratch, "a consumer group's name");
            long ms = in.length("a group's last id");
            long sequence = in.length("a group's last id");
            long read = type == RdbFormat.TYPE_STREAM_LISTPACKS
                    ? RdbVisitor.COUNT_FOLLOWS
                    : in.length("a group's entries read");
            visitor.group(scratch, ms, sequence, read);
            for (long pending = in.length("a number of pending entries"); pending > 0; pending--) {
                pendingId();
                visitor.pending(
                        idMs,
                        idSequence,
                        in.fixed64("a pending entry's time"),
                        in.length("a pending entry's deliveries"));
            }
            for (long consumers = in.length("a number of consumers"); consumers > 0; consumers--) {
                consumer(type);
            }
        }
    }

    private void consumer(int type) throws RdbException {
        in.string(scratch, "a consumer's name");
        long seen = in.fixed64("a consumer's time");
        long active = type == RdbFormat.TYPE_STREAM_LISTPACKS_3 ? in.fixed64("a consumer's time") : seen;
        visitor.consumer(scratch, seen, active);
        for (long pending = in.length("a number of pending entries"); pending > 0; pending--) {
            pendingId();
            visitor.pendingWith(idMs, idSequence);
        }
    }

    private void pendingId() throws RdbException {
        in.raw(id, ID_BYTES, "a pending entry's id");
        idMs = Long.reverseBytes(Memory.getLong(id.address()));
        idSequence = Long.reverseBytes(Memory.getLong(id.address() + 8));
    }
}
