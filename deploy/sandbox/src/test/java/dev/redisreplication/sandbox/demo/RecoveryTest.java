package dev.redisreplication.sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** Specs that a node would not start with, and members that cannot get on by themselves. */
class RecoveryTest extends WholeSystem {

    @Test
    void aMendedSpecReachesAPodThatCouldNotStart() {
        String template = Json.write(owned("statefulsets", group.name()).at("/spec/template"));
        configure("maxmemory", "abc");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(specValid())
                .contains("\"ConfigInvalid\"", "'--maxmemory abc': argument must be a memory value"));
        assertThat(Json.write(owned("statefulsets", group.name()).at("/spec/template")))
                .as("the last valid one stays")
                .isEqualTo(template);
        configure("maxmemory", "100mb");
        await().atMost(PATIENCE).until(() -> specValid().contains("\"Valid\""));

        String replica = aReplica();
        image("redis-replication/nodd:0.1.0");
        await().atMost(PATIENCE)
                .until(() -> Json.write(owned("statefulsets", group.name())).contains("nodd:0.1.0"));
        sandbox.api().delete(sandbox.api().type("pods"), Group.NAMESPACE, replica, Json.object(), false);
        await().atMost(PATIENCE)
                .until(() -> owned("pods", replica) != null
                        && Json.write(owned("pods", replica)).contains("CreateContainerConfigError"));
        image("redis-replication/node:0.1.0");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(events()).contains("PodReplaced"));
        await().atMost(PATIENCE)
                .until(() -> owned("pods", replica) != null
                        && !Json.write(owned("pods", replica)).contains("nodd")
                        && group.isReady());
    }

    @Test
    void aMendedSpecReachesAGroupThatNobodyIsLeftToLead() {
        String master = group.status("master");
        image("redis-replication/nodd:0.1.0");
        await().atMost(PATIENCE)
                .until(() -> Json.write(owned("statefulsets", group.name())).contains("nodd:0.1.0"));
        for (ObjectNode pod : group.pods()) {
            sandbox.api().delete(sandbox.api().type("pods"), Group.NAMESPACE, Json.name(pod), Json.object(), false);
        }
        await().atMost(PATIENCE)
                .until(() -> group.pods().size() == 3
                        && group.pods().stream()
                                .allMatch(pod -> Json.write(pod).contains("CreateContainerConfigError")));

        // The others come first, and a failover begins that waits for the one that was master.
        image("redis-replication/node:0.1.0");
        await().atMost(PATIENCE)
                .until(() -> owned("pods", master) != null
                        && !Json.write(owned("pods", master)).contains("nodd")
                        && group.isReady());
    }

    @Test
    void aMemberWhoseFilesDoNotLoadCopiesTheMasters() throws IOException {
        group.edit(object -> {
            Json.child(Json.child(object, "spec"), "recovery").put("replaceUnloadableData", true);
            return object;
        });
        await().atMost(PATIENCE)
                .until(() -> Json.write(owned("statefulsets", group.name())).contains("--unloadable-data"));
        String replica = aReplica();
        String uid = Json.uid(owned("pods", replica));
        sandbox.api().delete(sandbox.api().type("pods"), Group.NAMESPACE, replica, Json.object(), false);
        // The status may still be that of before.
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> !Json.uid(owned("pods", replica)).equals(uid)
                        && info(replica).get("master_link_status").equals("up"));

        Path data;
        try (Jedis jedis = new Jedis(Json.text(owned("pods", replica), "status", "podIP"), Group.REDIS_PORT)) {
            jedis.auth(group.password());
            data = Path.of(jedis.configGet("dir").get("dir"));
        }
        Files.writeString(data.resolve("appendonlydir/appendonly.aof.manifest"), "this is no manifest\n");
        group.kill(replica);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(events()).contains("UnloadableDataSetAside"));
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> group.isReady()
                        && info(replica).get("master_link_status").equals("up"));
        try (Stream<Path> files = Files.list(data)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .anyMatch(name -> name.startsWith("appendonlydir.unloadable-"));
        }
    }

    private void configure(String directive, String value) {
        group.edit(object -> {
            Json.child(Json.child(object, "spec"), "config").put(directive, value);
            return object;
        });
    }

    private void image(String name) {
        group.edit(object -> {
            Json.child(object, "spec").put("image", name);
            return object;
        });
    }

    private String specValid() {
        for (JsonNode condition : group.resource().at("/status/conditions")) {
            if (condition.path("type").asText().equals("SpecValid")) {
                return Json.write(condition);
            }
        }
        return "";
    }
}
