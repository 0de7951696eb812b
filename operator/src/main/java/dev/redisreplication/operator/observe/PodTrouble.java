package dev.redisreplication.operator.observe;

import dev.redisreplication.operator.resource.GroupModel;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.util.Set;

/** Finds the words for what keeps a pod from getting ready, so that the resource itself says them. */
final class PodTrouble {
    private static final int LONGEST = 300; // characters: a condition is read in one line

    /** What every pod waits for when it begins. */
    private static final Set<String> ON_ITS_WAY = Set.of("ContainerCreating", "PodInitializing");

    private PodTrouble() {}

    /** The trouble, or "" when the pod is ready or on its way to be. */
    static String of(PodStatus status) {
        if (PodViews.ready(status.getConditions())) {
            return "";
        }
        for (ContainerStatus container : status.getContainerStatuses()) {
            if (GroupModel.CONTAINER.equals(container.getName())) {
                String trouble = of(container);
                if (!trouble.isEmpty()) {
                    return shortened(trouble);
                }
            }
        }
        return status.getConditions().stream()
                .filter(c -> "PodScheduled".equals(c.getType()) && "False".equals(c.getStatus()))
                .map(c -> shortened(reason(c.getReason(), c.getMessage())))
                .findFirst()
                .orElse("");
    }

    private static String of(ContainerStatus container) {
        ContainerState now = container.getState() == null ? new ContainerState() : container.getState();
        ContainerState last = container.getLastState() == null ? new ContainerState() : container.getLastState();
        ContainerStateTerminated end = now.getTerminated() == null ? last.getTerminated() : now.getTerminated();
        ContainerStateWaiting waiting = now.getWaiting();
        if (waiting != null && waiting.getReason() != null && !ON_ITS_WAY.contains(waiting.getReason())) {
            return reason(waiting.getReason(), end == null ? waiting.getMessage() : words(end));
        }
        return end == null ? "" : "ended: " + words(end);
    }

    /** The node's last line, which says why it could not go on, or what the kubelet knows of its end. */
    private static String words(ContainerStateTerminated end) {
        String line = end.getMessage() == null
                ? ""
                : end.getMessage().lines().filter(l -> !l.isBlank()).reduce("", (one, next) -> next);
        String code = "exit code " + end.getExitCode();
        if (!line.isEmpty() && !Integer.valueOf(137).equals(end.getExitCode())) {
            return line.strip();
        }
        return end.getReason() == null ? code : end.getReason() + ", " + code;
    }

    private static String reason(String reason, String message) {
        return message == null || message.isBlank() ? String.valueOf(reason) : reason + ": " + message.strip();
    }

    private static String shortened(String text) {
        String line = text.replaceAll("\\s+", " ");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
    }
}
