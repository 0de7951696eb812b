package dev.redisreplication.operator;

import dev.redisreplication.operator.act.KubernetesCluster;
import dev.redisreplication.operator.observe.GroupView;
import dev.redisreplication.operator.observe.GroupWatch;
import dev.redisreplication.operator.observe.Link;
import dev.redisreplication.operator.observe.ManagedRole;
import dev.redisreplication.operator.observe.MemberProbe;
import dev.redisreplication.operator.observe.MemberView;
import dev.redisreplication.operator.observe.NodeLink;
import dev.redisreplication.operator.resource.GroupModel;
import dev.redisreplication.operator.resource.StuckPods;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/** Gets members of one group going again that cannot do so by themselves, where no data can be lost by it. One thread at a time. */
final class MemberRecovery {

    private static final Logger LOG = Logger.getLogger(MemberRecovery.class);

    private final String group;
    private final GroupWatch watch;
    private final KubernetesCluster cluster;
    /** Processes that were told to put their data aside: once each, unless the order was lost. */
    private final Set<String> setAside = ConcurrentHashMap.newKeySet();

    MemberRecovery(String group, GroupWatch watch, KubernetesCluster cluster) {
        this.group = group;
        this.watch = watch;
        this.cluster = cluster;
    }

    /**
     * Does what can be done now.
     *
     * @param set the StatefulSet as it is; null while there is none
     */
    void recover(GroupModel model, StatefulSet set, Collection<Pod> pods) {
        GroupView view = watch.view();
        if (!view.leader()) {
            return;
        }
        boolean served = masterServes(view);
        StuckPods.replaceable(model, set, pods, view.status().master(), served).ifPresent(pod -> {
            if (cluster.delete(pod)) {
                String message = pod.getMetadata().getName() + " could not start (" + StuckPods.reason(pod)
                        + ") and was made before the spec was changed: it is replaced";
                LOG.infof("%s: %s", group, message);
                cluster.announce(true, "PodReplaced", message);
            }
        });
        if (served && model.spec().recovery().replaceUnloadableData()) {
            watch.unloadable().forEach(this::setAside);
        }
    }

    /** The others have its data: what cannot be loaded is put aside, and the node begins anew as a replica. */
    private void setAside(String member, String why) {
        MemberProbe probe = watch.probe(member).orElse(null);
        if (probe == null || member.equals(cluster.status().master())) {
            return;
        }
        String process = probe.seen().facts().runId();
        if (setAside.add(process)) {
            LOG.infof("%s: the data of %s are put aside: %s", group, member, why);
            var _ = probe.order(process, "LEASE", "SETASIDE").whenComplete((reply, failure) -> {
                if (failure != null) {
                    LOG.infof("%s: %s did not get the order: %s", group, member, failure.getMessage());
                    setAside.remove(process);
                    return;
                }
                boolean done = !(reply instanceof NodeLink.Refusal);
                cluster.announce(
                        true,
                        done ? "UnloadableDataSetAside" : "UnloadableData",
                        member + " could not load its data: " + why
                                + (done
                                        ? "; they were put aside as " + reply + ", and it copies the master's"
                                        : "; they could not be put aside: " + reply));
            });
        }
    }

    private static boolean masterServes(GroupView view) {
        return view.member(view.status().master())
                .filter(member -> member.link() == Link.OK && member.facts() != null)
                .map(MemberView::facts)
                .filter(facts -> facts.role() == ManagedRole.MASTER
                        && facts.term() == view.status().term()
                        && facts.leaseMs() > 0)
                .isPresent();
    }
}
