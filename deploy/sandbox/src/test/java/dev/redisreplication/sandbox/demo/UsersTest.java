package dev.redisreplication.sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.json.Json;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;

/** Users of a group: those that spec.config declares, and what becomes of the operator when its own user loses its rights. */
class UsersTest extends WholeSystem {
    private static final String HASH =
            "#6c904c5190e8b45c2f0af062eefdb2f5b41ce3809b0e6b5bc50aafdd60b290d8"; // of "app-secret"

    @Test
    void usersOfTheSpecAreKnownToAllMembersAfterRestartsAndFailover() {
        declare("app on " + HASH + " ~app:* +@all -@admin\n\nreports on nopass %R~app:* +@read");
        assertThat(group.pods()).allMatch(pod -> users(Json.name(pod)).equals(List.of("default")));
        replaceAll();
        await().atMost(PATIENCE).until(this::allKnowTheUsers);

        String replica = aReplica();
        byDefault(replica, jedis -> jedis.aclSetUser("guest", "on"));
        assertThat(users(replica)).containsExactly("app", "default", "guest", "reports");
        group.kill(replica);
        await().atMost(PATIENCE).ignoreExceptions().until(() -> group.isReady() && allKnowTheUsers());

        long term = Long.parseLong(group.status("term"));
        group.kill(group.status("master"));
        await().atMost(PATIENCE).until(() -> Long.parseLong(group.status("term")) > term);
        await().atMost(PATIENCE).ignoreExceptions().until(() -> group.isReady() && allKnowTheUsers());
        await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> {
            try (Jedis app = new Jedis(new HostAndPort(group.readWriteAddress(), Group.REDIS_PORT))) {
                app.auth("app", "app-secret");
                assertThat(app.set("app:1", "x")).isEqualTo("OK");
                assertThatThrownBy(() -> app.set("other", "x")).hasMessageStartingWith("NOPERM");
                assertThatThrownBy(() -> app.configGet("dir")).hasMessageStartingWith("NOPERM");
                assertThatThrownBy(app::aclList).hasMessageStartingWith("NOPERM");
            }
        });
    }

    @Test
    void whatWouldShutTheOperatorOutIsRefused() {
        assertThatThrownBy(() -> declare("app on\ndefault off"))
                .hasMessageContaining("spec.config: user default: the operator and the replicas log in as this user");
        declare("app on\n'def'ault off"); // the API server does not read quotes as redis.conf does, the operator does
        await().atMost(PATIENCE).until(() -> condition("SpecValid").contains("spec.config: user default"));
        declare("app on +get ~a");
        await().atMost(PATIENCE).until(() -> condition("SpecValid").isEmpty());
    }

    /** While no member lets itself be asked, no failover can be a mistake of a slow machine: there is none. */
    @Test
    void aUserWithoutRightsIsSaidAndNobodyIsPromoted() {
        byAll(jedis -> jedis.aclSetUser("admin", "on", "nopass", "+@all"));

        String master = group.status("master");
        byDefault(master, jedis -> jedis.aclSetUser("default", "-info"));
        await().atMost(PATIENCE).until(() -> passwordReason().equals("PermissionDenied"));
        assertThat(passwordMessage()).startsWith(master + " (NOPERM ").contains("'info'");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(events()).contains("PermissionDenied"));
        byAll(jedis -> jedis.aclSetUser("default", "-info"));
        await().atMost(PATIENCE)
                .until(() -> passwordMessage().matches("orders-0 .NOPERM .* orders-1 .NOPERM .* orders-2 .NOPERM .*"));
        String term = group.status("term");
        writesGoOn();
        assertThat(group.status("term")).isEqualTo(term);
        byAll(jedis -> jedis.aclSetUser("default", "+info", "-lease"));
        await().atMost(PATIENCE).until(() -> passwordMessage().contains("'lease|"));
        byAll(jedis -> jedis.aclSetUser("default", "+lease"));
        await().atMost(PATIENCE).until(() -> passwordReason().equals("Accepted") && group.isReady());

        byAll(jedis -> jedis.aclSetUser("default", "off"));
        Group.killOperator(sandbox);
        await().atMost(PATIENCE).until(() -> passwordMessage()
                .matches("orders-0 .WRONGPASS .* orders-1 .WRONGPASS .* orders-2 .WRONGPASS .*"));
        assertThat(passwordReason()).isEqualTo("PasswordMismatch");
        assertThat(passwordMessage()).contains("the user default is off");
        byAll(jedis -> jedis.aclSetUser("default", "on"));
        await().atMost(PATIENCE).until(() -> passwordReason().equals("Accepted") && group.isReady());
    }

    private String passwordMessage() {
        return passwordCondition().path("message").asText();
    }

    private void writesGoOn() {
        int written = writer.ledger().snapshot().acknowledged().cardinality();
        await().atMost(PATIENCE)
                .until(() -> writer.ledger().snapshot().acknowledged().cardinality() > written + 100);
    }

    private void declare(String lines) {
        group.edit(object -> {
            Json.child(Json.child(object, "spec"), "config").put("user", lines);
            return object;
        });
    }

    /** The message of a condition that is not True, or "". */
    private String condition(String type) {
        for (var condition : group.resource().at("/status/conditions")) {
            if (condition.path("type").asText().equals(type)
                    && !condition.path("status").asText().equals("True")) {
                return condition.path("message").asText();
            }
        }
        return "";
    }

    private boolean allKnowTheUsers() {
        return group.pods().stream()
                .allMatch(pod -> users(Json.name(pod)).equals(List.of("app", "default", "reports")));
    }

    private List<String> users(String pod) {
        try (Jedis jedis = jedis(pod)) {
            jedis.auth(group.password());
            return jedis.aclUsers();
        }
    }

    private void byDefault(String pod, Consumer<Jedis> action) {
        try (Jedis jedis = jedis(pod)) {
            jedis.auth(group.password());
            action.accept(jedis);
        }
    }

    /** By the user admin once there is one, on every member. */
    private void byAll(Consumer<Jedis> action) {
        for (ObjectNode pod : group.pods()) {
            try (Jedis jedis = jedis(Json.name(pod))) {
                try {
                    jedis.auth("admin", "x");
                } catch (redis.clients.jedis.exceptions.JedisDataException e) {
                    jedis.auth(group.password());
                }
                action.accept(jedis);
            }
        }
    }
}
