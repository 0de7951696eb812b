package dev.redisreplication.operator.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.api.v1alpha1.RedisReplicationGroup;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class PasswordRingTest {

    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
    private static final Duration PROMISED = Duration.ofMinutes(10);

    private static GroupModel model() {
        RedisReplicationGroup group = new RedisReplicationGroup();
        group.setMetadata(new ObjectMetaBuilder()
                .withName("g")
                .withNamespace("n")
                .withUid("u")
                .build());
        return GroupModel.of(group, "image");
    }

    @Test
    void theOldOneStaysUntilAllTakeTheNewOneAndItsTimeIsOver() {
        PasswordRing ring = PasswordRing.EMPTY.with("a", NOW).with("b", NOW.plusSeconds(60));
        assertThat(ring.passwords()).containsExactly("b", "a");
        assertThat(ring.with("b", NOW.plusSeconds(90))).isEqualTo(ring);
        Instant over = NOW.plusSeconds(60).plus(PROMISED);
        assertThat(ring.settled(List.of(), PROMISED, over.minusMillis(1))).isEqualTo(ring);
        assertThat(ring.settled(List.of("g-1"), PROMISED, over.plusSeconds(9999)))
                .isEqualTo(ring);
        assertThat(ring.settled(List.of(), PROMISED, over).passwords()).containsExactly("b");
    }

    @Test
    void whoGoesBackHasTheFirstOneAgain() {
        PasswordRing ring = PasswordRing.EMPTY.with("a", NOW).with("b", NOW).with("a", NOW);
        assertThat(ring.passwords()).containsExactly("a", "b");
        for (int i = 0; i < 20; i++) {
            ring = ring.with("p" + i, NOW);
        }
        assertThat(ring.passwords()).hasSize(8).startsWith("p19", "p18");
    }

    @Test
    void aSecretKeepsItForTheNextProcess() {
        PasswordRing ring = PasswordRing.EMPTY.with("p\u00e4ss w\u20acrd", NOW).with("other", NOW.plusMillis(7));
        assertThat(PasswordSecrets.ring(PasswordSecrets.ring(model(), ring))).isEqualTo(ring);
        assertThat(PasswordSecrets.ring(null)).isEqualTo(PasswordRing.EMPTY);
        assertThat(ring.toString()).doesNotContain("other");
    }
}
