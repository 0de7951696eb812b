package dev.redisreplication.operator.observe;

/**
 * A confirmed LEASE FENCE.
 *
 * @param member pod name
 * @param receivedAt when the confirmation came (operator's monotonic ms)
 * @param votedAt no vote that this process ever gave to any master echoes a clock that was read later; {@link #NEVER} if it
 *     gave none. It is {@code receivedAt} minus the reply's {@code vote-age-ms}; if that is missing, minus {@code
 *     master-silent-ms}; if that is missing or -1, {@code receivedAt}.
 * @param roleBefore role it had when it was first fenced since it booted
 * @param synced since it booted it was a master or completed a sync with one: its data are not just what a disk had kept
 * @param runId process that confirmed; a fence counts only as long as the member is this process
 * @param history its history
 * @param offset end of it, now still
 */
public record FenceView(
        String member,
        long receivedAt,
        long votedAt,
        ManagedRole roleBefore,
        boolean synced,
        String runId,
        History history,
        long offset) {

    /** Before all times, and far enough from the end of the numbers to be added to. */
    public static final long NEVER = Long.MIN_VALUE / 2;
}
