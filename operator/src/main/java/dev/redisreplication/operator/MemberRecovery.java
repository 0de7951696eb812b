package dev.redisreplication.operator;

import dev.redisreplication.operator.act.KubernetesCluster;
import dev.redisreplication.operator.observe.GroupView;
import dev.redisreplication.operator.resource.GroupModel;
import dev.redisreplication.operator.resource.StuckPods;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.Collection;
import org.jboss.logging.Logger;

/** Replaces pods that cannot start and were made before the spec was mended. One thread at a time. */
final class MemberRecovery {

    private static final Logger LOG = Logger.getLogger(MemberRecovery.class);

    private final String group;
    private final KubernetesCluster cluster;

    MemberRecovery(String group, KubernetesCluster cluster) {
        this.group = group;
        this.cluster = cluster;
    }

    /**
     * Does what can be done now.
     *
     * @param set the StatefulSet as it is; null while there is none
     */
    void recover(GroupModel model, GroupView view, StatefulSet set, Collection<Pod> pods) {
        if (!view.leader()) {
            return;
        }
        StuckPods.replaceable(model, set, pods, view.status().master(), view.masterServes())
                .ifPresent(pod -> {
                    if (cluster.delete(pod)) {
                        String message = pod.getMetadata().getName() + " could not start (" + StuckPods.reason(pod)
                                + ") and was made before the spec was changed: it is replaced";
                        LOG.infof("%s: %s", group, message);
                        cluster.announce(true, "PodReplaced", message);
                    }
                });
    }
}
