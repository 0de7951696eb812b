package dev.redisreplication.operator.observe;

/**
 * Who shall be master, as people say it on the resource.
 *
 * @param order the annotation that asks for one switchover: a pod, {@link #ANY}, or "" for none
 * @param force the order holds even for a member that lags
 * @param preferred {@code spec.preferredMaster}, "" for none
 */
public record Wishes(String order, boolean force, String preferred) {

    /** An order that names no pod: the best one. */
    public static final String ANY = "any";

    /** Nobody wants anything. */
    public static final Wishes NONE = new Wishes("", false, "");
}
