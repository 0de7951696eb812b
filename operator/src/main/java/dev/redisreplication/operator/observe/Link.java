package dev.redisreplication.operator.observe;

/** State of the operator's own connection to a member. */
public enum Link {
    /** Connected, and the last question was answered or may still be. */
    OK,
    /** The address refused or reset the connection, and a new attempt was refused too. Suspicion, never proof. */
    REFUSED,
    /**
     * It answers, and lets this process in by none of the passwords that are known, or forbids it to ask: alive, with data
     * nobody can ask about.
     */
    DENIED,
    /** Attempts or questions end without any answer. */
    TIMEOUT,
    /** Nothing to connect to yet: no pod, or a pod without an address. */
    NONE
}
