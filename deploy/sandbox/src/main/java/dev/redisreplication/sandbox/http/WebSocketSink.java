package dev.redisreplication.sandbox.http;

import dev.redisreplication.sandbox.http.HttpExchange.MessageSink;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The server's side of a WebSocket (RFC 6455) that sends text and answers pings; what a client sends is thrown away. */
final class WebSocketSink implements MessageSink {
    private static final int TEXT = 0x1;
    private static final int CLOSE = 0x8;
    private static final int PING = 0x9;
    private static final int PONG = 0xA;
    private static final int MAX_CLIENT_FRAME = 1 << 20;

    private final DataInputStream in;
    private final OutputStream out;

    WebSocketSink(InputStream in, OutputStream out) {
        this.in = new DataInputStream(in);
        this.out = out;
    }

    @Override
    public void send(byte[] message) throws IOException {
        frame(TEXT, message);
    }

    @Override
    public void close() throws IOException {
        frame(CLOSE, new byte[] {0x03, (byte) 0xE8});
    }

    @Override
    public void readUntilGone(InputStream ignored) throws IOException {
        while (true) {
            int first = in.read();
            if (first < 0) {
                return;
            }
            int second = in.readUnsignedByte();
            long length = second & 0x7F;
            if (length == 126) {
                length = in.readUnsignedShort();
            } else if (length == 127) {
                length = in.readLong();
            }
            if (length < 0 || length > MAX_CLIENT_FRAME) {
                throw new IOException("a frame of " + length + " bytes from a client that has nothing to send");
            }
            byte[] mask = (second & 0x80) != 0 ? in.readNBytes(4) : new byte[4];
            byte[] payload = in.readNBytes((int) length);
            for (int i = 0; i < payload.length; i++) {
                payload[i] ^= mask[i & 3];
            }
            switch (first & 0x0F) {
                case CLOSE -> {
                    frame(CLOSE, payload.length >= 2 ? new byte[] {payload[0], payload[1]} : new byte[0]);
                    return;
                }
                case PING -> frame(PONG, payload);
                default -> {
                    // Text, binary or pong: nothing for us.
                }
            }
        }
    }

    private synchronized void frame(int opcode, byte[] payload) throws IOException {
        byte[] head = new byte[10];
        head[0] = (byte) (0x80 | opcode);
        int used = 2;
        if (payload.length < 126) {
            head[1] = (byte) payload.length;
        } else if (payload.length < 65536) {
            head[1] = 126;
            head[2] = (byte) (payload.length >> 8);
            head[3] = (byte) payload.length;
            used = 4;
        } else {
            head[1] = 127;
            for (int i = 0; i < 8; i++) {
                head[2 + i] = (byte) ((long) payload.length >> (56 - 8 * i));
            }
            used = 10;
        }
        out.write(head, 0, used);
        out.write(payload);
        out.flush();
    }
}
