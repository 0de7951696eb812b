package dev.redisreplication.operator.act;

import dev.redisreplication.operator.decide.Decision;
import dev.redisreplication.operator.observe.GroupView;
import dev.redisreplication.operator.observe.PodView;
import dev.redisreplication.operator.observe.RoleLabel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;

/**
 * Sets role labels, all at the same time and beside everything else: no order to a node waits for the API server. One set of
 * labels is under way at a time.
 */
final class Routing {

    private static final Logger LOG = Logger.getLogger(Routing.class);

    private final String group;
    private final Cluster cluster;
    private final Runnable changed;
    private CompletableFuture<Void> pending = CompletableFuture.completedFuture(null);

    /** @param changed called when a set of labels is done, well or not */
    Routing(String group, Cluster cluster, Runnable changed) {
        this.group = group;
        this.cluster = cluster;
        this.changed = changed;
    }

    /** Whether labels are being set. */
    boolean isPending() {
        return !pending.isDone();
    }

    /**
     * Begins to set labels, unless some are still being set; then it is decided anew when they are.
     *
     * @param led called when the master's label is among them and was set
     */
    void begin(GroupView view, Decision.Route route, Runnable led) {
        if (isPending()) {
            return;
        }
        List<CompletableFuture<?>> patches = new ArrayList<>();
        route.labels().forEach((member, role) -> {
            PodView pod = view.member(member).map(found -> found.pod()).orElse(null);
            if (pod != null && pod.role() != role) {
                patches.add(start(() -> set(member, pod, role, led)));
            }
        });
        pending = CompletableFuture.allOf(patches.toArray(CompletableFuture[]::new))
                .exceptionally(failure -> {
                    LOG.warnf(failure, "%s: labels could not be set", group);
                    return null;
                });
        var _ = pending.thenRun(changed);
    }

    private static CompletableFuture<Void> start(Runnable work) {
        return CompletableFuture.runAsync(
                work, task -> Thread.ofVirtual().name("route").start(task));
    }

    private void set(String member, PodView pod, RoleLabel role, Runnable led) {
        boolean set = cluster.label(member, pod.uid(), role);
        if (set && role == RoleLabel.MASTER) {
            led.run();
        }
        LOG.infof("%s: %s %s", group, member, set ? where(role) : "could not be labelled yet");
    }

    private static String where(RoleLabel label) {
        return switch (label) {
            case MASTER -> "is in the read-write Service";
            case REPLICA -> "is in the read-only Service";
            case ABSENT -> "is in no Service";
        };
    }
}
