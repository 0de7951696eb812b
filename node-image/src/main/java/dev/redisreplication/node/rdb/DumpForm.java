package dev.redisreplication.node.rdb;

import dev.redisreplication.node.resp.NativeBuffer;
import dev.redisreplication.node.store.SnapshotSink;
import java.util.List;

/** How a {@link DumpJob} writes what it is about. On the event loop. */
public interface DumpForm extends SnapshotSink {
    /**
     * What is written from now on goes to this buffer, which is empty.
     *
     * @param strings gets those strings of a dump that are to be compressed, or null if none is to be
     */
    void into(NativeBuffer out, LongStrings strings);

    /**
     * What comes before all entries, with the code of each library of functions.
     *
     * @param timed whether there are hashes whose fields have times to live
     */
    void begin(List<byte[]> libraries, boolean timed);

    /** What comes behind all entries, but for a checksum. */
    void end();

    /** Whether eight bytes of a checksum come at the very end. */
    boolean hasChecksum();
}
