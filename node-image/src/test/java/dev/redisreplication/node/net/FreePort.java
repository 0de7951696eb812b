package dev.redisreplication.node.net;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports for servers that have to be told theirs. They lie below those that the system gives to outgoing connections: one of
 * these may belong to some connection by the time the server starts, or starts again.
 */
public final class FreePort {
    private static final int FIRST = 12_000;
    private static final int COUNT = 20_000;

    // Each process begins somewhere else; within this one no port is given twice.
    private static final AtomicInteger NEXT =
            new AtomicInteger((int) (ProcessHandle.current().pid() * 997 % COUNT));

    private FreePort() {}

    /** A port that nobody listens to, on any address of this machine. */
    public static int next() throws IOException {
        for (int tried = 0; tried < COUNT; tried++) {
            int port = FIRST + NEXT.getAndIncrement() % COUNT;
            try (ServerSocket socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // It is somebody's: the next one.
            }
        }
        throw new IOException("no free port from " + FIRST + " on");
    }
}
