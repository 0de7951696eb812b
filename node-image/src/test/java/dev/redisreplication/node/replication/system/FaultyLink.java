package dev.redisreplication.node.replication.system;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A proxy between a replica and its master that does harm to what passes, at random, while it is told to. */
final class FaultyLink implements AutoCloseable {
    /** What it does to some of the pieces that pass. */
    enum Fault {
        /** Ends the connection. */
        CUT,
        /** Passes half of the piece, and ends the connection. */
        HALVE,
        /** Passes the piece byte by byte, or after a while. */
        DELAY,
        /** Overwrites a run of bytes, longer than any argument of the commands that pass. */
        CORRUPT
    }

    private static final int DAMAGE = 64;
    private static final int PIECE = 1 << 14;

    private final ServerSocket server;
    private final int target;
    private final Random random;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Map<Fault, Integer> done = new EnumMap<>(Fault.class);
    private volatile Set<Fault> faults = Set.of();
    private volatile int oneOf; // so many pieces have one fault

    /** Passes what comes in at {@link #port} to a port of this machine, and the answers back. */
    FaultyLink(int target, long seed) throws IOException {
        this.target = target;
        this.random = new Random(seed);
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** From now on one of so many pieces has one of these faults. */
    void harm(Set<Fault> which, int pieces) {
        oneOf = pieces;
        faults = which;
    }

    /** From now on everything passes as it is. */
    void heal() {
        faults = Set.of();
    }

    /** Ends all connections. */
    void cut() {
        open.forEach(FaultyLink::end);
    }

    /** How often it did what. */
    synchronized Map<Fault, Integer> done() {
        return new EnumMap<>(done);
    }

    private void accept() {
        try {
            while (true) {
                Socket replica = server.accept();
                try {
                    Socket master = new Socket(InetAddress.getLoopbackAddress(), target);
                    open.add(replica);
                    open.add(master);
                    Thread.ofVirtual().start(() -> pass(replica, master, false));
                    Thread.ofVirtual().start(() -> pass(master, replica, true));
                } catch (IOException e) {
                    end(replica);
                }
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    private void pass(Socket from, Socket to, boolean fromMaster) {
        byte[] piece = new byte[PIECE];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            long passed = 0;
            for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
                Fault fault = next(fromMaster && passed > 0); // a damaged greeting may be one of another kind of server
                passed += length;
                if (fault == null) {
                    out.write(piece, 0, length);
                } else if (!harmed(fault, piece, length, out)) {
                    return;
                }
            }
        } catch (IOException e) {
            // One of the two has ended, or was cut.
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private synchronized Fault next(boolean mayBeDamaged) {
        Fault[] all = faults.toArray(Fault[]::new);
        if (all.length == 0 || random.nextInt(oneOf) != 0) {
            return null;
        }
        Fault fault = all[random.nextInt(all.length)];
        if (fault == Fault.CORRUPT && !mayBeDamaged) {
            return null;
        }
        done.merge(fault, 1, Integer::sum);
        return fault;
    }

    /** Passes the piece with this fault; whether the connection goes on. */
    private boolean harmed(Fault fault, byte[] piece, int length, OutputStream out) throws IOException {
        switch (fault) {
            case CUT -> {
                return false;
            }
            case HALVE -> {
                out.write(piece, 0, length / 2);
                out.flush();
                return false;
            }
            case DELAY -> {
                for (int i = 0; i < length; i++) {
                    out.write(piece, i, 1);
                    if (i % 512 == 0) {
                        pause();
                    }
                }
                return true;
            }
            case CORRUPT -> {
                int from = random(length);
                Arrays.fill(piece, from, Math.min(length, from + DAMAGE), (byte) 0xff);
                out.write(piece, 0, length);
                return from + DAMAGE <= length; // what it has not hit whole goes with the connection
            }
        }
        throw new IllegalStateException(fault.name());
    }

    private synchronized int random(int bound) {
        return random.nextInt(bound);
    }

    private static void pause() {
        try {
            Thread.sleep(2);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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
        cut();
    }
}
