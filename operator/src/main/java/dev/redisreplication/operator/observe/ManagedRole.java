package dev.redisreplication.operator.observe;

/** The role a managed node says it has ({@code managed_role} in INFO, {@code role-before} in a fence reply). */
public enum ManagedRole {
    /** Booted and without orders: serves nothing, is no sync source. */
    NONE,
    MASTER,
    REPLICA,
    /** Detached by an operator's order, waiting for the next one. */
    FENCED
}
