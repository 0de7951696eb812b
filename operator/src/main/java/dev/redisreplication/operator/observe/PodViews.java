package dev.redisreplication.operator.observe;

import dev.redisreplication.operator.resource.GroupModel;
import dev.redisreplication.operator.resource.Labels;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;

/** Reads from a pod what decisions need. */
public final class PodViews {

    private PodViews() {}

    /** The pod as the API server shows it. */
    public static PodView of(Pod pod) {
        PodStatus status = pod.getStatus() == null ? new PodStatus() : pod.getStatus();
        return new PodView(
                pod.getMetadata().getUid(),
                endedBefore(status.getContainerStatuses()),
                ready(status.getConditions()),
                pod.getMetadata().getDeletionTimestamp() != null,
                status.getPodIP() == null ? "" : status.getPodIP(),
                role(pod.getMetadata().getLabels()),
                PodTrouble.of(status),
                "Succeeded".equals(status.getPhase()) || "Failed".equals(status.getPhase()));
    }

    private static long endedBefore(List<ContainerStatus> statuses) {
        long ended = 0;
        for (ContainerStatus status : statuses) {
            if (GroupModel.CONTAINER.equals(status.getName())) {
                ended = Math.max(ended, finished(status.getState()));
                ended = Math.max(ended, finished(status.getLastState()));
            }
        }
        return ended;
    }

    /** Only an end is a proof: the start of the next container is noted after its process was started, late on a busy machine. */
    private static long finished(ContainerState state) {
        return state == null || state.getTerminated() == null
                ? 0
                : millis(state.getTerminated().getFinishedAt());
    }

    private static long millis(String time) {
        try {
            return time == null ? 0 : OffsetDateTime.parse(time).toInstant().toEpochMilli();
        } catch (DateTimeException e) {
            // A time that cannot be read proves nothing.
            return 0;
        }
    }

    static boolean ready(List<PodCondition> conditions) {
        return conditions.stream().anyMatch(c -> "Ready".equals(c.getType()) && "True".equals(c.getStatus()));
    }

    private static RoleLabel role(Map<String, String> labels) {
        String role = labels == null ? null : labels.get(Labels.ROLE);
        if (Labels.MASTER.equals(role)) {
            return RoleLabel.MASTER;
        }
        return Labels.REPLICA.equals(role) ? RoleLabel.REPLICA : RoleLabel.ABSENT;
    }
}
