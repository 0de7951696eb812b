package dev.redisreplication.node.fuzz;

import dev.redisreplication.node.rdb.LoadProgress;
import dev.redisreplication.node.rdb.RdbException;
import dev.redisreplication.node.rdb.RdbReader;
import dev.redisreplication.node.rdb.StoreLoader;
import dev.redisreplication.node.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Dumps of every version whose checksum is right: each is loaded, or refused with a place and a reason. */
public final class DumpTarget {
    private static final int HEADER = 9;
    private static final int END = 9; // the mark, and no checksum

    private DumpTarget() {}

    /** Called by Jazzer only. */
    public static void fuzzerInitialize() throws IOException {
        FuzzedNode.quiet();
    }

    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        String header = String.format(Locale.ROOT, "REDIS%04d", 1 + Math.floorMod(data[0], 12));
        byte[] dump = new byte[HEADER + data.length - 1 + END];
        System.arraycopy(header.getBytes(StandardCharsets.US_ASCII), 0, dump, 0, HEADER);
        System.arraycopy(data, 1, dump, HEADER, data.length - 1);
        dump[dump.length - END] = (byte) 0xff;
        try (Native bytes = new Native(dump);
                Store store = new Store(16);
                StoreLoader loader = new StoreLoader(store, new LoadProgress())) {
            new RdbReader(bytes.address, bytes.length, loader).read();
        } catch (RdbException e) {
            if (e.getMessage() == null || !e.getMessage().contains("offset")) {
                throw new IllegalStateException("refused without a place", e);
            }
        }
    }
}
