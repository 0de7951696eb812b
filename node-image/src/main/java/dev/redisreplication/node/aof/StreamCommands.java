package dev.redisreplication.node.aof;

import dev.redisreplication.node.resp.CommandEncoder;
import dev.redisreplication.node.resp.NativeBuffer;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.type.Groups;
import dev.redisreplication.node.type.Pending;
import dev.redisreplication.node.type.StreamVisitor;
import dev.redisreplication.node.type.Streams;

/** The commands that make a stream again: its entries, its counters, its groups with their consumers and what is pending. */
final class StreamCommands implements StreamVisitor {
    private NativeBuffer out;
    private long stream;

    void into(NativeBuffer buffer) {
        out = buffer;
    }

    void write(Keyspace db, long entry) {
        stream = entry;
        if (Streams.length(entry) > 0) {
            Streams.range(db, entry, 0, 0, -1, -1, false, -1, this);
        } else {
            begin(7, "XADD"); // makes a stream, of which nothing stays
            CommandEncoder.arg(out, "MAXLEN");
            CommandEncoder.arg(out, 0);
            CommandEncoder.arg(out, "0-1");
            CommandEncoder.arg(out, "x");
            CommandEncoder.arg(out, "y");
        }
        begin(7, "XSETID");
        id(Streams.lastMilliseconds(entry), Streams.lastSequence(entry));
        CommandEncoder.arg(out, "ENTRIESADDED");
        CommandEncoder.arg(out, Streams.entriesAdded(entry));
        CommandEncoder.arg(out, "MAXDELETEDID");
        id(Streams.maxDeletedMilliseconds(entry), Streams.maxDeletedSequence(entry));
        Groups.forEach(entry, group -> group(db, group));
    }

    @Override
    public void entry(long milliseconds, long sequence, int pairs) {
        begin(3 + 2 * pairs, "XADD");
        id(milliseconds, sequence);
    }

    @Override
    public void field(long field, int fieldLength, long value, int valueLength) {
        CommandEncoder.arg(out, field, fieldLength);
        CommandEncoder.arg(out, value, valueLength);
    }

    private void group(Keyspace db, long group) {
        CommandEncoder.begin(out, 7);
        CommandEncoder.arg(out, "XGROUP");
        CommandEncoder.arg(out, "CREATE");
        key();
        name(group);
        id(Groups.lastMilliseconds(group), Groups.lastSequence(group));
        CommandEncoder.arg(out, "ENTRIESREAD");
        CommandEncoder.arg(out, Groups.entriesRead(group));
        Groups.forEachConsumer(group, consumer -> {
            if (Pending.countOf(consumer) == 0) {
                CommandEncoder.begin(out, 5);
                CommandEncoder.arg(out, "XGROUP");
                CommandEncoder.arg(out, "CREATECONSUMER");
                key();
                name(group);
                name(consumer);
            }
            Pending.forEachIdOf(consumer, (ms, sequence) -> pending(db, group, consumer, ms, sequence));
        });
    }

    private void pending(Keyspace db, long group, long consumer, long milliseconds, long sequence) {
        long record = Pending.find(db, group, milliseconds, sequence);
        begin(12, "XCLAIM");
        name(group);
        name(consumer);
        CommandEncoder.arg(out, 0);
        id(milliseconds, sequence);
        CommandEncoder.arg(out, "TIME");
        CommandEncoder.arg(out, Pending.deliveredAt(record));
        CommandEncoder.arg(out, "RETRYCOUNT");
        CommandEncoder.arg(out, Pending.deliveries(record));
        CommandEncoder.arg(out, "JUSTID");
        CommandEncoder.arg(out, "FORCE");
    }

    private void begin(int argc, String command) {
        CommandEncoder.begin(out, argc);
        CommandEncoder.arg(out, command);
        key();
    }

    private void key() {
        CommandEncoder.arg(out, Entry.keyAddress(stream), Entry.keyLength(stream));
    }

    private void name(long record) {
        CommandEncoder.arg(out, Groups.name(record), Groups.nameLength(record));
    }

    private void id(long milliseconds, long sequence) {
        CommandEncoder.arg(out, Long.toUnsignedString(milliseconds) + "-" + Long.toUnsignedString(sequence));
    }
}
