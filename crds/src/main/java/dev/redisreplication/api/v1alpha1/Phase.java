package dev.redisreplication.api.v1alpha1;

/** The state of a group in one word. */
public enum Phase {
    /** Not yet given a master: pods start, or the first start waits for all members. */
    Pending,
    /** A master serves, and all replicas follow it. */
    Ready,
    /** A master serves, but a replica is missing, does not follow, or still loads. */
    Degraded,
    /** Another master is being put in place. */
    FailingOver,
    /** Something is wrong that the operator must not mend by guessing; the conditions say what it waits for. */
    Waiting
}
