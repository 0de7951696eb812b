package dev.redisreplication.sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.redisreplication.sandbox.demo.Failover.Outcome;
import dev.redisreplication.sandbox.json.Json;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Two operators that agree on one that acts; the one that leads is killed, paused, or ended as a roll-out does. */
class TwoOperatorsTest extends WholeSystem {

    private static final String ONE = "operator-one";
    private static final String OTHER = "operator-other";

    @Override
    void startOperators() {
        for (String pod : new String[] {ONE, OTHER}) {
            Group.startOperator(sandbox, pod, Map.of("REDIS_REPLICATION_LEADER_LEASE", "6s"));
        }
    }

    @Test
    void oneActsAndTheOtherTakesOver() throws IOException, InterruptedException {
        String leader = Group.leadingOperator(sandbox);
        String standby = other(leader);
        awaitServing(standby);
        assertThat(metrics(leader)).contains("redis_replication_member_up");
        assertThat(metrics(standby)).doesNotContain("redis_replication_member_up");
        assertThat(page(standby, "/q/health/ready"))
                .contains("Kubernetes is watched")
                .doesNotContain("Operator SDK", "DOWN");

        String next = takeOverFromKilled(leader);
        Outcome outcome = new Failover(group, writer).run("KILL");
        assertThat(outcome.replicatedMissing()).isZero();
        awaitInStep(outcome.to());

        awaitServing(other(next));
        takeOverFromPaused(next, other(next));
    }

    @Test
    void whoIsEndedGivesTheLeaseBack() throws IOException {
        String leader = Group.leadingOperator(sandbox);
        String holder = Group.leader(sandbox);
        String standby = other(leader);
        awaitServing(standby);
        String master = group.status("master");
        String term = group.status("term");
        long transitions = transitions();
        int before = acknowledged();
        List<LeaseSpec> seen = new CopyOnWriteArrayList<>();
        try (KubernetesClient client = client();
                Watch watch = client.leases()
                        .inNamespace(Group.OPERATOR_NAMESPACE)
                        .withName(Group.OPERATOR)
                        .watch(new LeaseLog(seen))) {
            assertThat(watch).isNotNull();
            await().atMost(PATIENCE).until(() -> !seen.isEmpty());
            // As a Deployment does: SIGTERM, and the pod does not come back.
            sandbox.api()
                    .delete(
                            sandbox.api().type("pods"),
                            Group.OPERATOR_NAMESPACE,
                            leader,
                            Json.object().put("gracePeriodSeconds", 60),
                            false);
            await().atMost(PATIENCE).until(() -> leads(standby));
        }
        List<String> holders =
                seen.stream().map(LeaseSpec::getHolderIdentity).distinct().toList();
        assertThat(holders).endsWith(holder, "", Group.leader(sandbox)).hasSize(3);
        assertThat(transitions()).isEqualTo(transitions + 1);
        LeaseSpec released = seen.stream()
                .filter(s -> s.getHolderIdentity().isEmpty())
                .findFirst()
                .orElseThrow();
        assertThat(released.getLeaseDurationSeconds()).isEqualTo(1);
        await().atMost(PATIENCE).until(() -> acknowledged() > before + 100 && group.isReady());
        assertThat(group.status("master")).isEqualTo(master);
        assertThat(group.status("term")).isEqualTo(term);
        Outcome outcome = new Failover(group, writer).run("KILL");
        assertThat(outcome.replicatedMissing()).isZero();
        awaitInStep(outcome.to());
    }

    private record LeaseLog(List<LeaseSpec> seen) implements Watcher<Lease> {
        @Override
        public void eventReceived(Action action, Lease lease) {
            seen.add(lease.getSpec());
        }

        @Override
        public void onClose(WatcherException cause) {
            // What it missed then is missing in the list.
        }
    }

    private KubernetesClient client() {
        Config config =
                new ConfigBuilder(Config.empty()).withMasterUrl(sandbox.url()).build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    private long transitions() {
        return Json.at(
                        sandbox.api().get(sandbox.api().type("leases"), Group.OPERATOR_NAMESPACE, Group.OPERATOR),
                        "spec",
                        "leaseTransitions")
                .asLong();
    }

    /** @return who leads then: as a rule the other one, but the pod of the killed one starts anew and may be quicker */
    private String takeOverFromKilled(String leader) throws IOException {
        String killed = Group.leader(sandbox);
        String master = group.status("master");
        String term = group.status("term");
        Group.operator(sandbox, leader).orElseThrow().destroyForcibly();
        int before = acknowledged();
        await().atMost(PATIENCE).until(() -> {
            assertThat(group.status("phase")).isEqualTo("Ready");
            return !Group.leader(sandbox).equals(killed) && leads(Group.leadingOperator(sandbox));
        });
        assertThat(acknowledged())
                .as("the master kept its lease by its replicas")
                .isGreaterThan(before + 100);
        assertThat(group.status("master")).isEqualTo(master);
        assertThat(group.status("term")).isEqualTo(term);
        return Group.leadingOperator(sandbox);
    }

    private void takeOverFromPaused(String leader, String standby) throws IOException {
        ProcessHandle paused = Group.operator(sandbox, leader).orElseThrow();
        Group.signal(paused.pid(), "STOP");
        Outcome outcome;
        try {
            await().atMost(PATIENCE).until(() -> leads(standby));
            outcome = new Failover(group, writer).run("KILL");
            awaitInStep(outcome.to());
        } finally {
            Group.signal(paused.pid(), "CONT");
        }
        String term = group.status("term");
        await().atMost(PATIENCE).until(() -> !paused.isAlive());
        int before = acknowledged();
        await().atMost(PATIENCE).until(() -> acknowledged() > before + 100);
        assertThat(Group.leadingOperator(sandbox)).isEqualTo(standby);
        assertThat(group.status("term")).isEqualTo(term);
        awaitInStep(outcome.to());
        assertThat(outcome.replicatedMissing()).isZero();
    }

    private static String other(String pod) {
        return pod.equals(ONE) ? OTHER : ONE;
    }

    private boolean leads(String pod) throws IOException {
        return Group.leadingOperator(sandbox).equals(pod)
                && Files.readString(Group.operatorLog(sandbox, pod)).contains("leading as " + Group.leader(sandbox));
    }

    private int acknowledged() {
        return writer.ledger().snapshot().acknowledged().cardinality();
    }

    private void awaitServing(String pod) {
        await().atMost(PATIENCE).ignoreExceptions().until(() -> !metrics(pod).isEmpty());
    }

    private String metrics(String pod) throws IOException, InterruptedException {
        return page(pod, "/q/metrics");
    }

    private String page(String pod, String path) throws IOException, InterruptedException {
        var object = sandbox.api().get(sandbox.api().type("pods"), Group.OPERATOR_NAMESPACE, pod);
        URI uri = URI.create("http://" + Json.text(object, "status", "podIP") + ":8080" + path);
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                    .body();
        }
    }
}
