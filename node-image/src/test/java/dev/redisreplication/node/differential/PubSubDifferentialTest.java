package dev.redisreplication.node.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who has subscribed hears the same, in the same order and form, from redis-server and from the node. */
class PubSubDifferentialTest {
    @RegisterExtension
    static final Arena arena = new Arena();

    /** A listener and a speaker on one server, and all that came back, in order. */
    private static final class Talk implements AutoCloseable {
        private final Wire listener;
        private final Wire speaker;
        private final List<String> heard = new ArrayList<>();

        Talk(int port, int protocol) throws IOException {
            listener = new Wire(port);
            speaker = new Wire(port);
            if (protocol == 3) {
                listener.call("HELLO", "3");
                speaker.call("HELLO", "3");
            }
        }

        /** Sends from the listener and takes so many frames. */
        void listener(int frames, String... command) throws IOException {
            listener.send(List.of(command));
            hear(frames);
        }

        void hear(int frames) throws IOException {
            for (int i = 0; i < frames; i++) {
                heard.add("listener " + listener.read());
            }
        }

        void speaker(String... command) throws IOException {
            heard.add(Arrays.toString(command) + " " + speaker.call(command));
        }

        @Override
        public void close() throws IOException {
            listener.close();
            speaker.close();
        }
    }

    private static List<String> play(int port, int protocol) throws IOException {
        try (Talk talk = new Talk(port, protocol)) {
            talk.speaker("PUBLISH", "news", "nobody listens");
            talk.listener(1, "UNSUBSCRIBE");
            talk.listener(1, "PUNSUBSCRIBE");
            talk.listener(1, "UNSUBSCRIBE", "news");
            talk.listener(3, "SUBSCRIBE", "news", "sport", "news");
            talk.listener(2, "PSUBSCRIBE", "n?ws", "[ms]*");
            talk.listener(1, "SSUBSCRIBE", "news");
            talk.speaker("PUBLISH", "news", "heard twice");
            talk.hear(2);
            talk.speaker("PUBLISH", "music", "");
            talk.hear(1);
            talk.speaker("PUBLISH", "weather", "not heard");
            talk.speaker("SPUBLISH", "news", "by the shard channel only");
            talk.hear(1);
            talk.speaker("PUBLISH", "news", "bytes \u0000\r\n\u00ff");
            talk.hear(2);
            talk.speaker("PUBSUB", "NUMPAT");
            talk.speaker("PUBSUB", "NUMSUB", "news", "music", "nothing");
            talk.speaker("PUBSUB", "NUMSUB");
            talk.speaker("PUBSUB", "CHANNELS", "n*");
            talk.speaker("PUBSUB", "CHANNELS", "x*");
            talk.speaker("PUBSUB", "SHARDCHANNELS");
            talk.speaker("PUBSUB", "SHARDNUMSUB", "news", "sport");
            talk.speaker("PUBSUB", "HELP");
            talk.speaker("PUBSUB", "NONSENSE");
            talk.speaker("PUBLISH", "news");
            talk.speaker("MULTI");
            talk.speaker("PUBLISH", "sport", "from a transaction");
            talk.speaker("PUBLISH", "sport", "and another");
            talk.speaker("EXEC");
            talk.hear(4);
            talk.listener(1, "PING");
            talk.listener(1, "PING", "hello");
            talk.listener(1, "GET", "key");
            talk.listener(1, "CLIENT", "ID", "too many");
            talk.listener(1, "PUBLISH", "music", "in RESP2 a listener may not speak");
            if (protocol == 3) {
                talk.hear(1); // it may, and hears itself
            }
            talk.listener(1, "UNSUBSCRIBE", "sport");
            talk.listener(2, "PUNSUBSCRIBE", "n?ws", "[ms]*");
            talk.listener(1, "SUNSUBSCRIBE");
            talk.listener(1, "UNSUBSCRIBE", "news");
            talk.listener(1, "GET", "key");
            talk.listener(2, "SUBSCRIBE", "again", "and again");
            talk.listener(1, "RESET");
            talk.speaker("PUBSUB", "CHANNELS");
            talk.speaker("PUBLISH", "again", "nobody listens any more");
            return talk.heard;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void isHeardAsFromRedis(int protocol) throws IOException {
        assertThat(play(arena.node().port(), protocol))
                .containsExactlyElementsOf(play(arena.redis().port(), protocol));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void whoLeavesIsForgotten(int protocol) throws IOException {
        try (Talk stays = new Talk(arena.node().port(), protocol)) {
            try (Talk leaves = new Talk(arena.node().port(), protocol)) {
                leaves.listener(1, "SUBSCRIBE", "c");
                leaves.listener(1, "PSUBSCRIBE", "c*");
                stays.speaker("PUBLISH", "c", "x");
                assertThat(Collections.frequency(stays.heard, "[PUBLISH, c, x] :2"))
                        .isOne();
            }
            Awaitility.await()
                    .until(() -> stays.speaker.call("PUBLISH", "c", "x").text().equals("0"));
            assertThat(stays.speaker.call("PUBSUB", "NUMPAT").text()).isEqualTo("0");
        }
    }
}
