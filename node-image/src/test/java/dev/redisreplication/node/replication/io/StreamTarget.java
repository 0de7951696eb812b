package dev.redisreplication.node.replication.io;

import dev.redisreplication.node.command.Replay;
import dev.redisreplication.node.fuzz.FuzzedNode;
import dev.redisreplication.node.resp.NativeBuffer;
import dev.redisreplication.node.resp.ProtocolException;
import java.io.IOException;
import java.util.Arrays;

/** What a master sends after the dump, in pieces: it is executed, or ends the link; each byte counts once. */
public final class StreamTarget {
    private StreamTarget() {}

    /** What executes the commands of a master and of files. */
    public static Replay replay(Replication replication) {
        return replication.replay();
    }

    /** Called by Jazzer only. */
    public static void fuzzerInitialize() throws IOException {
        FuzzedNode.ready();
    }

    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0 || FuzzedNode.leadsElsewhere(data)) {
            return;
        }
        int piece = 1 + (data[0] & 0xff);
        FuzzedNode.run((node, replication) -> {
            MasterStream stream = new MasterStream(node, replication, 0);
            try (NativeBuffer in = new NativeBuffer(256);
                    NativeBuffer out = new NativeBuffer(256)) {
                ByHand link = new ByHand(in, out);
                long before = replication.log().end();
                int came = 0;
                stream.begin(link, 0, true);
                try {
                    for (int at = 1; at < data.length; at += piece) {
                        byte[] next = Arrays.copyOfRange(data, at, Math.min(data.length, at + piece));
                        in.put(next);
                        came += next.length;
                        stream.take(link);
                    }
                } catch (ProtocolException e) {
                    if (e.getMessage() == null || e.getMessage().isBlank()) {
                        throw new IllegalStateException("refused without a reason", e);
                    }
                } finally {
                    stream.end();
                }
                long kept = replication.log().end() - before;
                if (kept + in.readable() != came) {
                    throw new IllegalStateException(kept + " and " + in.readable() + " bytes of " + came);
                }
            }
        });
    }
}
