package dev.redisreplication.node.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.net.FreePort;
import dev.redisreplication.node.replication.system.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.assertj.core.api.SoftAssertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.exceptions.JedisDataException;

/** A Sentinel of ours and a real one, each with a master and a replica of its own, are asked the same: replies, log, file. */
class SentinelDifferentialTest {
    /** Values that are times, or differ otherwise from run to run. */
    private static final Set<String> MOVING = Set.of(
            "runid",
            "last-ping-sent",
            "last-ok-ping-reply",
            "last-ping-reply",
            "info-refresh",
            "role-reported-time",
            "slave-repl-offset",
            "link-pending-commands",
            "s-down-time",
            "o-down-time",
            "run-time",
            "run-delay",
            "pid");

    private static final List<String> ASKED = List.of(
            "PING",
            "PING a",
            "ROLE",
            "ACL WHOAMI",
            "ACL LIST",
            "COMMAND COUNT",
            "COMMAND INFO sentinel|set",
            "SET a b",
            "MULTI",
            "CONFIG GET port",
            "PUBLISH a b",
            "PUBLISH __sentinel__:hello nonsense",
            "SHUTDOWN what",
            "INFO sentinel",
            "INFO memory",
            "SENTINEL",
            "SENTINEL HELP",
            "SENTINEL nothing",
            "SENTINEL DEBUG",
            "SENTINEL DEBUG info-period",
            "SENTINEL DEBUG info-period 0",
            "SENTINEL DEBUG info-period 9000 nothing 1",
            "SENTINEL DEBUG info-period 10000",
            "SENTINEL DEBUG info-period x",
            "SENTINEL MASTERS",
            "SENTINEL MASTERS x",
            "SENTINEL MASTER mymaster",
            "SENTINEL MASTER nobody",
            "SENTINEL REPLICAS mymaster",
            "SENTINEL SLAVES mymaster",
            "SENTINEL REPLICAS nobody",
            "SENTINEL SENTINELS mymaster",
            "SENTINEL GET-MASTER-ADDR-BY-NAME mymaster",
            "SENTINEL GET-MASTER-ADDR-BY-NAME nobody",
            "SENTINEL IS-MASTER-DOWN-BY-ADDR 127.0.0.1 1 0 *",
            "SENTINEL IS-MASTER-DOWN-BY-ADDR 127.0.0.1 <master> 0 *",
            "SENTINEL IS-MASTER-DOWN-BY-ADDR 127.0.0.1 x 0 *",
            "SENTINEL IS-MASTER-DOWN-BY-ADDR 127.0.0.1 1 x *",
            "SENTINEL IS-MASTER-DOWN-BY-ADDR 127.0.0.1 <master> 4 1111111111111111111111111111111111111111",
            "SENTINEL IS-MASTER-DOWN-BY-ADDR 127.0.0.1 <master> 4 2222222222222222222222222222222222222222",
            "SENTINEL IS-MASTER-DOWN-BY-ADDR 127.0.0.1 <master> 3 2222222222222222222222222222222222222222",
            "SENTINEL IS-MASTER-DOWN-BY-ADDR 127.0.0.1 <master> 5 2222222222222222222222222222222222222222",
            "SENTINEL CKQUORUM mymaster",
            "SENTINEL CKQUORUM nobody",
            "SENTINEL SET mymaster quorum 2",
            "SENTINEL CKQUORUM mymaster",
            "SENTINEL SET mymaster quorum 0",
            "SENTINEL SET mymaster quorum",
            "SENTINEL SET mymaster quorum 1 down-after-milliseconds x",
            "SENTINEL SET mymaster Down-After-Milliseconds 4000 parallel-syncs 3 quorum",
            "SENTINEL SET mymaster parallel-syncs 0",
            "SENTINEL SET mymaster failover-timeout -1",
            "SENTINEL SET mymaster master-reboot-down-after-period 7",
            "SENTINEL SET mymaster nothing 1",
            "SENTINEL SET nobody quorum 1",
            "SENTINEL SET mymaster notification-script /bin/true",
            "SENTINEL SET mymaster auth-user me",
            "SENTINEL SET mymaster auth-user ''",
            "SENTINEL SET mymaster auth-pass secret",
            "SENTINEL SET mymaster auth-pass ''",
            "SENTINEL SET mymaster rename-command get",
            "SENTINEL SET mymaster rename-command get got",
            "SENTINEL SET mymaster rename-command get get",
            "SENTINEL CONFIG GET *",
            "SENTINEL CONFIG GET nothing",
            "SENTINEL CONFIG GET a b",
            "SENTINEL CONFIG SET nothing 1",
            "SENTINEL CONFIG SET announce-port",
            "SENTINEL CONFIG SET announce-port 99999999",
            "SENTINEL CONFIG SET announce-port 4711",
            "SENTINEL CONFIG SET announce-ip 127.0.0.9",
            "SENTINEL CONFIG SET resolve-hostnames maybe",
            "SENTINEL CONFIG SET announce-hostnames yes",
            "SENTINEL CONFIG GET announce-*",
            "SENTINEL CONFIG",
            "SENTINEL MONITOR mymaster 127.0.0.1 3 1",
            "SENTINEL MONITOR other nowhere 3 1",
            "SENTINEL MONITOR other 127.0.0.1 x 1",
            "SENTINEL MONITOR other 127.0.0.1 99999 1",
            "SENTINEL MONITOR other 127.0.0.1 3 0",
            "SENTINEL MONITOR other 127.0.0.1 3 x",
            "SENTINEL MONITOR other 127.0.0.1 3 1",
            "SENTINEL FAILOVER other",
            "SENTINEL FAILOVER nobody",
            "SENTINEL REMOVE other",
            "SENTINEL REMOVE other",
            "SENTINEL RESET nobody*",
            "SENTINEL SIMULATE-FAILURE",
            "SENTINEL SIMULATE-FAILURE nothing",
            "SENTINEL SIMULATE-FAILURE HELP",
            "SENTINEL SIMULATE-FAILURE crash-after-promotion",
            "INFO sentinel",
            "SENTINEL PENDING-SCRIPTS",
            "SENTINEL INFO-CACHE nobody",
            "SENTINEL FLUSHCONFIG");

    @TempDir
    private Path folder;

    /** One of the two. */
    private final class Side implements AutoCloseable {
        private final ServerProcess master;
        private final ServerProcess replica;
        private final ServerProcess sentinel;
        private final int logBefore;

        Side(String program) throws IOException {
            Path own = Files.createDirectories(folder.resolve(program));
            master = ServerProcess.redis(own.resolve("master"));
            replica = ServerProcess.redis(own.resolve("replica"), "--replicaof", "127.0.0.1 " + master.port());
            replica.awaitCaughtUp(master);
            int port = FreePort.next();
            Path file = Files.createDirectories(own.resolve("sentinel")).resolve("sentinel.conf");
            Files.write(
                    file,
                    List.of(
                            "port " + port,
                            "bind 127.0.0.1",
                            "dir " + file.getParent(),
                            "# one that stays",
                            "sentinel monitor mymaster 127.0.0.1 " + master.port() + " 1",
                            "sentinel down-after-milliseconds mymaster 30000",
                            "sentinel failover-timeout mymaster 5000"));
            sentinel = ServerProcess.configured(List.of(), program, file, port, null);
            Awaitility.await("the replica is known")
                    .atMost(ServerProcess.PATIENCE)
                    .until(() -> {
                        List<?> replicas = (List<?>) sentinel.call("SENTINEL", "REPLICAS", "mymaster");
                        return replicas.size() == 1 && ((List<?>) replicas.getFirst()).contains("ok");
                    });
            logBefore = sentinel.log().length();
        }

        Object ask(String line) {
            String[] words = line.replace("<master>", "" + master.port()).split(" ", -1);
            for (int i = 0; i < words.length; i++) {
                words[i] = words[i].equals("''") ? "" : words[i];
            }
            try {
                return same(sentinel.call(words));
            } catch (JedisDataException e) {
                return "(error) " + e.getMessage();
            }
        }

        private Object same(Object reply) {
            if (!(reply instanceof List<?> list)) {
                return plain(String.valueOf(reply));
            }
            List<Object> all = new ArrayList<>();
            for (int i = 0; i < list.size(); i++) {
                boolean moving = i > 0 && MOVING.contains(String.valueOf(list.get(i - 1)));
                all.add(moving ? "#" : same(list.get(i)));
            }
            return all;
        }

        private String plain(String text) {
            return text.replaceAll("\\b" + master.port() + "\\b", "<master>")
                    .replaceAll("\\b" + replica.port() + "\\b", "<replica>")
                    .replaceAll("\\b" + sentinel.port() + "\\b", "<sentinel>")
                    .replace(sentinel.directory().toString(), "<folder>")
                    .replaceAll("\\b(?!1111|2222)[0-9a-f]{40}\\b", "<id>");
        }

        /** Level and text of each line since it was asked first. */
        List<String> log() throws IOException {
            return sentinel.log()
                    .substring(logBefore)
                    .lines()
                    .map(line -> plain(line.replaceFirst("^\\d+:X \\S+ \\S+ \\d+ [\\d:.]+ ", "")))
                    .filter(line -> !line.contains("role-change"))
                    .toList();
        }

        /** Lines of the file, but those that one of the two does not need. */
        List<String> file() throws IOException {
            return Files.readAllLines(sentinel.directory().resolve("sentinel.conf")).stream()
                    .map(line -> plain(line.replace("\"", "")))
                    .filter(line -> !line.isEmpty() && !line.startsWith("user default"))
                    .filter(line -> !line.startsWith("latency-tracking-info-percentiles"))
                    .sorted(Comparator.comparing((String line) -> line.toLowerCase(Locale.ROOT)))
                    .toList();
        }

        @Override
        public void close() {
            sentinel.close();
            replica.close();
            master.close();
        }
    }

    @Test
    void bothAnswerTheSame() throws Exception {
        try (Side real = new Side("redis-sentinel");
                Side ours = new Side("node-sentinel")) {
            SoftAssertions all = new SoftAssertions();
            for (String line : ASKED) {
                all.assertThat(ours.ask(line)).as(line).isEqualTo(real.ask(line));
            }
            all.assertThat(ours.log()).as("log").isEqualTo(real.log());
            all.assertThat(ours.file()).as("file").isEqualTo(real.file());
            all.assertAll();
        }
    }

    /** Each of them starts from what the other has written, and knows what that one knew. */
    @Test
    void theirFilesAreTheSame() throws Exception {
        for (String first : List.of("redis-sentinel", "node-sentinel")) {
            String second = first.equals("redis-sentinel") ? "node-sentinel" : "redis-sentinel";
            try (Side side = new Side(first)) {
                side.ask("SENTINEL SET mymaster auth-pass secret down-after-milliseconds 4321");
                side.ask("SENTINEL SET mymaster auth-pass ''");
                side.ask("SENTINEL IS-MASTER-DOWN-BY-ADDR 127.0.0.1 <master> 7 "
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
