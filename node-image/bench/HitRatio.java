import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A cache before something slow: reads keys of a Zipf distribution and sets those that are missed. Prints how many of the reads
 * hit in the second half of the load, and how many keys the server keeps.
 *
 * <p>The memory that it may use is what so many of these keys need, so that every server keeps the same number.
 *
 * <pre>java HitRatio.java PORT POLICY KEYS UNIVERSE READS [EXPONENT [SHIFTS]]</pre>
 *
 * SHIFTS is how often, during the load, other keys become the popular ones.
 */
public final class HitRatio {
    private static final int BATCH = 50;
    private static final byte[] VALUE = "x".repeat(100).getBytes(StandardCharsets.US_ASCII);

    private final BufferedInputStream in;
    private final OutputStream out;

    private HitRatio(Socket socket) throws IOException {
        in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
    }

    public static void main(String[] args) throws IOException {
        int keys = Integer.parseInt(args[2]);
        int universe = Integer.parseInt(args[3]);
        int reads = Integer.parseInt(args[4]);
        double exponent = args.length > 5 ? Double.parseDouble(args[5]) : 0.99;
        int shifts = args.length > 6 ? Integer.parseInt(args[6]) : 0;
        try (Socket socket = new Socket("127.0.0.1", Integer.parseInt(args[0]))) {
            HitRatio load = new HitRatio(socket);
            load.prepare(args[1], keys);
            load.run(keys, universe, reads, exponent, shifts);
        }
    }

    private void prepare(String policy, int keys) throws IOException {
        call("CONFIG SET maxmemory 0 maxmemory-policy " + policy);
        call("FLUSHALL");
        fill(0, keys);
        long limit = data();
        for (int i = 0; i < 3; i++) { // a full table is not packed as one that was just filled
            call("CONFIG SET maxmemory " + limit);
            fill((i + 1) * 2 * keys, 2 * keys);
            limit = limit * keys / Long.parseLong(call("DBSIZE").substring(1));
        }
        call("CONFIG SET maxmemory " + limit);
        call("FLUSHALL");
    }

    private void fill(int first, int keys) throws IOException {
        for (int i = first; i < first + keys; i += BATCH) {
            for (int k = i; k < i + BATCH; k++) {
                set(k);
            }
            out.flush();
            for (int k = i; k < i + BATCH; k++) {
                line();
            }
        }
    }

    // What maxmemory is compared with.
    private long data() throws IOException {
        String info = call("INFO memory");
        return field(info, "used_memory") - field(info, "mem_not_counted_for_evict");
    }

    private static long field(String info, String name) {
        for (String line : info.split("\r\n")) {
            if (line.startsWith(name + ":")) {
                return Long.parseLong(line.substring(name.length() + 1));
            }
        }
        throw new IllegalStateException("no " + name);
    }

    private void run(int keys, int universe, int reads, double exponent, int shifts) throws IOException {
        double[] sums = new double[universe];
        double sum = 0;
        for (int i = 0; i < universe; i++) {
            sum += Math.pow(i + 1.0, -exponent);
            sums[i] = sum;
        }
        SplittableRandom random = new SplittableRandom(42);
        int[] batch = new int[BATCH];
        long hits = 0;
        long counted = 0;
        for (int done = 0; done < reads; done += BATCH) {
            int shift = shifts == 0 ? 0 : (int) ((long) done * (shifts + 1) / reads) * (universe / 3);
            for (int i = 0; i < BATCH; i++) {
                int rank = Arrays.binarySearch(sums, random.nextDouble() * sum);
                rank = Math.min(universe - 1, rank < 0 ? -1 - rank : rank);
                batch[i] = (rank + shift) % universe;
                command("GET", name(batch[i]));
            }
            out.flush();
            int missed = 0;
            for (int i = 0; i < BATCH; i++) {
                String head = line();
                if (head.equals("$-1")) {
                    set(batch[i]);
                    missed++;
                } else {
                    in.skipNBytes(Integer.parseInt(head.substring(1)) + 2L);
                }
            }
            out.flush();
            for (int i = 0; i < missed; i++) {
                line();
            }
            if (done >= reads / 2) {
                counted += BATCH;
                hits += BATCH - missed;
            }
        }
        System.out.printf("%.4f %s%n", (double) hits / counted, call("DBSIZE").substring(1));
    }

    private static byte[] name(int key) {
        return "key:%012d".formatted(key).getBytes(StandardCharsets.US_ASCII);
    }

    private void set(int key) throws IOException {
        command("SET", name(key), VALUE);
    }

    private void command(String name, byte[]... arguments) throws IOException {
        out.write(("*" + (1 + arguments.length) + "\r\n$" + name.length() + "\r\n" + name + "\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        for (byte[] argument : arguments) {
            out.write(("$" + argument.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(argument);
            out.write('\r');
            out.write('\n');
        }
    }

    private String call(String inline) throws IOException {
        out.write((inline + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
        String head = line();
        if (head.startsWith("-")) {
            throw new IllegalStateException(inline + ": " + head);
        }
        if (!head.startsWith("$")) {
            return head;
        }
        byte[] body = in.readNBytes(Integer.parseInt(head.substring(1)));
        in.skipNBytes(2);
        return new String(body, StandardCharsets.US_ASCII);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\r'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the server closed the connection");
            }
            line.append((char) c);
        }
        in.skipNBytes(1);
        return line.toString();
    }
}
