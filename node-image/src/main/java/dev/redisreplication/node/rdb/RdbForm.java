package dev.redisreplication.node.rdb;

import dev.redisreplication.node.resp.NativeBuffer;
import dev.redisreplication.node.store.Keyspace;
import java.util.List;
import java.util.Map;

/** A dump in the format of Redis. */
public final class RdbForm implements DumpForm {
    private final Map<String, String> facts;
    private final RdbWriter writer = new RdbWriter(null);
    private final StoreSaver saver = new StoreSaver(writer);

    /** A dump whose header says these facts, such as {@code repl-id}. */
    public RdbForm(Map<String, String> facts) {
        this.facts = facts;
    }

    @Override
    public void into(NativeBuffer out, LongStrings strings) {
        writer.into(out, strings);
    }

    @Override
    public void begin(List<byte[]> libraries, boolean timed) {
        writer.header(facts, timed);
        libraries.forEach(writer::library);
    }

    @Override
    public void entry(Keyspace keyspace, int db, long entry) {
        saver.entry(keyspace, db, entry);
    }

    @Override
    public void end() {
        writer.end();
    }

    @Override
    public boolean hasChecksum() {
        return true;
    }
}
