import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Load of clients that wait for each other, on one thread. Prints how often a second one was served.
 *
 * <pre>
 * java Waiting.java handover PORT SECONDS PAIRS     two clients hand an element to and fro: each waits in BLPOP when it comes
 * java Waiting.java streams PORT SECONDS PIPELINE [CONSUMERS]
 *     one client adds to a stream, four or more of a group read it with BLOCK and acknowledge
 * </pre>
 */
final class Waiting {
    private static final int WARM_SECONDS = 3;

    /** A connection, and what it does with each reply. */
    abstract static class Client {
        final SocketChannel channel;
        final ByteBuffer in = ByteBuffer.allocateDirect(1 << 18);
        private final ByteBuffer out = ByteBuffer.allocateDirect(1 << 16);

        Client(Selector selector, int port) throws IOException {
            channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, this);
        }

        /** A whole reply lies between two positions of {@link #in}. */
        abstract void reply(int from, int to) throws IOException;

        void read() throws IOException {
            if (channel.read(in) < 0) {
                throw new IOException("the server has closed a connection");
            }
            in.flip();
            int from = 0;
            for (int to = end(from); to >= 0; to = end(from)) {
                reply(from, to);
                from = to;
            }
            in.position(from);
            in.compact();
            flush();
        }

        void put(byte[] bytes) {
            out.put(bytes);
        }

        void put(ByteBuffer bytes, int from, int to) {
            out.put(bytes.duplicate().position(from).limit(to));
        }

        void flush() throws IOException {
            if (out.position() > 0) {
                out.flip();
                while (out.hasRemaining()) {
                    channel.write(out);
                }
                out.clear();
            }
        }

        /** Where the reply ends that begins at a position, or -1. */
        private int end(int from) {
            int missing = 1;
            int at = from;
            while (missing > 0) {
                int line = at;
                while (line < in.limit() && in.get(line) != '\n') {
                    line++;
                }
                if (line >= in.limit()) {
                    return -1;
                }
                int type = in.get(at);
                int n = type == '$' || type == '*' ? number(at + 1) : 0;
                at = line + 1;
                missing--;
                if (type == '$' && n >= 0) {
                    at += n + 2;
                } else if (type == '*' && n > 0) {
                    missing += n;
                }
                if (type == '-') {
                    throw new IllegalStateException("an error came: " + text(from, line));
                }
                if (at > in.limit()) {
                    return -1;
                }
            }
            return at;
        }

        int number(int at) {
            if (in.get(at) == '-') {
                return -1;
            }
            int n = 0;
            for (; in.get(at) >= '0' && in.get(at) <= '9'; at++) {
                n = 10 * n + in.get(at) - '0';
            }
            return n;
        }

        private String text(int from, int to) {
            byte[] bytes = new byte[to - from];
            in.get(from, bytes);
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    private static long served;

    private static byte[] command(String... words) {
        StringBuilder text = new StringBuilder("*" + words.length + "\r\n");
        for (String word : words) {
            text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Waits for its own queue; gives what comes to the other's, and waits again before the other can have it. */
    private static final class Hand extends Client {
        private final byte[] next;

        Hand(Selector selector, int port, String mine, String other) throws IOException {
            super(selector, port);
            byte[] push = command("LPUSH", other, "element");
            byte[] wait = command("BLPOP", mine, "0");
            next = new byte[push.length + wait.length];
            System.arraycopy(push, 0, next, 0, push.length);
            System.arraycopy(wait, 0, next, push.length, wait.length);
        }

        @Override
        void reply(int from, int to) {
            if (in.get(from) == '*') {
                served++;
                put(next);
            }
        }
    }

    private static void handover(Selector selector, int port, int pairs) throws IOException {
        for (int i = 0; i < pairs; i++) {
            Hand one = new Hand(selector, port, "one" + i, "other" + i);
            Hand other = new Hand(selector, port, "other" + i, "one" + i);
            other.put(command("BLPOP", "other" + i, "0"));
            other.flush();
            one.put(one.next);
            one.flush();
        }
    }

    private static final class Producer extends Client {
        private static final byte[] ADD = command("XADD", "stream", "MAXLEN", "~", "10000", "*", "field", "value-of-16-byte");

        Producer(Selector selector, int port, int pipeline) throws IOException {
            super(selector, port);
            for (int i = 0; i < pipeline; i++) {
                put(ADD);
            }
        }

        @Override
        void reply(int from, int to) {
            put(ADD);
        }
    }

    private static final class Consumer extends Client {
        private final byte[] read;
        private static final byte[] ACK = "$4\r\nXACK\r\n$6\r\nstream\r\n$5\r\ngroup\r\n".getBytes(StandardCharsets.US_ASCII);

        Consumer(Selector selector, int port, int n) throws IOException {
            super(selector, port);
            read = command("XREADGROUP", "GROUP", "group", "consumer" + n, "COUNT", "10", "BLOCK", "0", "STREAMS", "stream", ">");
            put(read);
            flush();
        }

        /** {@code [[stream, [[id, [field, value]], ...]]]} */
        @Override
        void reply(int from, int to) {
            if (in.get(from) != '*') {
                return; // of XACK
            }
            int at = lines(from, 4); // the array, the stream's, its name
            int entries = number(at + 1);
            at = lines(at, 1);
            put(("*" + (3 + entries) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            put(ACK);
            for (int i = 0; i < entries; i++) {
                at = lines(at, 1);
                int end = lines(at, 2);
                put(in, at, end);
                at = lines(end, 5);
            }
            put(read);
            served += entries;
        }

        private int lines(int at, int count) {
            for (int i = 0; i < count; i++) {
                while (in.get(at) != '\n') {
                    at++;
                }
                at++;
            }
            return at;
        }
    }

    private static void streams(Selector selector, int port, int pipeline, int count) throws IOException {
        try (SocketChannel setUp = SocketChannel.open(new InetSocketAddress("127.0.0.1", port))) {
            setUp.write(ByteBuffer.wrap(command("DEL", "stream")));
            setUp.write(ByteBuffer.wrap(command("XGROUP", "CREATE", "stream", "group", "$", "MKSTREAM")));
            ByteBuffer replies = ByteBuffer.allocate(64);
            while (replies.position() < 9) { // :0 +OK
                setUp.read(replies);
            }
        }
        List<Client> consumers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            consumers.add(new Consumer(selector, port, i));
        }
        new Producer(selector, port, pipeline).flush();
    }

    public static void main(String[] args) throws IOException {
        Selector selector = Selector.open();
        int port = Integer.parseInt(args[1]);
        if (args[0].equals("handover")) {
            handover(selector, port, Integer.parseInt(args[3]));
        } else {
            streams(selector, port, Integer.parseInt(args[3]), args.length > 4 ? Integer.parseInt(args[4]) : 4);
        }
        run(selector, WARM_SECONDS);
        served = 0;
        long began = System.nanoTime();
        run(selector, Integer.parseInt(args[2]));
        System.out.printf("%.0f%n", served * 1e9 / (System.nanoTime() - began));
    }

    private static void run(Selector selector, int seconds) throws IOException {
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        while (System.nanoTime() < end) {
            if (selector.select(1000) == 0) {
                throw new IOException("nobody was served for a second");
            }
            for (SelectionKey key : selector.selectedKeys()) {
                ((Client) key.attachment()).read();
            }
            selector.selectedKeys().clear();
        }
    }
}
