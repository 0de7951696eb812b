package dev.redisreplication.node.rdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.memory.Slice;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Crc64Test {
    private static final Slice CHECK = new Slice().copyOf("123456789".getBytes(StandardCharsets.US_ASCII));

    @Test
    void knownValue() {
        // The check value of CRC-64/REDIS in the catalogue of parametrised CRC algorithms.
        assertThat(Crc64.update(0, CHECK.address(), 9)).isEqualTo(0xe9c6d914c4b8d9caL);
    }

    @Test
    void inPartsAsInOneGo() {
        Slice text =
                new Slice().copyOf("The quick brown fox jumps over the lazy dog".getBytes(StandardCharsets.US_ASCII));
        long whole = Crc64.update(0, text.address(), text.length());
        for (int cut = 0; cut <= text.length(); cut++) {
            long first = Crc64.update(0, text.address(), cut);
            assertThat(Crc64.update(first, text.address() + cut, text.length() - cut))
                    .isEqualTo(whole);
        }
    }

    @Test
    void longOnesAsByteByByte() {
        byte[] bytes = new byte[3 * 4096 + 13];
        new Random(7).nextBytes(bytes);
        Slice text = new Slice().copyOf(bytes);
        for (int length : new int[] {4095, 4096, 4097, 8192, bytes.length}) {
            long expected = 5;
            for (int i = 0; i < length; i++) {
                expected = Crc64.update(expected, text.address() + i, 1);
            }
            assertThat(Crc64.update(5, text.address(), length))
                    .as("%d bytes", length)
                    .isEqualTo(expected);
        }
    }
}
