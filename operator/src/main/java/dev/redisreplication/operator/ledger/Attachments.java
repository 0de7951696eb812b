package dev.redisreplication.operator.ledger;

import dev.redisreplication.operator.observe.ManagedRole;
import dev.redisreplication.operator.observe.NodeFacts;
import dev.redisreplication.operator.observe.PodView;
import java.util.HashMap;
import java.util.Map;

/**
 * Remembers pods, to count those that went away without a reported end of their process while they were replicas: such a process
 * may still run and vote for its master's lease. Of the group's loop.
 */
final class Attachments {

    /** @param startedAt of the process that answered last, -1 if none ever did */
    private record Known(String member, boolean fromBefore, boolean replica, long startedAt, boolean ended) {
        Known answered(boolean replicaNow, long startedAtNow) {
            return new Known(member, fromBefore, replicaNow, startedAtNow, ended && startedAt == startedAtNow);
        }

        Known ordered() {
            return new Known(member, true, true, startedAt, ended);
        }

        Known seen(String uid, PodView pod) {
            boolean ends = startedAt >= 0 ? pod.provesEnd(uid, startedAt) : pod.over();
            return new Known(member, fromBefore, replica, startedAt, ended || ends);
        }

        /** Of one that never answered nothing is known, unless it came up under this process' eyes and got no order yet. */
        boolean mayVote() {
            return !ended && (startedAt >= 0 ? replica : fromBefore);
        }
    }

    private final Map<String, Known> byPod = new HashMap<>();
    private boolean begun;
    private int ghosts;

    void answered(String podUid, NodeFacts facts) {
        byPod.computeIfPresent(
                podUid, (uid, known) -> known.answered(facts.role() == ManagedRole.REPLICA, facts.startedAt()));
    }

    /** An order to attach leaves for that pod: it may follow it even if it never says so. */
    void attaching(String podUid) {
        byPod.computeIfPresent(podUid, (uid, known) -> known.ordered());
    }

    /**
     * Compares with the pods that are there now.
     *
     * @param masterPod uid of the present master's pod, which is no voter; "" if unknown
     * @param master name of the member that status names master
     */
    void pods(Map<String, PodView> now, String masterPod, String master) {
        byPod.entrySet().removeIf(entry -> {
            Known known = entry.getValue();
            PodView pod = now.get(known.member());
            if (pod != null && pod.uid().equals(entry.getKey())) {
                entry.setValue(known.seen(entry.getKey(), pod));
                return false;
            }
            boolean isMaster = masterPod.isEmpty() ? known.member().equals(master) : masterPod.equals(entry.getKey());
            if (known.mayVote() && !isMaster) {
                ghosts++;
            }
            return true;
        });
        now.forEach((name, pod) -> byPod.putIfAbsent(pod.uid(), new Known(name, !begun, false, -1, false)));
        begun = true;
    }

    /** The master of a new term holds no vote of a term before it. */
    void newMaster() {
        ghosts = 0;
    }

    int ghosts() {
        return ghosts;
    }
}
