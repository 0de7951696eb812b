package dev.redisreplication.node.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.memory.Slice;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TransferFramingTest {
    private static final String MARK = "0123456789abcdef0123456789abcdef01234567";

    @Test
    void byLengthLeavesTheRest() {
        TransferFraming framing = TransferFraming.of("$5");
        Slice bytes = new Slice().copyOf("hello*1".getBytes(StandardCharsets.US_ASCII));
        assertThat(framing.take(bytes.address(), 3)).isEqualTo(3);
        assertThat(framing.isComplete()).isFalse();
        assertThat(framing.take(bytes.address() + 3, 4)).isEqualTo(2);
        assertThat(framing.isComplete()).isTrue();
        assertThat(framing.dumpLength()).isEqualTo(5);
    }

    @Test
    void byMarkWhereverTheReadsAreCut() {
        String text = "REDIS" + MARK.substring(0, 39) + "x" + MARK;
        Slice bytes = new Slice().copyOf(text.getBytes(StandardCharsets.US_ASCII));
        for (int size = 1; size <= text.length(); size++) {
            TransferFraming framing = TransferFraming.of("$EOF:" + MARK);
            for (int at = 0; at < text.length(); at += size) {
                assertThat(framing.isComplete()).isFalse();
                framing.take(bytes.address() + at, Math.min(size, text.length() - at));
            }
            assertThat(framing.isComplete()).as("reads of %d bytes", size).isTrue();
            assertThat(framing.dumpLength()).isEqualTo(45);
        }
    }

    @Test
    void otherLinesAreNoAnnouncement() {
        assertThat(TransferFraming.of("$-1")).isNull();
        assertThat(TransferFraming.of("$EOF:short")).isNull();
        assertThat(TransferFraming.of("-ERR")).isNull();
    }
}
