package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;

/** The link of a replica to its master: how it comes about, what others see of it, what holds while it is down. */
class LinkTest {
    @TempDir
    Path folder;

    private ServerProcess start(String program, String name, String... arguments) {
        return ServerProcess.of(program, folder.resolve(name), arguments);
    }

    @ParameterizedTest
    @ValueSource(strings = {"node", "redis"})
    void aNodeKeepsItsReplicasWhileItsNewMasterCannotBeReached(String program) throws Exception {
        try (ServerProcess middle = start(program, "middle");
                ServerProcess one = start("node", "one", "--replicaof", "127.0.0.1 " + middle.port());
                ServerProcess two = start("redis", "two", "--replicaof", "127.0.0.1 " + middle.port())) {
            middle.call("SET", "a", "1");
            one.awaitCaughtUp(middle);
            two.awaitCaughtUp(middle);
            String full = middle.info("sync_full");
            assertThat(middle.call("REPLICAOF", "127.0.0.1", "1")).isEqualTo("OK");
            Awaitility.await("a try").atMost(ServerProcess.PATIENCE).until(() -> middle.log()
                    .contains("refused"));
            for (ServerProcess leaf : List.of(one, two)) {
                assertThat(leaf.info("master_link_status")).as(leaf.toString()).isEqualTo("up");
                assertThat(leaf.log()).doesNotContain("NOMASTERLINK");
            }
            assertThat(middle.info("connected_slaves")).isEqualTo("2");
            // Master again, under a new name of the history: the replicas go on from where they are.
            assertThat(middle.call("REPLICAOF", "NO", "ONE")).isEqualTo("OK");
            middle.call("SET", "a", "2");
            one.awaitCaughtUp(middle);
            two.awaitCaughtUp(middle);
            assertThat(one.call("GET", "a")).isEqualTo("2");
            assertThat(middle.info("sync_full")).isEqualTo(full);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"node", "redis"})
    void theMasterIsAClientThatCanBeCut(String program) {
        try (ServerProcess master = start("redis", "master");
                ServerProcess replica = start(program, "replica", "--replicaof", "127.0.0.1 " + master.port())) {
            replica.awaitCaughtUp(master);
            master.call("SET", "a", "1");
            replica.awaitCaughtUp(master);
            String before = (String) replica.call("CLIENT", "LIST", "TYPE", "master");
            assertThat(before)
                    .containsPattern("id=\\d+ addr=127.0.0.1:" + master.port() + " laddr=127.0.0.1:\\d+ fd=\\d+ .*"
                            + "flags=M db=0 .*cmd=set user=\\(superuser\\)");
            assertThat(replica.info("connected_clients")).isEqualTo("2");
            assertThat((String) master.call("CLIENT", "LIST", "TYPE", "replica"))
                    .contains("flags=S ");
            long full = Long.parseLong(master.info("sync_full"));

            assertThat(replica.call("CLIENT", "KILL", "TYPE", "master")).isEqualTo(1L);
            master.call("SET", "a", "2");
            replica.awaitCaughtUp(master);
            assertThat(replica.call("GET", "a")).isEqualTo("2");
            assertThat(master.info("sync_full")).isEqualTo(Long.toString(full));
            assertThat(master.info("sync_partial_ok")).isEqualTo("1");
            String after = (String) replica.call("CLIENT", "LIST", "TYPE", "master");
            assertThat(id(after)).isEqualTo(id(before)); // the same stream, which goes on

            assertThat(replica.call("CLIENT", "KILL", "ID", id(after))).isEqualTo(1L);
            replica.awaitCaughtUp(master);
            replica.call("REPLICAOF", "NO", "ONE");
            assertThat(replica.call("CLIENT", "LIST", "TYPE", "master")).isEqualTo("");
            assertThat(replica.call("CLIENT", "KILL", "TYPE", "master")).isEqualTo(0L);
            assertThat(replica.info("connected_clients")).isEqualTo("1");
        }
    }

    private static String id(String line) {
        Matcher id = Pattern.compile("id=(\\d+)").matcher(line);
        assertThat(id.find()).as(line).isTrue();
        return id.group(1);
    }

    /** Every command that both know is sent to both, with as many arguments as it needs, and refused by both alike. */
    @ParameterizedTest
    @ValueSource(strings = {"no", "yes"})
    void whatAReplicaWithoutALinkRefusesIsWhatRedisRefuses(String stale) {
        String[] arguments = {"--replicaof", "127.0.0.1 1", "--replica-serve-stale-data", stale};
        try (ServerProcess node = start("node", "node", arguments);
                ServerProcess redis = start("redis", "redis", arguments)) {
            Set<String> names = new TreeSet<>(names(node));
            names.retainAll(names(redis));
            assertThat(names).hasSizeGreaterThan(150);
            names.removeAll(Set.of("shutdown", "replicaof", "slaveof", "quit", "reset", "monitor", "auth", "failover"));
            for (String name : names) {
                String[] command =
                        ("MULTI".equalsIgnoreCase(name) ? name : name + shortest(redis, name)).split(" ", -1);
                assertThat(refusal(node, command)).as(String.join(" ", command)).isEqualTo(refusal(redis, command));
            }
            // In the order of Redis: what may not be written is said before that the data may be old.
            for (String[] inMulti : new String[][] {{"SET", "a", "1"}, {"GET", "a"}, {"PING"}, {"ECHO", "a"}}) {
                try (Jedis ours = node.connect();
                        Jedis real = redis.connect()) {
                    ServerProcess.call(ours, "MULTI");
                    ServerProcess.call(real, "MULTI");
                    assertThat(refusal(ours, inMulti)).isEqualTo(refusal(real, inMulti));
                    assertThat(refusal(ours, "EXEC")).isEqualTo(refusal(real, "EXEC"));
                }
            }
        }
    }

    private static List<String> names(ServerProcess server) {
        return ((List<?>) server.call("COMMAND", "LIST"))
                .stream().map(String.class::cast).toList();
    }

    private static String shortest(ServerProcess server, String name) {
        List<?> info = (List<?>) ((List<?>) server.call("COMMAND", "INFO", name)).getFirst();
        return " 1".repeat(Math.abs(((Long) info.get(1)).intValue()) - 1);
    }

    private static String refusal(ServerProcess server, String... command) {
        try (Jedis jedis = server.connect()) {
            return refusal(jedis, command);
        }
    }

    /** The error that speaks of the state of the server, or "". */
    private static String refusal(Jedis jedis, String... command) {
        try {
            ServerProcess.call(jedis, command);
            return "";
        } catch (JedisDataException e) {
            String text = e.getMessage();
            return text.matches("(?s)(MASTERDOWN|READONLY|LOADING|EXECABORT).*") ? text : "";
        }
    }
}
