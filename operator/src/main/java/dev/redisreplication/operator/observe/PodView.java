package dev.redisreplication.operator.observe;

/**
 * What the API server says of a member's pod.
 *
 * @param uid the pod's uid
 * @param endedBefore wall clock milliseconds of the pod's machine: every process of this pod that was alive before this
 *     moment has ended. It is the largest {@code finishedAt} of the terminated containers {@code node} (state and
 *     lastState); 0 while there is none. Container ids would not do: the pod's status lags, so the id it shows need not be
 *     that of the process that answers. Nor is the start of a container an end of the one before: it is noted after its
 *     process was started. Nor is the deletion of the pod: one deleted by force may still run.
 * @param ready the Ready condition
 * @param deleting a deletion timestamp is set
 * @param ip the pod's address, "" while it has none
 * @param role the role label as it is now
 * @param trouble what keeps the pod from getting ready, in the words of the scheduler, the kubelet or the node; "" if
 *     nothing is known to. For people only.
 * @param over its phase is Succeeded or Failed: by word of the kubelet all its processes have ended, and none will follow. Times are
 *     whole seconds, so the end of a process that lived shorter than that is proven by this alone.
 */
public record PodView(
        String uid,
        long endedBefore,
        boolean ready,
        boolean deleting,
        String ip,
        RoleLabel role,
        String trouble,
        boolean over) {

    /** One that is not over. */
    public PodView(
            String uid, long endedBefore, boolean ready, boolean deleting, String ip, RoleLabel role, String trouble) {
        this(uid, endedBefore, ready, deleting, ip, role, trouble, false);
    }

    /**
     * Whether a process that ran in the pod {@code uid} and was alive at {@code aliveAt} is known to have ended.
     *
     * @param aliveAt wall clock milliseconds of the pod's machine, {@link Long#MAX_VALUE} if unknown
     */
    public boolean provesEnd(String uid, long aliveAt) {
        return this.uid.equals(uid) && (over || aliveAt < endedBefore);
    }
}
