package dev.redisreplication.node.fuzz;

import dev.redisreplication.node.resp.ProtocolException;
import dev.redisreplication.node.resp.Request;
import dev.redisreplication.node.resp.RequestParser;
import java.io.IOException;

/** Requests of clients, which arrive in pieces: each is parsed, or refused by a protocol error. */
public final class RequestTarget {
    private RequestTarget() {}

    /** Called by Jazzer only. */
    public static void fuzzerInitialize() throws IOException {
        FuzzedNode.quiet();
    }

    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        int piece = 1 + (data[0] & 0x3f);
        RequestParser parser = new RequestParser();
        try (Native bytes = new Native(data)) {
            long at = 1;
            for (int there = 1; there < data.length; ) {
                there = Math.min(data.length, there + piece);
                while (at < there && parser.parse(bytes.address + at, (int) (there - at))) {
                    Request request = parser.request();
                    if (request.frameLength() <= 0 || request.frameLength() > there - at) {
                        throw new IllegalStateException("a frame of " + request.frameLength() + " bytes");
                    }
                    for (int i = 0; i < request.argc(); i++) {
                        long begins = request.address(i);
                        if (begins < bytes.address || begins + request.length(i) > bytes.address + data.length) {
                            throw new IllegalStateException("argument " + i + " is elsewhere");
                        }
                    }
                    at += request.frameLength();
                }
            }
        } catch (ProtocolException e) {
            if (e.getMessage() == null || e.getMessage().isBlank()) {
                throw new IllegalStateException("refused without a reason", e);
            }
        } finally {
            parser.request().close();
        }
    }
}
