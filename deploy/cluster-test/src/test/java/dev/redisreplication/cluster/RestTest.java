package dev.redisreplication.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What the operator costs while nothing happens, and what it tells Prometheus. */
@RealCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayName("On a real cluster, the operator at rest")
class RestTest {

    /** Long enough for three of the writes that are allowed, one in ten seconds. */
    private static final Duration REST = Duration.ofSeconds(30);

    private static final int WRITES_ALLOWED = 4;

    private static final Pattern WRITES =
            Pattern.compile("apiserver_request_total\\{[^}]*[{,]resource=\"([a-z]+)\"[^}]*"
                    + "subresource=\"([a-z]*)\"[^}]*verb=\"(POST|PUT|PATCH|APPLY|DELETE)\"[^}]*} (\\S+)");

    private static final String STATUS = "redisreplicationgroups/status";

    /** What the operator writes; the status of others is written by Kubernetes itself. */
    private static final Set<String> KINDS = Set.of(
            STATUS,
            "redisreplicationgroups",
            "services",
            "secrets",
            "serviceaccounts",
            "poddisruptionbudgets",
            "statefulsets",
            "pods",
            "events");

    private Cluster cluster;
    private Group group;

    @BeforeAll
    void applyTheSample(Cluster cluster) {
        this.cluster = cluster;
        group = Group.apply(cluster, "rest", Repository.path("deploy/samples/orders.yaml"), "orders", 3);
        group.settled();
        awaitQuiet();
    }

    @AfterAll
    void deleteIt() {
        if (group != null) {
            cluster.kubectl("delete namespace " + group.namespace() + " --wait=false");
        }
    }

    @Test
    @DisplayName("writes one status in ten seconds at most, also while offsets grow, and nothing else")
    void writesLittle() {
        long process = operatorProcess();
        double ticks = ticks(process);
        Map<String, Integer> idle = writesDuring(REST);
        double share = (ticks(process) - ticks) / REST.toMillis();
        Figures.say(
                "operator at rest with one group: %.1f %% of a core (goal 2); writes in 30 s: %s", share * 100, idle);
        assertLittle(idle);

        group.startWriter("orders-auth");
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .until(() -> group.writer().report().get("acknowledged").asLong() > 100);
        Map<String, Integer> busy = writesDuring(REST);
        Figures.say("writes to the API server in 30 s while clients write: %s", busy);
        assertLittle(busy);
    }

    @Test
    @DisplayName("tells offset and lag of each member")
    void tellsMetrics() {
        String metrics = cluster.operatorMetrics();
        for (int member = 0; member < 3; member++) {
            assertThat(metrics)
                    .containsPattern("redis_replication_member_offset_bytes\\{[^}]*orders-" + member + "[^}]*} ")
                    .containsPattern("redis_replication_member_lag_bytes\\{[^}]*orders-" + member + "[^}]*} ");
        }
    }

    @Test
    @DisplayName("has every right that it needs")
    void isNotForbiddenAnything() {
        String log = cluster.kubectl("-n " + Cluster.OPERATOR_NAMESPACE + " logs "
                + cluster.operatorPod().getMetadata().getName());
        assertThat(log.lines().filter(l -> l.contains("is forbidden: User") || l.contains(" ERROR ")))
                .isEmpty();
    }

    private static void assertLittle(Map<String, Integer> writes) {
        assertThat(writes.getOrDefault(STATUS, 0)).isLessThanOrEqualTo(WRITES_ALLOWED);
        for (String other :
                new String[] {"redisreplicationgroups", "services", "secrets", "serviceaccounts", "poddisruptionbudgets"
                }) {
            assertThat(writes).doesNotContainKey(other);
        }
    }

    /** Until the resource has not changed for a while; it may still be written once in ten seconds. */
    private void awaitQuiet() {
        Awaitility.await("a group that is at rest")
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofSeconds(5))
                .until(() -> writesDuring(Duration.ofSeconds(10)).getOrDefault(STATUS, 0) <= 1);
    }

    /** Writes that the API server took, by kind, of the kinds that the operator writes. */
    private Map<String, Integer> writesDuring(Duration time) {
        Map<String, Integer> before = writes();
        Awaitility.await().pollDelay(time).atMost(time.plusMinutes(1)).until(() -> true);
        Map<String, Integer> during = writes();
        during.replaceAll((kind, count) -> count - before.getOrDefault(kind, 0));
        during.values().removeIf(count -> count == 0);
        return during;
    }

    private Map<String, Integer> writes() {
        Map<String, Integer> counts = new TreeMap<>();
        Matcher matcher = WRITES.matcher(cluster.client().raw("/metrics"));
        while (matcher.find()) {
            String kind = matcher.group(1) + (matcher.group(2).isEmpty() ? "" : "/" + matcher.group(2));
            if (KINDS.contains(kind)) {
                counts.merge(kind, (int) Double.parseDouble(matcher.group(4)), Integer::sum);
            }
        }
        return counts;
    }

    private long operatorProcess() {
        Pod pod = cluster.operatorPod();
        return cluster.processOf(pod);
    }

    /** Milliseconds of processor time that a process has used; the kernel counts in hundredths of a second. */
    private double ticks(long process) {
        String stat = cluster.sh("cat /proc/" + process + "/stat");
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * 10.0;
    }
}
