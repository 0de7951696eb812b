package dev.redisreplication.operator.observe;

/**
 * One member as this process sees it. There is one for each ordinal below {@code spec.replicas}, pod or not, and one for
 * each pod of the group beyond it.
 *
 * @param name pod name
 * @param ordinal its number in the StatefulSet
 * @param pod null while the API server has no such pod
 * @param link the operator's own connection
 * @param facts the last answer of the process now at the pod's address; null if it never answered. Facts of an earlier
 *     pod (other uid) or an earlier connection target are never kept.
 * @param askedAt when the question behind {@code facts} was sent (operator's monotonic ms); the facts were true at some
 *     moment from then on until {@code answeredAt}
 * @param answeredAt when its answer came
 * @param denial in the node's words, why it did not let the operator in, or what it forbids it; "" if neither
 */
public record MemberView(
        String name,
        int ordinal,
        PodView pod,
        Link link,
        NodeFacts facts,
        long askedAt,
        long answeredAt,
        String denial) {

    /** One that denies nothing. */
    public MemberView(
            String name, int ordinal, PodView pod, Link link, NodeFacts facts, long askedAt, long answeredAt) {
        this(name, ordinal, pod, link, facts, askedAt, answeredAt, "");
    }

    /** Whether it was not asked for a password that it does not know: the rules of the user forbid what the operator does. */
    public boolean forbids() {
        return denial.startsWith(NodeLink.FORBIDDEN);
    }

    /** Its name, and what it denies. */
    public String nameWithDenial() {
        return denial.isEmpty() ? name : name + " (" + denial + ")";
    }
}
