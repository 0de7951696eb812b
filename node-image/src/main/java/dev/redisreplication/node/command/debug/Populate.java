package dev.redisreplication.node.command.debug;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.Event;
import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.resp.NativeBuffer;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.type.Strings;

/** DEBUG POPULATE: many strings for a benchmark. They are this node's own: replicas and the append-only file get none. */
final class Populate {
    private static final CommandError NOT_POSITIVE = new CommandError("ERR value is out of range, must be positive");

    private Populate() {}

    /** {@code POPULATE count [prefix] [size]}; a key that is there stays. */
    static void reply(Call call) {
        long count = positive(call, 2);
        byte[] prefix = call.argc() > 3 ? call.asBytes(3) : new byte[] {'k', 'e', 'y'};
        long size = call.argc() > 4 ? positive(call, 4) : 0;
        if (size > Strings.LONGEST) {
            throw new CommandError("ERR value is out of range, must be at most " + Strings.LONGEST);
        }
        Keyspace db = call.db();
        try (NativeBuffer key = new NativeBuffer(64);
                NativeBuffer value = new NativeBuffer(64)) {
            for (long i = 0; i < count; i++) {
                key.clear();
                key.put(prefix);
                key.put(':');
                key.putDecimal(i);
                if (db.findAsIs(key.address(), key.readable()) != 0) {
                    continue;
                }
                value.clear();
                value.put("value:");
                value.putDecimal(i);
                int length = size == 0 ? value.readable() : (int) size;
                pad(value, length);
                call.event(Event.CHANGED, key.address(), key.readable());
                Strings.set(db, key.address(), key.readable(), value.address(), length, Entry.NO_EXPIRY);
            }
        }
        call.reply().ok();
    }

    private static long positive(Call call, int i) {
        long n = call.asLong(i, NOT_POSITIVE);
        if (n < 0) {
            throw NOT_POSITIVE;
        }
        return n;
    }

    private static void pad(NativeBuffer value, int length) {
        int missing = length - value.readable();
        if (missing > 0) {
            value.ensure(missing);
            Memory.zero(value.address() + value.readable(), missing);
        }
    }
}
