package dev.redisreplication.kubectl.node;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A connection to a node, one question at a time, in RESP2. One thread at a time. */
public final class Resp implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    /** A reply: one of these forms. */
    public sealed interface Reply {
        /** A word of the server, such as OK. */
        record Simple(String text) implements Reply {}

        /** A refusal. */
        record Failure(String text) implements Reply {}

        /** A number. */
        record Number(long value) implements Reply {}

        /** A value of any bytes, kept as Latin-1. */
        record Bulk(String bytes) implements Reply {}

        /** Nothing. */
        record Nil() implements Reply {}

        /** Several. */
        record Many(List<Reply> replies) implements Reply {
            public Many {
                replies = List.copyOf(replies);
            }
        }
    }

    /** Over a socket that is connected. */
    public Resp(Socket socket) throws IOException {
        this.socket = socket;
        in = new BufferedInputStream(socket.getInputStream());
        out = new BufferedOutputStream(socket.getOutputStream());
    }

    /**
     * Asks, and waits for the answer.
     *
     * @param words each of which goes as it is, in UTF-8
     */
    public Reply call(List<String> words) throws IOException {
        write("*" + words.size() + "\r\n");
        for (String word : words) {
            byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
            write("$" + bytes.length + "\r\n");
            out.write(bytes);
            write("\r\n");
        }
        out.flush();
        return reply();
    }

    /** Waits for what comes without being asked for again, as after SUBSCRIBE or MONITOR. */
    public Reply next() throws IOException {
        return reply();
    }

    private void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private Reply reply() throws IOException {
        String line = line();
        String rest = line.isEmpty() ? "" : line.substring(1);
        return switch (line.isEmpty() ? ' ' : line.charAt(0)) {
            case '+' -> new Reply.Simple(rest);
            case '-' -> new Reply.Failure(rest);
            case ':' -> new Reply.Number(Long.parseLong(rest));
            case '$' -> bulk(Integer.parseInt(rest));
            case '*' -> many(Integer.parseInt(rest));
            default -> throw new IOException("this is no Redis: it answers \"" + line + "\"");
        };
    }

    private Reply bulk(int length) throws IOException {
        if (length < 0) {
            return new Reply.Nil();
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the node closed the connection");
        }
        line();
        return new Reply.Bulk(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    private Reply many(int count) throws IOException {
        if (count < 0) {
            return new Reply.Nil();
        }
        List<Reply> replies = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            replies.add(reply());
        }
        return new Reply.Many(replies);
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the node closed the connection");
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
