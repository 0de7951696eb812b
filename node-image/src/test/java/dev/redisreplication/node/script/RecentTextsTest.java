package dev.redisreplication.node.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.resp.NativeBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecentTextsTest {
    /** Many more texts than there is room for, some of which differ in the middle only: forgotten may be, mixed up never. */
    @Test
    void aTextIsFoundAsItWasPutOrNotAtAll() {
        RecentTexts<Integer> recent = new RecentTexts<>();
        Map<String, Integer> put = new HashMap<>();
        Random random = new Random(3);
        int found = 0;
        for (int i = 0; i < 20_000; i++) {
            String text = "x".repeat(random.nextInt(30)) + random.nextInt(4) + "y".repeat(random.nextInt(12));
            try (NativeBuffer bytes = new NativeBuffer(64)) {
                bytes.put(text);
                Integer value = recent.find(bytes.address(), bytes.readable());
                if (value != null) {
                    assertThat(value).as(text).isEqualTo(put.get(text));
                    found++;
                }
                recent.put(bytes.address(), bytes.readable(), i);
                put.put(text, i);
                assertThat(recent.find(bytes.address(), bytes.readable())).isEqualTo(i);
            }
        }
        assertThat(found).isPositive();
        recent.clear();
        try (NativeBuffer bytes = new NativeBuffer(64)) {
            for (String text : put.keySet()) {
                bytes.clear();
                bytes.put(text);
                assertThat(recent.find(bytes.address(), bytes.readable())).isNull();
            }
        }
    }
}
