package dev.redisreplication.operator.observe;

/**
 * What one answer to INFO said. Times are those of the node's own clock.
 *
 * @param role managed role
 * @param term newest term the node accepted (persisted there)
 * @param history the replication history it holds
 * @param offset end of that history ({@code master_repl_offset}; for a replica what it applied)
 * @param runId identity of the process
 * @param startedAt wall clock ms at which the process was already alive ({@code managed_started_ms}), {@link
 *     Long#MAX_VALUE} if it did not say
 * @param masterHost where a replica is told to attach, "" otherwise
 * @param linkUp a replica's {@code master_link_status:up}
 * @param masterSilentMs {@code managed_master_silent_ms}: since the last byte from its master, -1 without a link
 * @param syncInProgress a full sync runs
 * @param loading the data set is being loaded from disk: history and offset are not yet true
 * @param connectedReplicas how many replicas hang on this node
 * @param leaseMs remaining lease of a master, 0 for none
 * @param handingOver {@code handing_over}: a master that was told to end, or to yield. It holds writes back, its offset stands
 *     still, and it stays master until a newer term takes the role away or its time is up
 * @param storageError {@code storage_error}: why it cannot keep data, "" while it can
 * @param clock {@code managed_clock}, the node's monotonic milliseconds, to be echoed in LEASE RENEW
 * @param yieldsForMs {@code yields_for_ms}: for how long it still does so because it was told to yield; 0 if it was not, or is to end
 */
public record NodeFacts(
        ManagedRole role,
        long term,
        History history,
        long offset,
        String runId,
        long startedAt,
        String masterHost,
        boolean linkUp,
        long masterSilentMs,
        boolean syncInProgress,
        boolean loading,
        int connectedReplicas,
        long leaseMs,
        boolean handingOver,
        String storageError,
        long clock,
        long yieldsForMs) {

    /** A master that holds writes back, as it was told to yield, and goes on if nobody takes its role. */
    public boolean yields() {
        return handingOver && yieldsForMs > 0;
    }

    /** A master that was told to end, and waits for a successor. */
    public boolean ends() {
        return handingOver && !yields();
    }

    /** The same without what changes all the time: offset, silence, remaining times, clock. */
    public NodeFacts standing() {
        return new NodeFacts(
                role,
                term,
                history,
                0,
                runId,
                startedAt,
                masterHost,
                linkUp,
                0,
                syncInProgress,
                loading,
                connectedReplicas,
                leaseMs > 0 ? 1 : 0,
                handingOver,
                storageError,
                0,
                yieldsForMs > 0 ? 1 : 0);
    }

    /** Whether it can keep what it is given. */
    public boolean keepsData() {
        return storageError.isEmpty();
    }
}
