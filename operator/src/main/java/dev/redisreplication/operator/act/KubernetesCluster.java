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
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** The objects of one group through the API server. One thread at a time, {@link #announce} excepted. */
public final class KubernetesCluster implements Cluster {

    private static final Logger LOG = Logger.getLogger(KubernetesCluster.class);
    private static final int CONFLICT = 409;

    private final KubernetesClient client;
    private final Consumer<Pod> labelled;
    private final InFlight inFlight;
    // Read by event threads only for names, which never change.
    private volatile RedisReplicationGroup group;

    /**
     * @param group as first seen
     * @param labelled hears of each pod as the API server returned it after a label was set
     * @param inFlight passed by whatever is written here from a thread of its own
     */
    public KubernetesCluster(
            KubernetesClient client, RedisReplicationGroup group, Consumer<Pod> labelled, InFlight inFlight) {
        this.client = client;
        this.group = group;
        this.labelled = labelled;
        this.inFlight = inFlight;
    }

    /** Takes over the resource as the informer shows it, unless this process has seen a newer one. */
    public void seen(RedisReplicationGroup fromCache) {
        if (version(fromCache) >= version(group)) {
            group = fromCache;
        }
    }

    /** The newest one seen or written. */
    public RedisReplicationGroup resource() {
        return group;
    }

    private static long version(RedisReplicationGroup group) {
        try {
            return Long.parseLong(group.getMetadata().getResourceVersion());
        } catch (NumberFormatException e) {
            // Kubernetes promises numbers since 1.35 and always gave them; without, the newest read wins.
            return Long.MAX_VALUE;
        }
    }

    @Override
    public RedisReplicationGroupStatus status() {
        return group.getStatus() == null ? RedisReplicationGroupStatus.empty() : group.getStatus();
    }

    @Override
    public boolean write(RedisReplicationGroupStatus next) {
        RedisReplicationGroup update = new RedisReplicationGroup();
        update.setMetadata(new ObjectMetaBuilder()
                .withNamespace(group.getMetadata().getNamespace())
                .withName(group.getMetadata().getName())
                .withUid(group.getMetadata().getUid())
                .withResourceVersion(group.getMetadata().getResourceVersion())
                .build());
        update.setSpec(group.getSpec());
        update.setStatus(next);
        try {
            group = client.resource(update).lockResourceVersion().updateStatus();
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() != CONFLICT) {
                LOG.warnf("%s: the status could not be written: %s", name(), e.getMessage());
            }
            reread();
            return false;
        }
    }

    private void reread() {
        try {
            RedisReplicationGroup fresh = client.resources(RedisReplicationGroup.class)
                    .inNamespace(group.getMetadata().getNamespace())
                    .withName(group.getMetadata().getName())
                    .get();
            if (fresh != null
                    && fresh.getMetadata().getUid().equals(group.getMetadata().getUid())) {
                group = fresh;
            }
        } catch (KubernetesClientException e) {
            LOG.warnf("%s: the resource could not be read: %s", name(), e.getMessage());
        }
    }

    @Override
    public boolean label(String pod, String uid, RoleLabel role) {
        if (!inFlight.enter()) {
            return false;
        }
        try {
            return patchLabel(pod, uid, role);
        } finally {
            inFlight.leave();
        }
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
