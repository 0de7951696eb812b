package dev.redisreplication.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RepliesTest {

    private static final String ALL =
            "+OK\r\n-ERR no\r\n:42\r\n$5\r\na\r\nb\u00e9\r\n$-1\r\n*2\r\n$1\r\nx\r\n:7\r\n*-1\r\n";

    private static ReadableByteChannel channel(byte[] bytes) {
        return Channels.newChannel(new ByteArrayInputStream(bytes));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Object only(String text) throws IOException {
        Replies replies = new Replies();
        replies.readFrom(channel(bytes(text)));
        return replies.next();
    }

    /** @param piece bytes that come at once */
    private static List<Object> read(byte[] bytes, int piece) throws IOException {
        Replies replies = new Replies();
        List<Object> read = new ArrayList<>();
        for (int at = 0; at < bytes.length; at += piece) {
            int end = Math.min(bytes.length, at + piece);
            replies.readFrom(channel(java.util.Arrays.copyOfRange(bytes, at, end)));
            for (Object reply = replies.next(); reply != Replies.INCOMPLETE; reply = replies.next()) {
                read.add(reply);
            }
        }
        return read;
    }

    @Test
    void readsRepliesHoweverTheyAreCut() throws IOException {
        byte[] all = bytes(ALL.replace("$5", "$" + bytes("a\r\nb\u00e9").length));
        for (int piece = 1; piece <= all.length; piece++) {
            assertThat(read(all, piece))
                    .as("pieces of %d bytes", piece)
                    .containsExactly(
                            "OK", new NodeLink.Refusal("ERR no"), 42L, "a\r\nb\u00e9", null, List.of("x", 7L), null);
        }
    }

    @Test
    void takesAReplyThatIsLargerThanItsBuffer() throws IOException {
        String large = "x".repeat(300_000);
        byte[] bytes = bytes(":1\r\n$" + large.length() + "\r\n" + large + "\r\n:2\r\n");
        Replies replies = new Replies();
        ReadableByteChannel channel = channel(bytes);
        List<Object> read = new ArrayList<>();
        while (read.size() < 3) {
            replies.readFrom(channel);
            for (Object reply = replies.next(); reply != Replies.INCOMPLETE; reply = replies.next()) {
                read.add(reply);
            }
        }
        assertThat(read).containsExactly(1L, large, 2L);
    }

    @Test
    void refusesWhatIsNoReply() {
        assertThatThrownBy(() -> only("HTTP/1.1 400 Bad Request\r\n")).hasMessageContaining("not RESP");
        assertThatThrownBy(() -> only(":x\r\n")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> only("\r\n")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> only("$999999999\r\n")).hasMessageContaining("too large");
    }

    @Test
    void tellsTheEnd() {
        assertThatThrownBy(() -> only("")).isInstanceOf(java.io.EOFException.class);
    }
}
