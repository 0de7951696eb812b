package dev.redisreplication.operator.resource;

import java.util.Map;

/** Labels and annotations that the operator sets. */
public final class Labels {

    /** Names the group on everything that belongs to it. */
    public static final String GROUP = "redis-replication.dev/group";
    /** On a pod: {@value #MASTER} or {@value #REPLICA}; absent while the pod is not fit to serve. The Services select by it. */
    public static final String ROLE = "redis-replication.dev/role";
    /** Value of {@link #ROLE}. */
    public static final String MASTER = "master";
    /** Value of {@link #ROLE}. */
    public static final String REPLICA = "replica";
    /** Marks everything that this operator made; informers select by it. */
    public static final String MANAGED_BY = "app.kubernetes.io/managed-by";
    /** Value of {@link #MANAGED_BY} and name of the field manager. */
    public static final String OPERATOR = "redis-replication-operator";
    /** Annotation: fingerprint of the desired object as it was last applied; tells a field that is no longer wanted. */
    public static final String APPLIED = "redis-replication.dev/applied";

    /** Annotation on the resource: the pod that shall become the master by a switchover, or {@code any}. Taken off when that is over. */
    public static final String SWITCHOVER = "redis-replication.dev/switchover";
    /** Annotation on the resource: {@code "true"} if the switchover is wanted even to a member that lags then. */
    public static final String SWITCHOVER_FORCE = "redis-replication.dev/switchover-force";

    private Labels() {}

    /** Labels of every object of a group. */
    public static Map<String, String> of(String group) {
        return Map.of(
                "app.kubernetes.io/name",
                "redis-node",
                "app.kubernetes.io/instance",
                group,
                MANAGED_BY,
                OPERATOR,
                GROUP,
                group);
    }

    /** Selector of a group's pods. */
    public static Map<String, String> selector(String group) {
        return Map.of(GROUP, group);
    }

    /** The same as text. */
    public static String selectorText(String group) {
        return GROUP + "=" + group;
    }

    /** Selector of a group's pods of one role. */
    public static Map<String, String> selector(String group, String role) {
        return Map.of(GROUP, group, ROLE, role);
    }
}
