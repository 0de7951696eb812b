package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol.Command;

/** Names that clients hold lie in the heap, which is small: a process of its own, as a full heap is its end. */
class HeldNamesTest {
    @TempDir
    private Path folder;

    private static String[] names(int count) {
        return IntStream.range(0, count).mapToObj(i -> "name:" + i).toArray(String[]::new);
    }

    @Test
    void tooManyAreRefusedAtOnceAndOthersHaveRoomAgain() {
        try (ServerProcess node = ServerProcess.node(folder)) {
            try (Jedis greedy = node.connect()) {
                assertThatThrownBy(() -> greedy.sendCommand(Command.SUBSCRIBE, names(500_000)))
                        .hasMessageContaining("too many watched keys and subscriptions");
                assertThat(greedy.pubsubChannels()).as("none of them was taken").isEmpty();
                assertThatThrownBy(() -> greedy.watch(names(500_000)))
                        .hasMessageContaining("too many watched keys and subscriptions");
                greedy.watch(names(100_000));
                try (Jedis other = node.connect()) {
                    assertThatThrownBy(() -> other.watch(names(100_000)))
                            .hasMessageContaining("too many watched keys and subscriptions");
                    greedy.unwatch();
                    assertThat(other.watch(names(100_000))).isEqualTo("OK");
                }
            }
        }
    }
}
