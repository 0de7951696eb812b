package dev.redisreplication.node.aof;

import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.command.Replay;
import dev.redisreplication.node.fuzz.FuzzedNode;
import dev.redisreplication.node.replication.io.StreamTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** An increment of an append-only file: it is loaded, or refused with the byte where it is broken; cut where it is whole it loads. */
public final class FileTarget {
    private static final long STEP_NANOS = 1_000_000;

    private FileTarget() {}

    /** Called by Jazzer only. */
    public static void fuzzerInitialize() throws IOException {
        FuzzedNode.ready();
    }

    public static void fuzzerTestOneInput(byte[] data) {
        if (FuzzedNode.leadsElsewhere(data)) {
            return;
        }
        Path file = FuzzedNode.file(data);
        long[] whole = {-1};
        FuzzedNode.run((node, replication) -> whole[0] = load(node, StreamTarget.replay(replication), file));
        if (whole[0] < 0) {
            return;
        }
        Path cut = FuzzedNode.file(Arrays.copyOf(data, (int) whole[0]));
        FuzzedNode.run((node, replication) -> {
            long again = load(node, StreamTarget.replay(replication), cut);
            if (again != whole[0]) {
                throw new IllegalStateException("cut at " + whole[0] + ", it is whole up to " + again);
            }
        });
    }

    /** Bytes that are whole, -1 if it is refused. */
    private static long load(Node node, Replay executes, Path file) {
        node.loading(true);
        try (AofReplay replay = new AofReplay(node.execution(), executes, file, 0, null)) {
            boolean ended = false;
            while (!ended) {
                ended = replay.step(STEP_NANOS);
            }
            return replay.safeLength();
        } catch (IOException e) {
            if (e.getMessage() == null || !e.getMessage().contains(" is broken at byte ")) {
                throw new IllegalStateException("refused without a place", e);
            }
            return -1;
        } finally {
            node.loading(false);
        }
    }
}
