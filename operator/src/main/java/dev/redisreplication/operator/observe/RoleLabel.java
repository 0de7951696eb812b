package dev.redisreplication.operator.observe;

/** Value of a pod's role label; {@link #ABSENT} keeps the pod out of the read-write and the read-only Service. */
public enum RoleLabel {
    MASTER,
    REPLICA,
    ABSENT
}
