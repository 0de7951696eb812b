package dev.redisreplication.sandbox.stream;

import dev.redisreplication.sandbox.http.Duplex;
import dev.redisreplication.sandbox.http.HttpExchange;
import dev.redisreplication.sandbox.http.WebSocket;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The server's side of SPDY/3.1, as far as it is used in Kubernetes: the client opens the streams, there is no push, and nobody
 * counts windows.
 */
public final class Spdy {
    /** What the client's request to leave HTTP names. */
    public static final String PROTOCOL = "SPDY/3.1";

    private static final int CONTROL = 0x80;
    private static final int VERSION = 3;
    private static final int SYN_STREAM = 1;
    private static final int SYN_REPLY = 2;
    private static final int RST_STREAM = 3;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int FLAG_FIN = 1;
    private static final int CANCEL = 5;
    private static final int MAX_DATA = (1 << 24) - 1;
    private static final int BEFORE_HEADERS = 10; // two numbers of streams, a priority and a slot

    private final DataInputStream in;
    private final OutputStream out;
    private final Consumer<Stream> opened;
    private final Map<Integer, SpdyStream> streams = new ConcurrentHashMap<>();

    private Spdy(Duplex duplex, Consumer<Stream> opened) {
        in = new DataInputStream(duplex.in());
        out = duplex.out();
        this.opened = opened;
    }

    /**
     * Answers the request that leaves HTTP for SPDY, and serves until the connection ends.
     *
     * @param speaks what is spoken over the streams, in Kubernetes' words
     * @param opened hears of each stream; must not block
     */
    public static void serve(HttpExchange exchange, String speaks, Consumer<Stream> opened) throws IOException {
        serve(exchange.upgrade(PROTOCOL, Map.of("X-Stream-Protocol-Version", speaks)), opened);
    }

    /** The same within a WebSocket. */
    public static void serve(WebSocket socket, Consumer<Stream> opened) throws IOException {
        serve(Tunnel.through(socket), opened);
        socket.close();
    }

    private static void serve(Duplex duplex, Consumer<Stream> opened) throws IOException {
        Spdy connection = new Spdy(duplex, opened);
        try (SpdyHeaders headers = new SpdyHeaders()) {
            while (connection.turn(headers)) {
                // The next frame.
            }
        } finally {
            connection.streams.values().forEach(SpdyStream::gone);
        }
    }

    /** Handles a frame; false when there is none any more. */
    private boolean turn(SpdyHeaders headers) throws IOException {
        int first = in.read();
        if (first < 0) {
            return false;
        }
        int second = in.readUnsignedByte();
        int rest = in.readUnsignedShort();
        int flags = in.readUnsignedByte();
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("a frame is cut short");
        }
        if ((first & CONTROL) == 0) {
            data((first & 0x7F) << 24 | second << 16 | rest, flags, body);
            return true;
        }
        if (((first & 0x7F) << 8 | second) != VERSION) {
            throw new IOException("not a frame of SPDY/3");
        }
        switch (rest) {
            case SYN_STREAM -> open(headers, flags, body);
            case RST_STREAM -> {
                SpdyStream stream = body.length < 4 ? null : streams.remove(number(body, 0));
                if (stream != null) {
                    stream.gone();
                }
            }
            case PING -> control(PING, 0, body);
            case GOAWAY -> {
                return false;
            }
            default -> {
                // Settings, windows and further headers: nothing for us.
            }
        }
        return true;
    }

    private void open(SpdyHeaders headers, int flags, byte[] body) throws IOException {
        if (body.length < BEFORE_HEADERS) {
            throw new IOException("a stream is opened by too short a frame");
        }
        int id = number(body, 0);
        byte[] block = Arrays.copyOfRange(body, BEFORE_HEADERS, body.length);
        SpdyStream stream = new SpdyStream(id, headers.read(block));
        streams.put(id, stream);
        byte[] empty = headers.empty();
        byte[] reply = new byte[4 + empty.length];
        put(reply, 0, id);
        System.arraycopy(empty, 0, reply, 4, empty.length);
        control(SYN_REPLY, 0, reply);
        if ((flags & FLAG_FIN) != 0) {
            stream.inbox.finish();
        }
        opened.accept(stream);
    }

    private void data(int id, int flags, byte[] body) throws IOException {
        SpdyStream stream = streams.get(id);
        if (stream != null) {
            stream.inbox.put(body);
            if ((flags & FLAG_FIN) != 0) {
                stream.inbox.finish();
            }
        }
    }

    private void control(int type, int flags, byte[] body) throws IOException {
        byte[] head = new byte[8];
        put(head, 0, (CONTROL << 8 | VERSION) << 16 | type);
        put(head, 4, flags << 24 | body.length);
        write(head, body, 0, body.length);
    }

    private synchronized void write(byte[] head, byte[] body, int from, int length) throws IOException {
        out.write(head);
        out.write(body, from, length);
        out.flush();
    }

    private static int number(byte[] bytes, int at) {
        return (bytes[at] & 0x7F) << 24
                | (bytes[at + 1] & 0xFF) << 16
                | (bytes[at + 2] & 0xFF) << 8
                | bytes[at + 3] & 0xFF;
    }

    private static void put(byte[] bytes, int at, int number) {
        for (int i = 0; i < 4; i++) {
            bytes[at + i] = (byte) (number >>> (24 - 8 * i));
        }
    }

    private final class SpdyStream implements Stream {
        private final int id;
        private final Map<String, String> headers;
        private final Inbox inbox = new Inbox();
        private final OutputStream outgoing = new Outgoing();
        private boolean finished;

        SpdyStream(int id, Map<String, String> headers) {
            this.id = id;
            this.headers = Map.copyOf(headers);
        }

        @Override
        public Map<String, String> headers() {
            return headers;
        }

        @Override
        public InputStream in() {
            return inbox;
        }

        @Override
        public OutputStream out() {
            return outgoing;
        }

        @Override
        public void reset() throws IOException {
            streams.remove(id);
            gone();
            byte[] body = new byte[8];
            put(body, 0, id);
            put(body, 4, CANCEL);
            control(RST_STREAM, 0, body);
        }

        /** Nobody is there any more to send or to get anything. */
        synchronized void gone() {
            inbox.finish();
            finished = true;
        }

        private synchronized void send(int flags, byte[] bytes, int from, int length) throws IOException {
            if (finished) {
                throw new IOException("the stream is over");
            }
            finished = (flags & FLAG_FIN) != 0;
            byte[] head = new byte[8];
            put(head, 0, id);
            put(head, 4, flags << 24 | length);
            write(head, bytes, from, length);
        }

        private final class Outgoing extends OutputStream {
            @Override
            public void write(int b) throws IOException {
                send(0, new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                for (int sent = 0; sent < length; ) {
                    int n = Math.min(length - sent, MAX_DATA);
                    send(0, bytes, from + sent, n);
                    sent += n;
                }
            }

            @Override
            public void close() throws IOException {
                synchronized (SpdyStream.this) {
                    if (!finished) {
                        send(FLAG_FIN, new byte[0], 0, 0);
                    }
                }
            }
        }
    }
}
