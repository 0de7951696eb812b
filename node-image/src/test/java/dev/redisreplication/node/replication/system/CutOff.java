package dev.redisreplication.node.replication.system;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A proxy that others reach a server by, and that cuts it off from them: connections end, and nobody answers on new ones. The
 * server goes on, and who knows its own port reaches it: a client on its side of a partition.
 */
final class CutOff implements AutoCloseable {
    private final ServerSocket server;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;

    /** @param target the server's own port */
    CutOff(int target) throws IOException {
        this.target = target;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** Where others reach the server. */
    int port() {
        return server.getLocalPort();
    }

    void cut() {
        cut = true;
        open.forEach(CutOff::end);
    }

    /** Connections that were made meanwhile end: nobody has answered on them. */
    void heal() {
        cut = false;
        open.forEach(CutOff::end);
    }

    private void accept() {
        try {
            while (true) {
                Socket from = server.accept();
                open.add(from);
                if (!cut) {
                    connect(from);
                }
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    private void connect(Socket from) {
        try {
            Socket to = new Socket(InetAddress.getLoopbackAddress(), target);
            open.add(to);
            Thread.ofVirtual().start(() -> pass(from, to));
            Thread.ofVirtual().start(() -> pass(to, from));
            if (cut) { // it was looked for before, and has not ended this one
                end(from);
                end(to);
            }
        } catch (IOException e) {
            end(from); // there is no server at the moment
            open.remove(from);
        }
    }

    private void pass(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // One of the two has ended, or was cut.
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is of no use any more.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        open.forEach(CutOff::end);
    }
}
