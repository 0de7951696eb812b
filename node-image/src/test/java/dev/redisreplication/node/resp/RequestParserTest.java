package dev.redisreplication.node.resp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestParserTest {
    @Test
    @SuppressWarnings("StringConcatToTextBlock") // its lines would end with LF
    void findsTheSameRequestsHoweverTheBytesAreCut() throws ProtocolException {
        String bytes =
                "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$5\r\na\r\nbc\r\nPING\r\n*0\r\n\r\n*1\r\n$0\r\n\r\n set a \"b c\\x41\\n\" 'd\\'e'\n"
                        + "*2\r\n$4\r\necho\r\n$12\r\nhello, world\r\n";
        List<List<String>> whole = requests(bytes, bytes.length());
        assertThat(whole)
                .containsExactly(
                        List.of("SET", "k", "a\r\nbc"),
                        List.of("PING"),
                        List.of(),
                        List.of(),
                        List.of(""),
                        List.of("set", "a", "b cA\n", "d'e"),
                        List.of("echo", "hello, world"));
        for (int chunk = 1; chunk < bytes.length(); chunk++) {
            assertThat(requests(bytes, chunk)).as("chunks of " + chunk).isEqualTo(whole);
        }
    }

    /** One and two digits are read by a load of a word; each length must look the same as by the general way. */
    @Test
    void findsArgumentsOfEveryLengthAndCount() throws ProtocolException {
        StringBuilder bytes = new StringBuilder();
        List<List<String>> sent = new ArrayList<>();
        for (int n = 0; n <= 120; n++) {
            List<String> words = List.of("x".repeat(n), "y".repeat(120 - n));
            bytes.append("*2\r\n");
            words.forEach(word -> bulk(bytes, word));
            sent.add(words);
            bytes.append("*").append(n).append("\r\n");
            IntStream.range(0, n).forEach(i -> bulk(bytes, "z"));
            sent.add(Collections.nCopies(n, "z"));
        }
        assertThat(requests(bytes.toString(), bytes.length())).isEqualTo(sent);
        for (int chunk = 1; chunk < 12; chunk++) {
            assertThat(requests(bytes.toString(), chunk))
                    .as("chunks of " + chunk)
                    .isEqualTo(sent);
        }
    }

    private static void bulk(StringBuilder to, String word) {
        to.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
    }

    private static List<List<String>> requests(String bytes, int chunk) throws ProtocolException {
        List<List<String>> found = new ArrayList<>();
        RequestParser parser = new RequestParser();
        try (NativeBuffer in = new NativeBuffer(16)) {
            for (int from = 0; from < bytes.length(); from += chunk) {
                in.put(bytes.substring(from, Math.min(bytes.length(), from + chunk)));
                while (parser.parse(in.address(), in.readable())) {
                    List<String> words = new ArrayList<>();
                    Request r = parser.request();
                    for (int i = 0; i < r.argc(); i++) {
                        words.add(Ascii.string(r.address(i), r.length(i)));
                    }
                    found.add(words);
                    in.consume(r.frameLength());
                }
            }
            assertThat(in.readable()).isZero();
        }
        return found;
    }

    @ParameterizedTest
    @CsvSource({
        "*a;, invalid multibulk length",
        "*2147483648;, invalid multibulk length",
        "*01;, invalid multibulk length",
        "*1;$-1;, invalid bulk length",
        "*1;$600000000;, invalid bulk length",
        "*1;$x;, invalid bulk length",
        "*1;:1;, 'expected ''$'', got '':'''",
        "'set \"a;', unbalanced quotes in request",
        "'set \"a\"b;', unbalanced quotes in request",
    })
    void saysWhatIsWrong(String bytes, String message) {
        assertThatThrownBy(() -> requests(bytes.replace(";", "\r\n"), 1))
                .isInstanceOf(ProtocolException.class)
                .hasMessage(message);
    }

    @Test
    void holdsStrangersToSmallRequests() {
        assertThatThrownBy(() -> limited("*11\r\n")).hasMessage("unauthenticated multibulk length");
        assertThatThrownBy(() -> limited("*1\r\n$16385\r\n")).hasMessage("unauthenticated bulk length");
    }

    private static void limited(String bytes) throws ProtocolException {
        RequestParser parser = new RequestParser();
        parser.limited(true);
        try (NativeBuffer in = new NativeBuffer(16)) {
            in.put(bytes);
            parser.parse(in.address(), in.readable());
        }
    }

    @Test
    void onlyCanonicalRequestsCountAsCanonical() throws ProtocolException {
        assertThat(canonical("*1\r\n$4\r\nPING\r\n")).isTrue();
        assertThat(canonical("PING\r\n")).isFalse();
        assertThat(canonical("*1\r\n$4\r\nPINGxx")).isFalse();
        assertThat(canonical("*1\rx$4\r\nPING\r\n")).isFalse();
    }

    private static boolean canonical(String bytes) throws ProtocolException {
        RequestParser parser = new RequestParser();
        try (NativeBuffer in = new NativeBuffer(16)) {
            in.put(bytes);
            assertThat(parser.parse(in.address(), in.readable())).isTrue();
            return parser.request().canonical();
        }
    }

    @Test
    void randomBytesNeverDoMoreThanFail() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String alphabet = "*$+-:0123456789\r\n\"'\\x abPING";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder bytes = new StringBuilder();
            for (int n = random.nextInt(60); n > 0; n--) {
                bytes.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            RequestParser parser = new RequestParser();
            try (NativeBuffer in = new NativeBuffer(64)) {
                in.put(bytes.toString().getBytes(StandardCharsets.ISO_8859_1));
                while (in.readable() > 0 && parser.parse(in.address(), in.readable())) {
                    assertThat(parser.request().frameLength())
                            .as("seed " + seed)
                            .isBetween(1, in.readable());
                    in.consume(parser.request().frameLength());
                }
            } catch (ProtocolException e) {
                assertThat(e.getMessage()).as("seed " + seed).isNotEmpty();
            }
        }
    }
}
