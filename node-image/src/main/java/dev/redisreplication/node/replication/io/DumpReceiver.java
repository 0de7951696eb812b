package dev.redisreplication.node.replication.io;

import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.disk.DiskFile;
import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.rdb.DumpFile;
import dev.redisreplication.node.rdb.LoadLog;
import dev.redisreplication.node.rdb.LoadProgress;
import dev.redisreplication.node.replication.TransferFraming;
import dev.redisreplication.node.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Takes a dump off the wire into a file, checks that it is whole and right, and fills a fresh store from it on a thread of
 * its own. The data that the node serves are not touched by any of this.
 */
final class DumpReceiver {
    private final Node node;
    private final Path file;
    private final TransferFraming framing;
    private final DiskFile kept;
    private boolean dropped;
    private Store store;
    private Map<String, String> facts = Map.of();

    DumpReceiver(Node node, Path file, TransferFraming framing) throws IOException {
        this.node = node;
        this.file = file;
        this.framing = framing;
        this.kept = node.disk().create(file);
    }

    TransferFraming framing() {
        return framing;
    }

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

    /** Takes in bytes; returns how many belong to the dump. */
    int take(long address, int length) throws IOException {
        int mine = framing.take(address, length);
        kept.writeAll(Memory.segment(address, mine).asByteBuffer());
        return mine;
    }

    /** Checks and loads the complete dump; one of the two is called on the event loop, unless it is dropped before. */
    void load(Consumer<Map<String, String>> done, Consumer<String> failed) {
        node.stats().loadsAside++;
        Thread.ofPlatform().name("loader").daemon().start(() -> {
            Store fresh = null;
            try {
                kept.truncate(framing.dumpLength());
                kept.force();
                DumpFile.verify(file);
                fresh = node.newStore();
                DumpFile.Loaded loaded = DumpFile.load(file, fresh, new LoadProgress());
                Store filled = fresh;
                node.loop().execute(() -> finish(filled, loaded, done));
            } catch (IOException | RuntimeException | Error e) {
                if (fresh != null) {
                    fresh.close();
                }
                node.loop().execute(() -> {
                    node.stats().loadsAside--;
                    failed.accept(e.getMessage());
                });
            }
        });
    }

    private void finish(Store filled, DumpFile.Loaded loaded, Consumer<Map<String, String>> done) {
        node.stats().loadsAside--;
        if (dropped) {
            filled.close();
            return;
        }
        store = filled;
        facts = loaded.facts();
        loaded.leftOut().forEach(what -> Log.warning("Not kept from the master's dump: " + what));
        LoadLog.loaded(loaded, false);
        node.stats().loaded(loaded.keys());
        closeFile();
        done.accept(facts);
    }

    private void closeFile() {
        try {
            kept.close();
        } catch (IOException e) {
            Log.warning("Closing " + file + " failed: " + e.getMessage());
        }
    }

    /** The dump is not wanted any more. */
    void drop() {
        dropped = true;
        closeFile();
        try {
            node.disk().delete(file);
        } catch (IOException e) {
            Log.warning(file + " stays: " + e.getMessage());
        }
    }
}
