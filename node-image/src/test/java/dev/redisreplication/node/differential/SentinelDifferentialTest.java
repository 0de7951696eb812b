package dev.redisreplication.node.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.replication.system.ServerProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Sentinel of ours and a real one, each with a master and a replica of its own, are asked the same: replies, log, file. */
class SentinelDifferentialTest {
    /** What ours alone tells in INFO. */
    private static final Set<String> OWN_FIELDS = Set.of(
            "redis_node_version",
            "java_version",
            "expired_subkeys",
            "protocol_errors",
            "acl_access_denied_cmd",
            "acl_access_denied_key",
            "acl_access_denied_auth",
            "acl_access_denied_channel");

    @TempDir
    private Path folder;

    private static List<String> lines() throws IOException {
        try (InputStream in =
                SentinelDifferentialTest.class.getResourceAsStream("/differential/sentinel/commands.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .toList();
        }
    }

    /** All lines twice on the same Sentinels: by RESP2, and by RESP3. */
    @Test
    void bothAnswerTheSame() throws Exception {
        try (SentinelSide real = new SentinelSide(folder, "redis-sentinel", null);
                SentinelSide ours = new SentinelSide(folder, "node-sentinel", null)) {
            SoftAssertions all = new SoftAssertions();
            for (int protocol : new int[] {2, 3}) {
                for (String line : lines()) {
                    all.assertThat(ours.ask(protocol, line))
                            .as("RESP%d %s", protocol, line)
                            .isEqualTo(real.ask(protocol, line));
                }
            }
            all.assertThat(ours.log()).as("log").isEqualTo(real.log());
            all.assertThat(ours.file()).as("file").isEqualTo(real.file());
            all.assertThat(fields(ours)).as("fields of INFO").isEqualTo(fields(real));
            all.assertAll();
        }
    }

    /** Names of fields, in their order, by sections. */
    private static Map<String, List<String>> fields(SentinelSide side) throws IOException {
        Map<String, List<String>> all = new TreeMap<>();
        for (String asked :
                List.of("", "all", "default", "everything", "server", "clients", "stats", "cpu", "server cpu")) {
            List<String> words = Commands.parse(("INFO " + asked).strip());
            List<String> fields = side.wire(2)
                    .call(words)
                    .text()
                    .lines()
                    .map(line -> line.replaceFirst(":.*", ""))
                    .filter(name -> !OWN_FIELDS.contains(name))
                    .toList();
            all.put("INFO " + asked, fields);
        }
        return all;
    }

    /** Each of them starts from what the other has written, and knows what that one knew. */
    @Test
    void theirFilesAreTheSame() throws Exception {
        for (String first : List.of("redis-sentinel", "node-sentinel")) {
            String second = first.equals("redis-sentinel") ? "node-sentinel" : "redis-sentinel";
            try (SentinelSide side = new SentinelSide(folder, first, null)) {
                side.ask(2, "SENTINEL SET mymaster auth-pass secret down-after-milliseconds 4321");
                side.ask(2, "SENTINEL SET mymaster auth-pass \"\"");
                side.ask(
                        2,
                        "SENTINEL IS-MASTER-DOWN-BY-ADDR 127.0.0.1 <master> 7 "
                                + "1111111111111111111111111111111111111111");
                Object id = side.sentinel.call("SENTINEL", "MYID");
                side.sentinel.stop();
                Path file = side.sentinel.directory().resolve("sentinel.conf");
                try (ServerProcess next =
                        ServerProcess.configured(List.of(), second, file, side.sentinel.port(), null)) {
                    assertThat(next.call("SENTINEL", "MYID")).isEqualTo(id);
                    assertThat(next.map("SENTINEL", "MASTER", "mymaster"))
                            .containsEntry("down-after-milliseconds", "4321")
                            .containsEntry("num-slaves", "1");
                    assertThat(next.call(
                                    "SENTINEL",
                                    "IS-MASTER-DOWN-BY-ADDR",
                                    "127.0.0.1",
                                    "" + side.master.port(),
                                    "7",
                                    "2222222222222222222222222222222222222222"))
                            .as("it has voted in epoch 7")
                            .isEqualTo(List.of(0L, "*", 7L));
                }
            }
        }
    }
}
