package dev.redisreplication.sandbox.stream;

import dev.redisreplication.sandbox.http.Duplex;
import dev.redisreplication.sandbox.http.WebSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Bytes both ways as the binary messages of a WebSocket; where one message ends and the next begins means nothing. */
final class Tunnel {
    private Tunnel() {}

    static Duplex through(WebSocket socket) {
        return new Duplex(new Incoming(socket), new Outgoing(socket));
    }

    private static final class Incoming extends InputStream {
        private final WebSocket socket;
        private byte[] message = new byte[0];
        private int offset;

        Incoming(WebSocket socket) {
            this.socket = socket;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            while (offset == message.length && length > 0) {
                message = socket.receive();
                offset = 0;
                if (message == null) {
                    message = new byte[0];
                    return -1;
                }
            }
            int n = Math.min(length, message.length - offset);
            System.arraycopy(message, offset, into, from, n);
            offset += n;
            return n;
        }
    }

    private static final class Outgoing extends OutputStream {
        private final WebSocket socket;
        private final ByteArrayOutputStream message = new ByteArrayOutputStream();

        Outgoing(WebSocket socket) {
            this.socket = socket;
        }

        @Override
        public void write(int b) {
            message.write(b);
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            message.write(bytes, from, length);
        }

        @Override
        public void flush() throws IOException {
            if (message.size() > 0) {
                socket.sendBinary(message.toByteArray());
                message.reset();
            }
        }

        @Override
        public void close() throws IOException {
            flush();
            socket.close();
        }
    }
}
