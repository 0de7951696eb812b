import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * How long a GET and a SET take while a master feeds a full resync, and before it. Requests leave at fixed times, two thousand a second,
 * whether or not the one before was slow, and a time is counted from the moment at which its request should have left: a server
 * that stands still makes all of them late, not one.
 *
 * <p>Arguments: port of the master, port of the replica, number of keys ("key:0" and on), size of a value. Prints p50, p99.9 and the longest, in
 * microseconds, of each kind of request, first "idle", then "sync".
 */
final class Stall {
    private static final long EVERY_NANOS = 500_000;
    private static final long WARM_NANOS = 10_000_000_000L;
    private static final long IDLE_NANOS = 10_000_000_000L;

    private final Socket master;
    private final int keys;
    private final String value;
    private final Random random = new Random(1);
    private final byte[] in = new byte[1 << 16];

    private Stall(Socket master, int keys, int size) {
        this.master = master;
        this.keys = keys;
        this.value = "v".repeat(size);
    }

    public static void main(String[] args) throws IOException {
        try (Socket master = connect(args[0]);
                Socket replica = connect(args[1])) {
            Stall stall = new Stall(master, Integer.parseInt(args[2]), Integer.parseInt(args[3]));
            stall.run(System.nanoTime() + WARM_NANOS, null, "");
            stall.run(System.nanoTime() + IDLE_NANOS, null, "idle");
            ask(replica, "REPLICAOF 127.0.0.1 " + args[0]);
            stall.run(Long.MAX_VALUE, replica, "sync");
        }
    }

    /** Until then, or until the replica has its data. */
    private void run(long until, Socket replica, String name) throws IOException {
        List<Double> gets = new ArrayList<>();
        List<Double> sets = new ArrayList<>();
        OutputStream out = master.getOutputStream();
        long due = System.nanoTime();
        long look = due;
        boolean synced = false;
        for (int i = 0; due < until && !synced; i++, due += EVERY_NANOS) {
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            String key = "key:" + random.nextInt(keys);
            String request = i % 2 == 0 ? "GET " + key : "SET " + key + " " + value;
            out.write((request + "\r\n").getBytes(StandardCharsets.US_ASCII));
            answer(i % 2 == 0);
            (i % 2 == 0 ? gets : sets).add((System.nanoTime() - due) / 1000.0);
            if (replica != null && due - look > 100_000_000L) {
                look = due;
                synced = ask(replica, "INFO replication").contains("master_link_status:up");
            }
        }
        if (!name.isEmpty()) {
            print(name + ".get", gets);
            print(name + ".set", sets);
        }
    }

    private void answer(boolean bulk) throws IOException {
        int length = 0;
        int wanted = Integer.MAX_VALUE;
        do {
            int more = master.getInputStream().read(in, length, in.length - length);
            if (more < 0) {
                throw new IOException("the server closed the connection");
            }
            length += more;
            String text = new String(in, 0, length, StandardCharsets.ISO_8859_1);
            int line = text.indexOf('\n');
            if (line >= 0) {
                boolean none = !bulk || text.startsWith("$-1");
                wanted = none ? line + 1 : line + 3 + Integer.parseInt(text.substring(1, line - 1));
            }
        } while (length < wanted);
    }

    private static void print(String name, List<Double> micros) {
        Collections.sort(micros);
        System.out.printf(
                "%s.p50 %.1f%n%s.p99.9 %.1f%n%s.most %.1f%n",
                name, micros.get(micros.size() / 2),
                name, micros.get((int) (micros.size() * 0.999)),
                name, micros.get(micros.size() - 1));
    }

    private static Socket connect(String port) throws IOException {
        Socket socket = new Socket("127.0.0.1", Integer.parseInt(port));
        socket.setTcpNoDelay(true);
        return socket;
    }

    /** The reply to a request, as far as it comes at once. */
    private static String ask(Socket socket, String request) throws IOException {
        socket.getOutputStream().write((request + "\r\n").getBytes(StandardCharsets.US_ASCII));
        byte[] reply = new byte[1 << 16];
        int length = socket.getInputStream().read(reply);
        return new String(reply, 0, Math.max(length, 0), StandardCharsets.ISO_8859_1);
    }
}
