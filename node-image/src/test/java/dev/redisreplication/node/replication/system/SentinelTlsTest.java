package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.net.Certificates;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sentinels, servers and the links between them by TLS, with certificates at both ends: ours alone, and beside real ones. */
class SentinelTlsTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"ours", "mixed"})
    void theyFindEachOtherAndPromote(String cast) throws Exception {
        boolean mixed = cast.equals("mixed");
        IntFunction<String> servers = i -> mixed && i == 1 ? "redis" : "node";
        IntFunction<String> sentinels = i -> mixed && i == 1 ? "redis-sentinel" : "node-sentinel";
        Certificates certificates = Certificates.in(folder.resolve("tls"));
        try (SentinelGroup group = new SentinelGroup(folder, servers, sentinels, 4000, certificates)) {
            ServerProcess old = group.awaitSettled();
            old.kill();
            group.millisToWrite(old, "after", System.nanoTime());
            old.start();
            ServerProcess master = group.awaitSettled();
            assertThat(master).isNotSameAs(old);
            for (ServerProcess sentinel : group.sentinels) {
                for (Object other : (List<?>) sentinel.call("SENTINEL", "SENTINELS", SentinelGroup.NAME)) {
                    List<?> fields = (List<?>) other;
                    assertThat(fields.get(fields.indexOf("port") + 1))
                            .as("the port for TLS is announced")
                            .isNotIn(group.sentinels.stream()
                                    .map(s -> "" + s.port())
                                    .toList());
                }
            }
        }
    }
}
