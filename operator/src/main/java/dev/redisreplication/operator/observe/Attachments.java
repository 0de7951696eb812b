package dev.redisreplication.operator.observe;

import java.util.HashMap;
import java.util.Map;

/**
 * The replicas seen attached in the present term, to know those whose pod went away without a reported end of the process: they
 * may still run and vote. Not thread-safe: its group's lock guards it.
 */
final class Attachments {

    private record Attached(String member, long startedAt) {}

    private final Map<String, Attached> byPod = new HashMap<>();
    private int ghosts;

    void attached(String podUid, String member, long startedAt) {
        byPod.put(podUid, new Attached(member, startedAt));
    }

    /** Compares with the pods that are there now. */
    void pods(Map<String, PodView> now) {
        byPod.entrySet().removeIf(entry -> {
            PodView pod = now.get(entry.getValue().member());
            if (pod != null && pod.uid().equals(entry.getKey())) {
                // Its process ended: no ghost when the pod goes. A process started since is noted when it attaches.
                return pod.provesEnd(entry.getKey(), entry.getValue().startedAt());
            }
            ghosts++;
            return true;
        });
    }

    void newTerm() {
        byPod.clear();
        ghosts = 0;
    }

    int ghosts() {
        return ghosts;
    }
}
