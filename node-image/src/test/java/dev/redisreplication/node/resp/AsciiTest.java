package dev.redisreplication.node.resp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AsciiTest {
    /** Any bytes, also such that are no letters or no ASCII, of each length. */
    @Test
    void aWordIsTheSameInAnyCase() {
        Random random = new Random(7);
        try (NativeBuffer in = new NativeBuffer(64)) {
            for (int i = 0; i < 20_000; i++) {
                byte[] bytes = new byte[random.nextInt(13)];
                random.nextBytes(bytes);
                if (i % 2 == 0) { // from '@' to DEL: the letters and what is next to them
                    for (int b = 0; b < bytes.length; b++) {
                        bytes[b] = (byte) (0x40 | bytes[b] & 0x3f);
                    }
                }
                byte[] upper = new String(bytes, StandardCharsets.ISO_8859_1)
                        .chars()
                        .mapToObj(
                                c -> c < 0x80 ? Character.toString(c).toUpperCase(Locale.ROOT) : Character.toString(c))
                        .reduce("", String::concat)
                        .getBytes(StandardCharsets.ISO_8859_1);
                in.clear();
                in.put(bytes);
                in.put("rest"); // is not looked at
                assertThat(Ascii.word(in.address(), bytes.length)).isEqualTo(Ascii.word(upper));
            }
        }
    }
}
