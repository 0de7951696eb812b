package dev.redisreplication.node.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ByteTextTest {

    @Test
    void anyBytesComeBack() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(12)];
            random.nextBytes(bytes);
            assertThat(ByteText.bytes(ByteText.of(bytes))).isEqualTo(bytes);
        }
    }

    @Test
    void utf8IsTheTextThatItIs() {
        String text = "pässw€w😀\ufffd";
        assertThat(ByteText.of(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(text);
        assertThat(ByteText.bytes(text)).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aByteThatIsNotUtf8StandsAloneAmongWhatIs() {
        byte[] bytes = {'a', (byte) 0xff, (byte) 0xc3, (byte) 0xa4, (byte) 0xc3};
        assertThat(ByteText.of(bytes)).isEqualTo("a\udcffä\udcc3");
    }
}
