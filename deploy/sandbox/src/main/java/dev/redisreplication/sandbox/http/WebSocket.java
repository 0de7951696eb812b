package dev.redisreplication.sandbox.http;

import dev.redisreplication.sandbox.http.HttpExchange.MessageSink;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * The server's side of a WebSocket (RFC 6455). Any thread may send; one at a time receives, and pings are answered by it.
 */
public final class WebSocket implements MessageSink {
    private static final int CONTINUATION = 0x0;
    private static final int TEXT = 0x1;
    private static final int BINARY = 0x2;
    private static final int CLOSE = 0x8;
    private static final int PING = 0x9;
    private static final int PONG = 0xA;
    private static final int FINAL = 0x80;
    private static final int MAX_MESSAGE = 16 << 20;
    private static final byte[] NORMAL = {0x03, (byte) 0xE8};

    private final DataInputStream in;
    private final OutputStream out;
    private boolean closed;

    WebSocket(InputStream in, OutputStream out) {
        this.in = new DataInputStream(in);
        this.out = out;
    }

    /** Sends a text. */
    @Override
    public void send(byte[] message) throws IOException {
        frame(TEXT, message);
    }

    /** Sends a binary message. */
    public void sendBinary(byte[] message) throws IOException {
        frame(BINARY, message);
    }

    /** Says that all is well and there is no more. Only the first call does anything. */
    @Override
    public void close() throws IOException {
        frame(CLOSE, NORMAL);
    }

    /** What a client that has nothing to say sends is thrown away. */
    @Override
    public void readUntilGone(InputStream ignored) throws IOException {
        while (receive() != null) {
            // Nothing for us.
        }
    }

    /** Waits for the next message, text or binary; null when the client has said that it goes, or has gone. */
    public byte[] receive() throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        while (true) {
            int first = in.read();
            if (first < 0) {
                return null;
            }
            byte[] payload = payload(message.size());
            switch (first & 0x0F) {
                case CLOSE -> {
                    frame(CLOSE, Arrays.copyOf(payload, Math.min(2, payload.length)));
                    return null;
                }
                case PING -> frame(PONG, payload);
                case CONTINUATION, TEXT, BINARY -> {
                    message.write(payload);
                    if ((first & FINAL) != 0) {
                        return message.toByteArray();
                    }
                }
                default -> {
                    // A pong, which nobody asked for.
                }
            }
        }
    }

    private byte[] payload(int before) throws IOException {
        int second = in.readUnsignedByte();
        long length = second & 0x7F;
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = in.readLong();
        }
        if (length < 0 || length > MAX_MESSAGE - before) {
            throw new IOException("a message above " + MAX_MESSAGE + " bytes");
        }
        byte[] mask = (second & 0x80) != 0 ? in.readNBytes(4) : new byte[4];
        byte[] payload = in.readNBytes((int) length);
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= mask[i & 3];
        }
        return payload;
    }

    private synchronized void frame(int opcode, byte[] payload) throws IOException {
        if (closed) {
            if (opcode == CLOSE || opcode == PONG) {
                return;
            }
            throw new IOException("the WebSocket is closed");
        }
        closed = opcode == CLOSE;
        byte[] head = new byte[10];
        head[0] = (byte) (FINAL | opcode);
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
