package dev.redisreplication.operator.observe;

/**
 * A confirmed LEASE FENCE.
 *
 * @param member pod name
 * @param receivedAt when the confirmation came (operator's monotonic ms)
 * @param heardAt when it last heard a byte of any master, at the latest: {@code receivedAt} minus the reply's
 *     {@code master-silent-ms}, or {@code receivedAt} if that is -1 or missing. No vote of it is younger.
 * @param roleBefore role it had when it was first fenced since it booted
 * @param synced since it booted it was a master or completed a sync with one: its data are not just what a disk had kept
 * @param runId process that confirmed; a fence counts only as long as the member is this process
 * @param history its history
 * @param offset end of it, now still
 */
public record FenceView(
        String member,
        long receivedAt,
        long heardAt,
        ManagedRole roleBefore,
        boolean synced,
        String runId,
        History history,
        long offset) {}
