package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.replication.system.SentinelGroup.Guard;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Passwords everywhere: of servers, for a user that may do what Sentinels need and nothing else; of Sentinels among each other, by
 * requirepass or by a user of an ACL file; and commands of other names. Ours beside real ones.
 */
class SentinelGuardedTest {
    /** What Redis' own page gives to the user of a Sentinel. */
    private static final String WATCHER =
            "user watcher on >watching allchannels +multi +slaveof +ping +exec +subscribe +config|rewrite +role +publish"
                    + " +info +client|setname +client|kill +script|kill";

    private static final List<String> SERVERS = List.of(
            "requirepass secret",
            "masterauth secret",
            WATCHER,
            "rename-command SLAVEOF follow",
            "rename-command CONFIG settings");

    @TempDir
    private Path folder;

    private Guard guard(String how) throws Exception {
        List<String> lines = List.of(
                "sentinel auth-user group watcher",
                "sentinel auth-pass group watching",
                "sentinel rename-command group slaveof follow",
                "sentinel rename-command group CONFIG settings");
        List<String> more = how.equals("requirepass")
                ? List.of("requirepass among-us")
                : List.of(
                        "aclfile "
                                + Files.write(
                                        folder.resolve("users.acl"),
                                        List.of(
                                                "user default on >among-us ~* &* +@all",
                                                "user peer on >peers &* -@all +auth +client|setname +ping +publish"
                                                        + " +sentinel|is-master-down-by-addr")),
                        "sentinel sentinel-user peer",
                        "sentinel sentinel-pass peers");
        List<String> sentinels = new ArrayList<>(lines);
        sentinels.addAll(more);
        return new Guard(SERVERS, sentinels, "secret", "among-us");
    }

    @ParameterizedTest
    @ValueSource(strings = {"requirepass", "users"})
    void theyAgreeAndPromote(String how) throws Exception {
        try (SentinelGroup group = SentinelGroup.guarded(
                folder,
                i -> i == 1 ? "redis" : "node",
                i -> i == 1 ? "redis-sentinel" : "node-sentinel",
                4000,
                guard(how))) {
            ServerProcess old = group.awaitSettled();
            old.kill();
            group.millisToWrite(old, "after", System.nanoTime());
            old.start();
            ServerProcess master = group.awaitSettled();
            assertThat(master).isNotSameAs(old);
            old.awaitCaughtUp(master);
            for (ServerProcess sentinel : group.sentinels) {
                Map<String, Object> view = sentinel.map("SENTINEL", "MASTER", SentinelGroup.NAME);
                assertThat(view).containsEntry("flags", "master").containsEntry("num-other-sentinels", "2");
            }
        }
    }
}
