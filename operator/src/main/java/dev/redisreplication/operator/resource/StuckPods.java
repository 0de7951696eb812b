package dev.redisreplication.operator.resource;

import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatus;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds pods that cannot start and were made from a template that has been mended since. A StatefulSet with the strategy OnDelete
 * leaves them as they are for ever.
 */
public final class StuckPods {

    private static final String REVISION = "controller-revision-hash";
    /** The kubelet has tried and will not get on with this very pod. */
    private static final Set<String> STUCK = Set.of(
            "CrashLoopBackOff",
            "ImagePullBackOff",
            "ErrImagePull",
            "InvalidImageName",
            "CreateContainerConfigError",
            "CreateContainerError",
            "RunContainerError");

    private StuckPods() {}

    /**
     * One that may be deleted now; at most one at a time.
     *
     * @param set the StatefulSet as it is; null while there is none
     * @param pods of the group
     * @param master the member that the status names, "" if it names none
     * @param masterServes whether that one answers as master and holds its lease, so that the others' data are copies
     */
    public static Optional<Pod> replaceable(
            GroupModel model, StatefulSet set, Collection<Pod> pods, String master, boolean masterServes) {
        String wanted = revision(set);
        boolean oneIsGoing = pods.stream().anyMatch(pod -> pod.getMetadata().getDeletionTimestamp() != null);
        if (wanted.isEmpty() || oneIsGoing) {
            return Optional.empty();
        }
        // The only member is the master as long as the status names anybody.
        boolean alone = model.replicas() == 1;
        return pods.stream()
                .filter(pod -> !wanted.equals(pod.getMetadata().getLabels().get(REVISION)))
                .filter(pod -> !reason(pod).isEmpty())
                .filter(pod -> alone || !pod.getMetadata().getName().equals(master))
                .filter(pod -> masterServes || !keepsTheOnlyCopy(model, pod))
                .findFirst();
    }

    /** The revision that a new pod would be of; "" while that is not certain. */
    private static String revision(StatefulSet set) {
        StatefulSetStatus status = set == null ? null : set.getStatus();
        boolean current = status != null
                && set.getMetadata().getGeneration() != null
                && set.getMetadata().getGeneration().equals(status.getObservedGeneration());
        return current && status.getUpdateRevision() != null ? status.getUpdateRevision() : "";
    }

    /** Files in the pod's own directory go with the pod. */
    private static boolean keepsTheOnlyCopy(GroupModel model, Pod pod) {
        boolean ran = statuses(pod).stream().anyMatch(status -> status.getContainerID() != null);
        return ran && model.appendOnly() && !model.hasClaim();
    }

    /** Why it cannot start, in one word; "" if it can or may. */
    public static String reason(Pod pod) {
        for (ContainerStatus status : statuses(pod)) {
            ContainerStateWaiting waiting =
                    status.getState() == null ? null : status.getState().getWaiting();
            if (waiting != null && waiting.getReason() != null && STUCK.contains(waiting.getReason())) {
                return waiting.getReason();
            }
        }
        PodStatus status = pod.getStatus() == null ? new PodStatus() : pod.getStatus();
        boolean unschedulable = status.getConditions().stream()
                .anyMatch(c -> "PodScheduled".equals(c.getType())
                        && "False".equals(c.getStatus())
                        && "Unschedulable".equals(c.getReason()));
        return unschedulable ? "Unschedulable" : "";
    }

    private static List<ContainerStatus> statuses(Pod pod) {
        return pod.getStatus() == null ? List.of() : pod.getStatus().getContainerStatuses();
    }
}
