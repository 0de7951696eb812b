package dev.redisreplication.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;

class PodTroubleTest {
    private static String of(String yaml) {
        return PodTrouble.of(Serialization.unmarshal(yaml, PodStatus.class));
    }

    @Test
    void aNodeThatCannotStartSaysWhy() {
        assertThat(of("""
                containerStatuses:
                - name: node
                  state: {waiting: {reason: CrashLoopBackOff, message: back-off 10s restarting failed container}}
                  lastState:
                    terminated:
                      exitCode: 1
                      reason: Error
                      message: |
                        an earlier line
                        redis-node cannot start: in the flag '--nonsense 1': Bad directive

                conditions: [{type: Ready, status: "False"}]
                """))
                .isEqualTo("CrashLoopBackOff: redis-node cannot start: in the flag '--nonsense 1': Bad directive");
    }

    @Test
    void anImageThatIsNotThereIsSaid() {
        assertThat(of("""
                containerStatuses:
                - {name: node, state: {waiting: {reason: ImagePullBackOff, message: "Back-off pulling image x:1"}}}
                """)).isEqualTo("ImagePullBackOff: Back-off pulling image x:1");
    }

    @Test
    void aPodWithoutAMachineIsSaid() {
        assertThat(of("""
                conditions:
                - {type: PodScheduled, status: "False", reason: Unschedulable, message: "0/1 nodes are available"}
                """)).isEqualTo("Unschedulable: 0/1 nodes are available");
    }

    @Test
    void aKilledProcessIsToldByItsEndNotByWhatItLoggedLast() {
        assertThat(of("""
                containerStatuses:
                - name: node
                  state: {running: {startedAt: "2026-11-01T12:00:00Z"}}
                  lastState: {terminated: {exitCode: 137, reason: OOMKilled, message: "* Ready to accept connections"}}
                """)).isEqualTo("ended: OOMKilled, exit code 137");
    }

    @Test
    void whatIsReadyOrOnItsWayHasNoTrouble() {
        assertThat(of("{}")).isEmpty();
        assertThat(of("containerStatuses: [{name: node, state: {waiting: {reason: ContainerCreating}}}]"))
                .isEmpty();
        assertThat(of("""
                containerStatuses:
                - {name: node, state: {running: {}}, lastState: {terminated: {exitCode: 1, message: long ago}}}
                conditions: [{type: Ready, status: "True"}]
                """)).isEmpty();
    }

    @Test
    void longWordsAreCut() {
        assertThat(of("containerStatuses: [{name: node, state: {waiting: {reason: X, message: " + "y".repeat(1000)
                        + "}}}]"))
                .hasSize(303)
                .endsWith("yyy...");
    }
}
