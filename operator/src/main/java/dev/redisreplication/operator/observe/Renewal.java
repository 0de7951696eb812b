package dev.redisreplication.operator.observe;

/** One LEASE RENEW that is due. */
public interface Renewal {
    /** The term of the lease. */
    long term();

    /** Whose lease it is. */
    String member();

    /** The process meant: it goes out only on the connection on which this run id answered. */
    String runId();

    /** What status allows; noted (answer received + ttl) before it leaves. */
    LeaseGrant grant();

    /** The node's clock from its last answer, echoed. */
    long clock();
}
