package dev.redisreplication.sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.api.WriteOptions;
import dev.redisreplication.sandbox.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;

/** The password of a group is replaced under load: nobody is shut out, nothing is lost, and the old one ends when it should. */
class PasswordTest extends WholeSystem {

    @Test
    void oldAndNewAreTakenUntilTheOldOnesTimeIsOver() {
        String old = group.password();
        String replica = aReplica();
        // The worst moment: nobody sees the change, and a member begins anew.
        Group.killOperator(sandbox);
        set("orders-auth", "new one");
        group.kill(replica);

        await().atMost(PATIENCE).ignoreExceptions().until(() -> allTake("new one"));
        await().atMost(PATIENCE).until(() -> passwordReason().equals("RotationUnderWay") && group.isReady());
        assertThat(allTake(old)).isTrue();
        assertThat(allTake("neither")).isFalse();
        long term = Long.parseLong(group.status("term"));
        group.kill(group.status("master"));
        await().atMost(PATIENCE).until(() -> Long.parseLong(group.status("term")) > term);
        awaitInStep();
        nothingIsMissing();

        try (Jedis connected = jedis(aReplica())) {
            connected.auth(old);
            group.edit(object -> {
                Json.child(Json.child(object, "spec"), "auth")
                        .put("secretName", "orders-auth")
                        .put("previousValidSeconds", 0);
                return object;
            });
            await().atMost(PATIENCE)
                    .until(() -> noneTakes(old) && passwordReason().equals("Accepted"));
            assertThat(allTake("new one")).isTrue();
            assertThat(connected.ping()).isEqualTo("PONG");
        }
        group.kill(aReplica());
        awaitInStep();
    }

    /** Whoever leads by then: on a busy machine a failover may follow another. */
    private void awaitInStep() {
        await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> {
            assertThat(group.isReady()).isTrue();
            assertThat(masters()).containsExactly(group.status("master"));
            for (ObjectNode pod : group.pods()) {
                assertThat(info(Json.name(pod)).get("term")).isEqualTo(group.status("term"));
            }
        });
    }

    @Test
    void anotherSecretIsTakenWithoutNewPodsAndSurvivesThem() {
        List<String> before = uids();
        set("another", "quite another");
        group.edit(object -> {
            Json.child(Json.child(object, "spec"), "auth").put("secretName", "another");
            return object;
        });
        await().atMost(PATIENCE).ignoreExceptions().until(() -> allTake("quite another"));
        assertThat(uids()).isEqualTo(before);
        nothingIsMissing();

        replaceAll();
        nothingIsMissing();
    }

    @Test
    void aPasswordThatNobodyKnowsIsSaidAndNobodyIsPromoted() {
        for (ObjectNode pod : group.pods()) {
            try (Jedis jedis = jedis(Json.name(pod))) {
                jedis.auth(group.password());
                jedis.configSet("requirepass", "set by hand", "masterauth", "set by hand");
            }
        }
        Group.killOperator(sandbox);
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(passwordReason()).isEqualTo("PasswordMismatch");
            assertThat(passwordCondition().path("message").asText()).contains("orders-0", "orders-1", "orders-2");
            assertThat(events()).contains("PasswordMismatch");
        });
        String term = group.status("term");

        set("orders-auth", "set by hand");
        await().atMost(PATIENCE).until(() -> passwordReason().matches("Accepted|RotationUnderWay") && group.isReady());
        assertThat(Long.parseLong(group.status("term"))).isGreaterThanOrEqualTo(Long.parseLong(term));
        nothingIsMissing();
    }

    private List<String> uids() {
        return group.pods().stream().map(Json::uid).toList();
    }

    private void nothingIsMissing() {
        Ledger.Snapshot now = writer.ledger().snapshot();
        BitSet replicated = now.replicated();
        assertThat(replicated.cardinality()).isGreaterThan(100);
        try (Writer reader = new Writer(group.readWriteAddress(), Group.REDIS_PORT, group.password(), "other")) {
            await().atMost(PATIENCE)
                    .until(() -> reader.ledger().snapshot().acknowledged().cardinality() > 0);
        }
        String master = group.status("master");
        try (Jedis jedis = jedis(master)) {
            jedis.auth(group.password());
            long missing = replicated.stream()
                    .filter(write -> !Integer.toString(write).equals(jedis.get("k" + write)))
                    .count();
            assertThat(missing).isZero();
        }
    }

    private void set(String secret, String password) {
        ObjectNode object = Json.object().put("apiVersion", "v1").put("kind", "Secret");
        object.putObject("metadata").put("name", secret);
        object.putObject("data")
                .put("password", Base64.getEncoder().encodeToString(password.getBytes(StandardCharsets.UTF_8)));
        if (owned("secrets", secret) == null) {
            sandbox.apply(object);
        } else {
            sandbox.api()
                    .edit(
                            sandbox.api().type("secrets"),
                            Group.NAMESPACE,
                            secret,
                            "",
                            WriteOptions.of("kubectl-patch"),
                            now -> {
                                now.set("data", object.get("data"));
                                return now;
                            });
        }
    }

    private boolean allTake(String password) {
        return group.pods().stream().allMatch(pod -> takes(Json.name(pod), password));
    }

    private boolean noneTakes(String password) {
        return group.pods().stream().noneMatch(pod -> takes(Json.name(pod), password));
    }

    private boolean takes(String pod, String password) {
        try (Jedis jedis = jedis(pod)) {
            return jedis.auth(password).equals("OK");
        } catch (JedisDataException e) {
            assertThat(e).hasMessageStartingWith("WRONGPASS");
            return false;
        }
    }
}
