package dev.redisreplication.node.command.debug;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.rdb.RdbWriter;
import dev.redisreplication.node.rdb.StoreSaver;
import dev.redisreplication.node.resp.NativeBuffer;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.type.Types;

/** DEBUG OBJECT: a value's place, form and size, in the words of Redis. */
final class ObjectLine {
    private static final long LRU_CLOCK = 0xff_ffff; // seconds, of which Redis keeps 24 bits

    private ObjectLine() {}

    static void reply(Call call) {
        long entry = call.db().findAsIs(call.address(2), call.length(2));
        if (entry == 0) {
            throw CommandError.NO_SUCH_KEY;
        }
        long idle = call.db().idleSeconds(entry);
        long lastUsed = (call.now() / 1000 - idle) & LRU_CLOCK;
        call.reply()
                .simple("Value at:0x" + Long.toHexString(entry) + " refcount:1 encoding:" + Types.encodingName(entry)
                        + " serializedlength:" + serializedLength(call, entry) + " lru:" + lastUsed
                        + " lru_seconds_idle:" + idle);
    }

    /** Bytes of the value in a dump, which is near to what it takes in one of Redis', where small values are packed. */
    private static long serializedLength(Call call, long entry) {
        try (NativeBuffer buffer = new NativeBuffer(1024)) {
            RdbWriter writer = new RdbWriter(buffer);
            StoreSaver saver = new StoreSaver(writer);
            saver.entry(call.db(), call.client().db(), entry); // with a SELECT before it
            buffer.clear();
            writer.key(Entry.type(entry), Entry.keyAddress(entry), Entry.keyLength(entry), Entry.expiry(entry));
            long head = buffer.readable();
            buffer.clear();
            saver.entry(call.db(), call.client().db(), entry);
            return buffer.readable() - head;
        }
    }

    /** DEBUG STRUCTSIZE: Redis' fields are of structures that are not here. */
    static void sizes(Call call) {
        call.reply().simple("bits:64 bucket:64 slot:8 entry:2 expiry:8 client:1024");
    }
}
