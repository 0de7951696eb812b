package dev.redisreplication.node.fuzz;

import dev.redisreplication.node.replication.MasterHandshake;
import dev.redisreplication.node.replication.TransferFraming;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a master says before the stream: lines of the handshake, then a dump by length or up to its mark. */
public final class MasterTarget {
    private static final String ID = "0123456789abcdef0123456789abcdef01234567";

    private MasterTarget() {}

    /** Called by Jazzer only. */
    public static void fuzzerInitialize() throws IOException {
        FuzzedNode.quiet();
    }

    public static void fuzzerTestOneInput(byte[] data) {
        MasterHandshake handshake = new MasterHandshake(
                new MasterHandshake.Self("user", List.of("a", "b"), 6379, "", 3, "run", ID, 101, false));
        handshake.connected();
        int at = 0;
        for (int end = at; end < data.length; end++) {
            if (data[end] != '\n') {
                continue;
            }
            String line = new String(data, at, end - at, StandardCharsets.ISO_8859_1);
            at = end + 1;
            TransferFraming framing = TransferFraming.of(line);
            if (framing != null) {
                take(framing, data, at);
                return;
            }
            switch (handshake.line(line)) {
                case null -> throw new IllegalStateException("no step");
                case MasterHandshake.Step.Abort abort -> {
                    return;
                }
                default -> {
                    // goes on
                }
            }
        }
    }

    private static void take(TransferFraming framing, byte[] data, int from) {
        if (from == data.length) {
            return;
        }
        try (Native bytes = new Native(data)) {
            int piece = 1 + (data[from] & 0x3f);
            for (int at = from; at < data.length && !framing.isComplete(); ) {
                int some = Math.min(piece, data.length - at);
                int taken = framing.take(bytes.address + at, some);
                if (taken < 0 || taken > some) {
                    throw new IllegalStateException(taken + " of " + some + " bytes");
                }
                at += some;
            }
            if (framing.dumpLength() > data.length) {
                throw new IllegalStateException("a dump of " + framing.dumpLength() + " bytes");
            }
        }
    }
}
