package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/**
 * Texts of a script may be longer than the heap, in which they would end the process: with the heap of the launcher, each is
 * answered, and the node goes on.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LargeScriptTextsTest {
    private static final int LENGTH = 70_000_000;
    private static final String TEXT = "string.rep('x', " + LENGTH + ")";
    private static final String LAST = "+PONG\r\n";

    private ServerProcess node;

    /** How a reply begins, and its length in bytes. */
    private record Answer(String start, long length) {}

    @BeforeAll
    void start(@TempDir Path folder) {
        node = ServerProcess.launched(folder, 0, "--save", "", "--loglevel", "warning");
    }

    @AfterAll
    void stop() {
        node.close();
    }

    /** Sends the command and a PING behind it, on a connection of its own. */
    private Answer answer(String... command) throws IOException {
        StringBuilder request = new StringBuilder("*" + command.length + "\r\n");
        for (String argument : command) {
            request.append('$')
                    .append(argument.length())
                    .append("\r\n")
                    .append(argument)
                    .append("\r\n");
        }
        request.append("PING\r\n");
        try (Socket socket = new Socket("127.0.0.1", node.port())) {
            socket.setSoTimeout((int) ServerProcess.PATIENCE.toMillis());
            socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.ISO_8859_1));
            InputStream in = socket.getInputStream();
            byte[] piece = new byte[1 << 16];
            StringBuilder start = new StringBuilder();
            String end = "";
            long length = 0;
            while (!end.endsWith(LAST)) {
                int read = in.read(piece);
                assertThat(read).as("bytes behind %s", start).isPositive();
                String text = new String(piece, 0, read, StandardCharsets.ISO_8859_1);
                start.append(text, 0, Math.max(0, Math.min(read, 60 - start.length())));
                end = (end + text).substring(Math.max(0, end.length() + read - LAST.length()));
                length += read;
            }
            return new Answer(start.toString(), length - LAST.length());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "error(TEXT) | -ERR user_script:1: xxx",
                "error({err = TEXT}) | -xxx",
                "return {err = TEXT} | -xxx",
                "return {ok = TEXT} | +xxx",
                "return {big_number = TEXT} | $70000000",
                "return redis.error_reply(TEXT) | -ERR xxx",
                "return redis.error_reply('-A ' .. TEXT) | -A xxx",
                "return redis.status_reply(TEXT) | +xxx",
            })
    void whatAScriptAnswersArrivesWhole(String script, String start) throws IOException {
        Answer answer = answer("EVAL", script.replace("TEXT", TEXT), "0");
        assertThat(answer.start()).startsWith(start);
        assertThat(answer.length()).isBetween(LENGTH + 3L, LENGTH + 200L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis.log(redis.LOG_NOTICE, TEXT, TEXT)",
                "redis.log(redis.LOG_WARNING, TEXT, TEXT)",
                "return {verbatim_string = {format = TEXT, string = 'x'}}",
                "return cjson.decode(string.rep('1', 1e8))",
                "return cjson.encode_invalid_numbers(TEXT)",
                "local s = TEXT return cjson.encode({s, s, s, s, s, s, s, s, s, s, s, s})",
                "local s = TEXT return cmsgpack.pack({s, s, s, s, s, s, s, s, s, s, s, s})",
                "local s = TEXT return struct.pack('sssssssssss', s, s, s, s, s, s, s, s, s, s, s, s)",
                "local s = TEXT return redis.call('echo', s, s, s, s, s, s, s, s, s, s, s, s)",
                "return struct.size(TEXT .. '~')",
                "return redis.sha1hex(TEXT)",
                "return redis.call(TEXT)",
            })
    void whatComesOutOfAScriptIsBounded(String script) throws IOException {
        Answer answer = answer("EVAL", script.replace("TEXT", TEXT), "0");
        assertThat(answer.length()).isBetween(4L, 70_000L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis[s]()",
                "redis.register_function(s, function() end)",
                "redis.register_function{function_name = 'f', description = s, callback = function() end}",
                "redis.register_function{function_name = 'f', flags = {s}, callback = function() end}",
                "redis.register_function{[s] = 'f'}",
                "for i = 1, 1e5 do redis.register_function('f' .. i, function() end) end",
            })
    void librariesAreRefused(String body) throws IOException {
        Answer answer =
                answer("FUNCTION", "LOAD", "#!lua name=l\nlocal s = 'x' for i = 1, 26 do s = s .. s end " + body);
        assertThat(answer.start()).startsWith("-ERR Error registering functions: ");
        assertThat(answer.length()).isLessThan(70_000);
    }

    @Test
    void manyLargeLibrariesAreRefused() {
        try (Jedis client = node.connect()) {
            String code = "redis.register_function('f%d', function() end) --" + "x".repeat(1_000_000);
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 300; i++) {
                            client.functionLoad("#!lua name=l" + i + "\n" + code.formatted(i));
                        }
                    })
                    .hasMessage("ERR the libraries take too much memory, there is none for another");
            assertThat(client.functionFlush()).isEqualTo("OK");
            assertThat(client.eval("return {1}")).isEqualTo(List.of(1L));
        }
    }
}
