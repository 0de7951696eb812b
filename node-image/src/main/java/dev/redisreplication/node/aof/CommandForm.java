package dev.redisreplication.node.aof;

import dev.redisreplication.node.history.Position;
import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.rdb.DumpForm;
import dev.redisreplication.node.rdb.LongStrings;
import dev.redisreplication.node.resp.CommandEncoder;
import dev.redisreplication.node.resp.DoubleText;
import dev.redisreplication.node.resp.NativeBuffer;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.store.TimedHash;
import dev.redisreplication.node.type.Hashes;
import dev.redisreplication.node.type.Lists;
import dev.redisreplication.node.type.Sets;
import dev.redisreplication.node.type.SortedSets;
import dev.redisreplication.node.type.Strings;
import java.util.List;

/**
 * The base of an append-only file as commands that make the data again, those that Redis rewrites to: elements in batches of
 * 64. The position comes last, as it is that of the data once all of it is there.
 */
final class CommandForm implements DumpForm {
    private static final int BATCH = 64;

    private final Position position;
    private final long timestamp;
    private final Slice value = new Slice();
    private final StreamCommands streams = new StreamCommands();
    private NativeBuffer out;
    private int selected = -1;
    private long left; // elements of the value that are not written yet
    private int room; // for elements in the command that began

    /**
     * A base of the data at a position.
     *
     * @param position null: is not said
     * @param timestamp Unix time in seconds to begin with, 0 for none
     */
    CommandForm(Position position, long timestamp) {
        this.position = position;
        this.timestamp = timestamp;
    }

    @Override
    public void into(NativeBuffer buffer, LongStrings strings) {
        out = buffer;
        streams.into(buffer);
    }

    @Override
    public void begin(List<byte[]> libraries, boolean timed) {
        if (timestamp > 0) {
            out.put("#TS:" + timestamp + "\r\n");
        }
        for (byte[] code : libraries) {
            CommandEncoder.begin(out, 3);
            CommandEncoder.arg(out, "FUNCTION");
            CommandEncoder.arg(out, "LOAD");
            CommandEncoder.arg(out, code);
        }
    }

    @Override
    public void entry(Keyspace keyspace, int db, long entry) {
        if (db != selected) {
            selected = db;
            CommandEncoder.begin(out, 2);
            CommandEncoder.arg(out, "SELECT");
            CommandEncoder.arg(out, db);
        }
        value(keyspace, entry);
        if (Entry.hasExpiry(entry)) {
            CommandEncoder.begin(out, 3);
            CommandEncoder.arg(out, "PEXPIREAT");
            key(entry);
            CommandEncoder.arg(out, Entry.expiry(entry));
        }
    }

    private void value(Keyspace keyspace, long entry) {
        room = 0;
        switch (Entry.type(entry)) {
            case STRING -> {
                Strings.get(entry, value);
                CommandEncoder.begin(out, 3);
                CommandEncoder.arg(out, "SET");
                key(entry);
                CommandEncoder.arg(out, value.address(), value.length());
            }
            case LIST -> {
                left = Lists.length(entry);
                Lists.range(keyspace, entry, 0, -1, (element, length) -> {
                    element("RPUSH", entry, 1);
                    CommandEncoder.arg(out, element, length);
                });
            }
            case SET -> {
                left = Sets.size(entry);
                Sets.forEach(keyspace, entry, (member, length) -> {
                    element("SADD", entry, 1);
                    CommandEncoder.arg(out, member, length);
                });
            }
            case HASH -> {
                left = Hashes.size(entry);
                Hashes.forEachTimed(keyspace, entry, (field, fieldLength, text, length, expiresAt) -> {
                    element("HMSET", entry, 2);
                    CommandEncoder.arg(out, field, fieldLength);
                    CommandEncoder.arg(out, text, length);
                });
                if (TimedHash.is(entry)) {
                    times(keyspace, entry);
                }
            }
            case ZSET -> {
                left = SortedSets.size(entry);
                SortedSets.range(keyspace, entry, 0, left, false, (member, length, score) -> {
                    element("ZADD", entry, 2);
                    CommandEncoder.arg(out, DoubleText.of(score));
                    CommandEncoder.arg(out, member, length);
                });
            }
            case STREAM -> streams.write(keyspace, entry);
        }
    }

    private void times(Keyspace keyspace, long entry) {
        Hashes.forEachTimed(keyspace, entry, (field, fieldLength, text, length, expiresAt) -> {
            if (expiresAt != Entry.NO_EXPIRY) {
                CommandEncoder.begin(out, 6);
                CommandEncoder.arg(out, "HPEXPIREAT");
                key(entry);
                CommandEncoder.arg(out, expiresAt);
                CommandEncoder.arg(out, "FIELDS");
                CommandEncoder.arg(out, 1);
                CommandEncoder.arg(out, field, fieldLength);
            }
        });
    }

    /** The next element comes: in the command that began, or in another one. */
    private void element(String command, long entry, int arguments) {
        if (room == 0) {
            room = (int) Math.min(left, BATCH);
            CommandEncoder.begin(out, 2 + room * arguments);
            CommandEncoder.arg(out, command);
            key(entry);
        }
        room--;
        left--;
    }

    private void key(long entry) {
        CommandEncoder.arg(out, Entry.keyAddress(entry), Entry.keyLength(entry));
    }

    @Override
    public void end() {
        if (position != null) {
            out.put(position.mark());
        }
    }

    @Override
    public boolean hasChecksum() {
        return false;
    }
}
