package dev.redisreplication.operator.observe;

/**
 * That somebody else shall be master, though the present one is well.
 *
 * @param askedBy what wants it
 * @param target the pod that shall be, "" for the best
 * @param force even if that one lacks something then
 */
public record Goal(AskedBy askedBy, String target, boolean force) {

    /** What wants a switchover. */
    public enum AskedBy {
        /** The annotation on the resource: once. */
        Annotation,
        /** The master's pod is to go, as the group gets smaller. */
        ScaleDown,
        /** The spec names another one. */
        PreferredMaster
    }

    /** The order as it stands on the resource. */
    public String order() {
        return target.isEmpty() ? Wishes.ANY : target;
    }

    /** It is asked for once, by a person who wants to know what became of it. */
    public boolean isOrder() {
        return askedBy == AskedBy.Annotation;
    }
}
