package dev.redisreplication.sandbox.stream;

import dev.redisreplication.sandbox.http.WebSocket;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A fixed number of streams over a WebSocket: the first byte of each message says which one it is of. In the fifth version of the
 * protocol a message of the channel 255 names one that the client has ended.
 */
public final class Channels {
    private static final int CLOSING = 255;

    private final WebSocket socket;
    private final List<Channel> channels;

    public Channels(WebSocket socket, int count) {
        this.socket = socket;
        channels = IntStream.range(0, count).mapToObj(Channel::new).toList();
    }

    /** The stream of a channel. */
    public Stream get(int channel) {
        return channels.get(channel);
    }

    /** Takes what the client sends until it goes. */
    public void serve() throws IOException {
        try {
            for (byte[] message = socket.receive(); message != null; message = socket.receive()) {
                int channel = message.length == 0 ? -1 : message[0] & 0xFF;
                if (channel == CLOSING && message.length > 1 && (message[1] & 0xFF) < channels.size()) {
                    channels.get(message[1] & 0xFF).inbox.finish();
                } else if (channel >= 0 && channel < channels.size()) {
                    channels.get(channel).inbox.put(Arrays.copyOfRange(message, 1, message.length));
                }
            }
        } finally {
            channels.forEach(c -> c.inbox.finish());
        }
    }

    /** Says that there is no more on any of them. */
    public void close() throws IOException {
        socket.close();
    }

    private final class Channel implements Stream {
        private final int number;
        private final Inbox inbox = new Inbox();

        Channel(int number) {
            this.number = number;
        }

        @Override
        public Map<String, String> headers() {
            return Map.of();
        }

        @Override
        public InputStream in() {
            return inbox;
        }

        @Override
        public OutputStream out() {
            return new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    write(new byte[] {(byte) b}, 0, 1);
                }

                @Override
                public void write(byte[] bytes, int from, int length) throws IOException {
                    byte[] message = new byte[length + 1];
                    message[0] = (byte) number;
                    System.arraycopy(bytes, from, message, 1, length);
                    socket.sendBinary(message);
                }
            };
        }

        @Override
        public void reset() throws IOException {
            socket.close();
        }
    }
}
