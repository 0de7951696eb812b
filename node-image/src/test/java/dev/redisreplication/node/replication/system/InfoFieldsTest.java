package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * INFO everything has the fields of the redis-server on the path: the same set-up on both sides, the names compared
 * section by section.
 */
class InfoFieldsTest {
    /** What INFO of Redis has and the node's has not, with the reason. */
    private static final Map<String, String> ABSENT = Map.of();

    /** What the node's INFO has beyond that, with the reason. */
    private static final Map<String, String> OURS = Map.of(
            "Server.redis_node_version", "redis_version is that of the Redis it behaves like",
            "Server.java_version", "the runtime, as gcc_version is in Redis",
            "Memory.java_heap_used", "no other field is about the heap alone",
            "Memory.java_heap_committed", "no other field is about the heap alone",
            "Stats.protocol_errors", "what made the node close a connection",
            "Stats.acl_access_denied_auth", "of Redis 7.2",
            "Stats.acl_access_denied_cmd", "of Redis 7.2",
            "Stats.acl_access_denied_key", "of Redis 7.2",
            "Stats.acl_access_denied_channel", "of Redis 7.2",
            "Stats.expired_subkeys", "of Redis 7.4");

    /** Sections with a field for each command or error there was: Jedis and the link send some by version and by time. */
    private static final Set<String> BY_COMMAND = Set.of("Commandstats", "Latencystats", "Errorstats");

    private static final List<List<String>> COMMANDS = List.of(
            List.of("SET", "a", "1"),
            List.of("SETEX", "b", "1000", "1"),
            List.of("GET", "a"),
            List.of("CONFIG", "GET", "port"),
            List.of("BGSAVE"));

    @TempDir
    private Path dir;

    @Test
    void masterAndReplicaHaveTheFieldsOfRedis() {
        try (ServerProcess realMaster = ServerProcess.redis(dir.resolve("rm"), "--appendonly", "yes");
                ServerProcess realReplica =
                        ServerProcess.redis(dir.resolve("rr"), "--appendonly", "yes", "--replicaof", of(realMaster));
                ServerProcess ourMaster = ServerProcess.node(dir.resolve("om"), "--appendonly", "yes");
                ServerProcess ourReplica =
                        ServerProcess.node(dir.resolve("or"), "--appendonly", "yes", "--replicaof", of(ourMaster))) {
            exercise(realMaster, realReplica);
            exercise(ourMaster, ourReplica);
            compare("master", fields(realMaster), fields(ourMaster));
            compare("replica", fields(realReplica), fields(ourReplica));
            for (String field : List.of("rdb_saves", "aof_rewrites", "rdb_last_load_keys_loaded", "aof_enabled")) {
                assertThat(ourMaster.info(field)).as(field).isEqualTo(realMaster.info(field));
            }
            assertThat(ourMaster.info("rdb_saves")).isEqualTo("1");
            assertThat(Long.parseLong(ourMaster.info("mem_replication_backlog")))
                    .isPositive();
            assertThat(ourMaster.info("total_system_memory")).isEqualTo(realMaster.info("total_system_memory"));
        }
    }

    private static String of(ServerProcess master) {
        return "127.0.0.1 " + master.port();
    }

    private static void exercise(ServerProcess master, ServerProcess replica) {
        replica.awaitInfo("master_link_status", "up");
        replica.awaitInfo("master_sync_in_progress", "0");
        master.awaitInfo("aof_rewrite_in_progress", "0");
        master.awaitInfo("rdb_bgsave_in_progress", "0");
        master.call("CONFIG", "RESETSTAT"); // the link's beginning and the first rewrite are not the same on both sides
        for (List<String> command : COMMANDS) {
            master.call(command.toArray(new String[0]));
        }
        master.awaitInfo("rdb_bgsave_in_progress", "0");
        replica.awaitCaughtUp(master);
    }

    /** The names of the fields by the heading above them. */
    private static Map<String, Set<String>> fields(ServerProcess server) {
        Map<String, Set<String>> sections = new TreeMap<>();
        Set<String> section = null;
        for (String line : ((String) server.call("INFO", "everything")).split("\r\n", -1)) {
            if (line.startsWith("# ")) {
                section = sections.computeIfAbsent(line.substring(2), name -> new TreeSet<>());
            } else if (section != null && line.contains(":")) {
                section.add(line.substring(0, line.indexOf(':')));
            }
        }
        return sections;
    }

    private static void compare(String who, Map<String, Set<String>> real, Map<String, Set<String>> ours) {
        assertThat(ours.keySet()).as("sections of the " + who).isEqualTo(real.keySet());
        real.forEach((section, names) -> {
            if (BY_COMMAND.contains(section)) {
                return;
            }
            Set<String> expected = new TreeSet<>(names);
            expected.removeIf(name -> ABSENT.containsKey(section + "." + name));
            Set<String> found = new TreeSet<>(ours.get(section));
            found.removeIf(name -> OURS.containsKey(section + "." + name));
            assertThat(found).as(section + " of the " + who).isEqualTo(expected);
        });
        if (who.equals("master")) {
            for (String field : commandFields()) {
                assertThat(real.values()).as("redis-server's INFO").anyMatch(names -> names.contains(field));
                assertThat(ours.values()).as("the node's INFO").anyMatch(names -> names.contains(field));
            }
        }
    }

    private static List<String> commandFields() {
        return List.of(
                "cmdstat_set",
                "cmdstat_setex",
                "cmdstat_get",
                "cmdstat_config|get",
                "cmdstat_bgsave",
                "latency_percentiles_usec_get",
                "latency_percentiles_usec_config|get");
    }
}
