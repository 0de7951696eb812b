package dev.redisreplication.operator.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.redisreplication.api.v1alpha1.RedisReplicationGroup;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

class StuckPodsTest {

    private static final Pod MASTER = pod("g-0", "old", "");
    private static final Pod STUCK = pod("g-1", "old", "CrashLoopBackOff");

    private static Pod pod(String name, String revision, String waiting) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels("controller-revision-hash", revision)
                .endMetadata()
                .withNewStatus()
                .addNewContainerStatus()
                .withContainerID("ran")
                .withNewState()
                .withNewWaiting("", waiting.isEmpty() ? null : waiting)
                .endState()
                .endContainerStatus()
                .endStatus()
                .build();
    }

    private static StatefulSet set(long generation, long observed) {
        return new StatefulSetBuilder()
                .withNewMetadata()
                .withGeneration(generation)
                .endMetadata()
                .withNewStatus()
                .withObservedGeneration(observed)
                .withUpdateRevision("new")
                .endStatus()
                .build();
    }

    private static GroupModel model(String spec) {
        try {
            RedisReplicationGroup group = new ObjectMapper()
                    .readValue(
                            "{\"metadata\":{\"name\":\"g\",\"namespace\":\"n\",\"uid\":\"u\"},\"spec\":" + spec + "}",
                            RedisReplicationGroup.class);
            return GroupModel.of(group, "image");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static final GroupModel MEMORY = model("{}");
    private static final GroupModel FILES = model("{\"persistence\":{\"mode\":\"AppendOnly\"}}");

    @Test
    void oneThatCannotStartAndIsOutdatedIsReplaced() {
        assertThat(StuckPods.replaceable(FILES, set(2, 2), List.of(MASTER, STUCK), "g-0", true))
                .contains(STUCK);
        assertThat(StuckPods.reason(STUCK)).isEqualTo("CrashLoopBackOff");
    }

    @Test
    void otherwiseItIsLeftAlone() {
        List<Pod> pods = List.of(MASTER, STUCK);
        assertThat(StuckPods.replaceable(FILES, null, pods, "g-0", true)).isEmpty();
        assertThat(StuckPods.replaceable(FILES, set(2, 1), pods, "g-0", true))
                .as("which template is the newest is not known yet")
                .isEmpty();
        assertThat(StuckPods.replaceable(FILES, set(2, 2), List.of(pod("g-1", "new", "CrashLoopBackOff")), "g-0", true))
                .as("a new pod would fare no better")
                .isEmpty();
        assertThat(StuckPods.replaceable(FILES, set(2, 2), List.of(pod("g-1", "old", "")), "g-0", true))
                .as("it runs")
                .isEmpty();
        assertThat(StuckPods.replaceable(MEMORY, set(2, 2), pods, "g-1", true))
                .as("it is the master")
                .isEmpty();
        Pod going = new PodBuilder(pod("g-2", "old", ""))
                .editMetadata()
                .withDeletionTimestamp("2026-11-01T12:00:00Z")
                .endMetadata()
                .build();
        assertThat(StuckPods.replaceable(FILES, set(2, 2), List.of(MASTER, STUCK, going), "g-0", true))
                .as("one at a time")
                .isEmpty();
    }

    @Test
    void filesThatMayBeTheOnlyCopyStay() {
        List<Pod> pods = List.of(MASTER, STUCK);
        assertThat(StuckPods.replaceable(FILES, set(2, 2), pods, "g-0", false)).isEmpty();
        assertThat(StuckPods.replaceable(MEMORY, set(2, 2), pods, "g-0", false)).contains(STUCK);
        GroupModel claims = model("{\"persistence\":{\"mode\":\"AppendOnly\",\"storage\":{\"size\":\"1Gi\"}}}");
        assertThat(StuckPods.replaceable(claims, set(2, 2), pods, "", false)).contains(STUCK);
    }

    @Test
    void theOnlyMemberIsReplacedAlthoughItIsTheMaster() {
        Pod only = pod("g-0", "old", "CrashLoopBackOff");
        assertThat(StuckPods.replaceable(model("{\"replicas\":1}"), set(2, 2), List.of(only), "g-0", false))
                .contains(only);
    }
}
