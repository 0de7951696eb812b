package dev.redisreplication.operator.observe;

/**
 * A confirmed LEASE FENCE.
 *
 * @param member pod name
 * @param receivedAt when the confirmation came (operator's monotonic ms)
 * @param roleBefore role it had when it was first fenced since it booted
 * @param runId process that confirmed; a fence counts only as long as the member is this process
 * @param replid its history
 * @param offset end of it, now still
 * @param replid2 the history it continues
 * @param secondOffset first offset that is no longer of {@code replid2}
 */
public record FenceView(
        String member,
        long receivedAt,
        ManagedRole roleBefore,
        String runId,
        String replid,
        long offset,
        String replid2,
        long secondOffset) {}
