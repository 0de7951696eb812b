package dev.redisreplication.node.replication.io;

import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.rdb.DumpFile;
import dev.redisreplication.node.rdb.LoadLog;
import dev.redisreplication.node.rdb.LoadProgress;
import dev.redisreplication.node.rdb.RdbException;
import dev.redisreplication.node.replication.TransferFraming;
import dev.redisreplication.node.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Takes a dump off the wire and fills a fresh store from it while it comes, on a thread of its own. The data that the node
 * serves are not touched by any of this. On the event loop, but for the loader.
 */
final class DumpReceiver {
    /** What becomes of a dump; one of the two is called, on the event loop, unless it is dropped before. */
    interface Outcome {
        /** It came whole, and is in the store. */
        void loaded();

        /** It is of no use. */
        void failed(String reason);
    }

    private final Node node;
    private final Path file;
    private final TransferFraming framing;
    private final Landing landing;
    private final boolean async;
    private final Outcome outcome;
    private boolean dropped;
    private Store store;
    private Map<String, String> facts = Map.of();

    /**
     * One that begins.
     *
     * @param file that it goes through and is kept in, or null for neither
     * @param async whether INFO is to say that it is loaded asynchronously
     * @param hasRoom called on the event loop when more can be taken after {@link #isFull}
     * @throws IOException when the file cannot be made
     */
    DumpReceiver(Node node, Path file, TransferFraming framing, boolean async, Outcome outcome, Runnable hasRoom)
            throws IOException {
        this.node = node;
        this.file = file;
        this.framing = framing;
        this.async = async;
        this.outcome = outcome;
        this.landing = file != null
                ? new DiskLanding(node.disk(), file)
                : new MemoryLanding(() -> node.loop().execute(hasRoom));
        node.stats().asyncLoads += async ? 1 : 0;
        Thread.ofPlatform().name("loader").daemon().start(this::load);
    }

    TransferFraming framing() {
        return framing;
    }

    /** The file that it is in, or null. */
    Path file() {
        return file;
    }

    /** The filled store; the caller owns it. */
    Store store() {
        return store;
    }

    Map<String, String> facts() {
        return facts;
    }

    /** Whether no more can be taken for now. */
    boolean isFull() {
        return landing.isFull();
    }

    /** Takes in bytes; returns how many belong to the dump. */
    int take(long address, int length) throws IOException {
        int mine = framing.take(address, length);
        landing.put(address, mine);
        landing.allow(framing.dumpLength(), framing.isComplete());
        return mine;
    }

    private void load() {
        Store fresh = null;
        try {
            fresh = node.newStore();
            DumpFile.Loaded loaded = DumpFile.load(landing, fresh, new LoadProgress());
            long length = landing.awaitWhole();
            if (loaded.bytes() != length) {
                throw new RdbException(loaded.bytes(), "the dump ends here, the transfer has " + length + " bytes");
            }
            landing.settle(length);
            Store filled = fresh;
            node.loop().execute(() -> finish(filled, loaded));
        } catch (IOException | RuntimeException | Error e) {
            if (fresh != null) {
                fresh.close();
            }
            node.loop().execute(() -> {
                ended();
                if (!dropped) {
                    outcome.failed(e.getMessage());
                }
            });
        }
    }

    private void finish(Store filled, DumpFile.Loaded loaded) {
        ended();
        if (dropped) {
            filled.close();
            return;
        }
        store = filled;
        facts = loaded.facts();
        loaded.leftOut().forEach(what -> Log.warning("Not kept from the master's dump: " + what));
        LoadLog.loaded(loaded, false);
        node.stats().loaded(loaded.keys());
        outcome.loaded();
    }

    /** The loader needs nothing any more. */
    private void ended() {
        node.stats().asyncLoads -= async ? 1 : 0;
        landing.close();
    }

    /** The dump is not wanted any more. */
    void drop() {
        dropped = true;
        landing.giveUp();
        if (file == null) {
            return;
        }
        try {
            node.disk().delete(file);
        } catch (IOException e) {
            Log.warning(file + " stays: " + e.getMessage());
        }
    }
}
