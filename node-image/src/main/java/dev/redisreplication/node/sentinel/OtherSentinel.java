package dev.redisreplication.node.sentinel;

/** Another Sentinel that watches the same master. */
final class OtherSentinel extends Instance {
    long lastHelloAt;
    /** When it last said whether it holds the master for down. */
    long lastVerdictAt;
    /** Whom it voted for, or "". */
    String vote = "";

    long voteEpoch;

    OtherSentinel(String runId, Address address, long downAfter, long now) {
        super(Kind.SENTINEL, runId, address, downAfter, now);
        this.runId = runId;
        lastHelloAt = now;
        lastVerdictAt = now;
    }
}
