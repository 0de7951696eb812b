package dev.redisreplication.operator.act;

import dev.redisreplication.api.v1alpha1.RedisReplicationGroup;
import dev.redisreplication.api.v1alpha1.RedisReplicationGroupStatus;
import dev.redisreplication.operator.observe.RoleLabel;
import dev.redisreplication.operator.resource.Labels;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** The objects of one group through the API server. Any thread. */
public final class KubernetesCluster implements Cluster {

    private static final Logger LOG = Logger.getLogger(KubernetesCluster.class);
    private static final int CONFLICT = 409;

    private final KubernetesClient client;
    private final Consumer<Pod> labelled;
    private volatile RedisReplicationGroup group;

    /**
     * @param group as first seen
     * @param labelled hears of each pod as the API server returned it after a label was set
     */
    public KubernetesCluster(KubernetesClient client, RedisReplicationGroup group, Consumer<Pod> labelled) {
        this.client = client;
        this.group = group;
        this.labelled = labelled;
    }

    /** Takes over the resource as it is shown, unless this process has seen a newer one. */
    public synchronized void seen(RedisReplicationGroup shown) {
        if (!stored(group).isNewerThan(stored(shown))) {
            group = shown;
        }
    }

    /** The resource as the loop needs it. */
    public static Stored stored(RedisReplicationGroup group) {
        return new Stored(
                group.getMetadata().getResourceVersion(),
                group.getStatus() == null ? RedisReplicationGroupStatus.empty() : group.getStatus());
    }

    /** The newest one seen or written. */
    public RedisReplicationGroup resource() {
        return group;
    }

    @Override
    public CompletableFuture<Written> write(Stored from, RedisReplicationGroupStatus next) {
        return start("status", () -> writeNow(from, next));
    }

    private Written writeNow(Stored from, RedisReplicationGroupStatus next) {
        RedisReplicationGroup update = new RedisReplicationGroup();
        update.setMetadata(new ObjectMetaBuilder()
                .withNamespace(group.getMetadata().getNamespace())
                .withName(group.getMetadata().getName())
                .withUid(group.getMetadata().getUid())
                .withResourceVersion(from.version())
                .build());
        update.setSpec(group.getSpec());
        update.setStatus(next);
        try {
            RedisReplicationGroup now =
                    client.resource(update).lockResourceVersion().updateStatus();
            seen(now);
            return new Written(true, stored(now));
        } catch (KubernetesClientException e) {
            if (e.getCode() != CONFLICT) {
                LOG.warnf("%s: the status could not be written: %s", name(), e.getMessage());
            }
            return new Written(false, reread());
        }
    }

    /** Null when it cannot be read, or is another one by now. */
    private Stored reread() {
        try {
            RedisReplicationGroup fresh = client.resources(RedisReplicationGroup.class)
                    .inNamespace(group.getMetadata().getNamespace())
                    .withName(group.getMetadata().getName())
                    .get();
            if (fresh != null
                    && fresh.getMetadata().getUid().equals(group.getMetadata().getUid())) {
                seen(fresh);
                return stored(fresh);
            }
        } catch (KubernetesClientException e) {
            LOG.warnf("%s: the resource could not be read: %s", name(), e.getMessage());
        }
        return null;
    }

    @Override
    public CompletableFuture<Boolean> label(String pod, String uid, RoleLabel role) {
        return start("route", () -> patchLabel(pod, uid, role));
    }

    @Override
    public CompletableFuture<Boolean> forgetOrder(String order) {
        return start("order", () -> patchOrder(order));
    }

    private boolean patchOrder(String order) {
        String at = "/metadata/annotations/" + Labels.SWITCHOVER.replace("/", "~1");
        Map<String, String> annotations = group.getMetadata().getAnnotations();
        String given = annotations == null ? null : annotations.get(Labels.SWITCHOVER);
        if (given == null || !given.strip().equals(order)) {
            return false;
        }
        boolean forced = annotations.containsKey(Labels.SWITCHOVER_FORCE);
        // The test makes the API server refuse the patch when somebody has asked for something else by now.
        String patch = "[{\"op\":\"test\",\"path\":\"" + at + "\",\"value\":" + Serialization.asJson(given)
                + "},{\"op\":\"remove\",\"path\":\"" + at + "\"}"
                + (forced ? ",{\"op\":\"remove\",\"path\":\"" + at + "-force\"}" : "") + "]";
        try {
            RedisReplicationGroup now = client.resources(RedisReplicationGroup.class)
                    .inNamespace(group.getMetadata().getNamespace())
                    .withName(group.getMetadata().getName())
                    .patch(PatchContext.of(PatchType.JSON), patch);
            if (now != null) {
                seen(now);
            }
            return now != null;
        } catch (KubernetesClientException e) {
            LOG.infof("%s: the order for a switchover could not be taken off: %s", name(), e.getMessage());
            return false;
        }
    }

    private static <T> CompletableFuture<T> start(String what, Supplier<T> work) {
        return CompletableFuture.supplyAsync(
                work, task -> Thread.ofVirtual().name(what).start(task));
    }

    private boolean patchLabel(String pod, String uid, RoleLabel role) {
        String value = role == RoleLabel.ABSENT ? "null" : "\"" + role.name().toLowerCase(Locale.ROOT) + "\"";
        // The uid makes the API server refuse the patch when another pod has taken the name.
        String patch = "{\"metadata\":{\"uid\":\"" + uid + "\",\"labels\":{\"" + Labels.ROLE + "\":" + value + "}}}";
        try {
            Pod now = client.pods()
                    .inNamespace(group.getMetadata().getNamespace())
                    .withName(pod)
                    .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
            if (now != null) {
                labelled.accept(now);
            }
            return now != null;
        } catch (KubernetesClientException e) {
            LOG.infof("%s: %s could not be labelled: %s", name(), pod, e.getMessage());
            return false;
        }
    }

    /**
     * Deletes a pod, unless it has changed since it was looked at.
     *
     * @return whether it will go
     */
    public boolean delete(Pod pod) {
        try {
            client.resource(pod)
                    .lockResourceVersion(pod.getMetadata().getResourceVersion())
                    .delete();
            return true;
        } catch (KubernetesClientException e) {
            LOG.infof(
                    "%s: %s could not be deleted: %s", name(), pod.getMetadata().getName(), e.getMessage());
            return false;
        }
    }

    @Override
    public void announce(boolean warning, String reason, String message) {
        ObjectMeta about = group.getMetadata();
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        var event = new EventBuilder()
                .withNewMetadata()
                .withNamespace(about.getNamespace())
                .withName(about.getName() + "." + UUID.randomUUID().toString().substring(0, 13))
                .endMetadata()
                .withType(warning ? "Warning" : "Normal")
                .withReason(reason)
                .withMessage(message.length() > 1000 ? message.substring(0, 1000) : message)
                .withFirstTimestamp(now)
                .withLastTimestamp(now)
                .withCount(1)
                .withNewSource()
                .withComponent(Labels.OPERATOR)
                .endSource()
                .withNewInvolvedObject()
                .withApiVersion(RedisReplicationGroup.GROUP + "/" + RedisReplicationGroup.VERSION)
                .withKind(RedisReplicationGroup.KIND)
                .withNamespace(about.getNamespace())
                .withName(about.getName())
                .withUid(about.getUid())
                .withResourceVersion(about.getResourceVersion())
                .endInvolvedObject()
                .build();
        Thread.ofVirtual().name("event").start(() -> {
            try {
                client.resource(event).create();
            } catch (KubernetesClientException e) {
                LOG.infof("%s: the event %s could not be written: %s", name(), reason, e.getMessage());
            }
        });
    }

    private String name() {
        return group.getMetadata().getNamespace() + "/" + group.getMetadata().getName();
    }
}
