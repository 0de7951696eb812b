package dev.redisreplication.node.rdb;

import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.resp.NativeBuffer;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.store.Store;

/** The payload of DUMP and RESTORE: a value as a dump has it, its type before it, then the format's version and a checksum. */
public final class ValueDump {
    private ValueDump() {}

    /**
     * Writes the value of an entry into {@code out}, which is empty.
     *
     * @param compress whether long strings are compressed
     */
    public static void write(Keyspace db, long entry, boolean compress, NativeBuffer out) {
        Packer.write(compress, out, writer -> {
            writer.type(StoreSaver.typeOf(entry));
            new StoreSaver(writer).value(db, entry);
        });
        Footer.put(out, RdbWriter.version(StoreSaver.isTimed(entry)));
    }

    /** Whether version and checksum at the end are right. */
    public static boolean isWhole(long address, int length) {
        return Footer.isRight(address, length);
    }

    /**
     * Reads a payload that {@link #isWhole}. A value that breaks off in the middle is to do no harm to the one that is there, and
     * nobody is to hear of it: it is read into a store of its own, to be copied from there.
     *
     * @param key the name that its entry has, alone in database 0 of {@code into}
     * @throws RdbException if it is no value, of an unknown type, or an empty one
     */
    public static long read(long address, int length, Slice key, Store into) throws RdbException {
        try (StoreLoader loader = new StoreLoader(into, new LoadProgress())) {
            new RdbReader(address, length - Footer.BYTES, loader).readValue(key);
        }
        long entry = into.db(0).findAsIs(key.address(), key.length());
        if (entry == 0) {
            throw new RdbException(0, "a value without elements");
        }
        return entry;
    }
}
