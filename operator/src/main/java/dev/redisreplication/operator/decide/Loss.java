package dev.redisreplication.operator.decide;

import dev.redisreplication.operator.observe.FenceView;
import dev.redisreplication.operator.observe.MasterProcess;
import dev.redisreplication.operator.observe.TransitionView;

/**
 * What a promotion loses: bytes of the old master's history that the new one does not have.
 *
 * @param bytes exactly that many, -1 if unknown. Only the old master's own word for its end is exact: what it wrote after it was
 *     last asked nobody else knows
 * @param knownBytes as far as it was seen: at least so many, -1 if the old master was not seen or the histories do not compare
 */
public record Loss(long bytes, long knownBytes) {
    /** There was no master. */
    static final Loss NOTHING = new Loss(0, 0);

    private static final Loss UNKNOWN = new Loss(-1, -1);

    static Loss of(TransitionView change, FenceView chosen) {
        MasterProcess old = change.old();
        if (old == null) {
            return change.suspects() == TransitionView.Suspects.NOBODY ? NOTHING : UNKNOWN;
        }
        boolean sameHistory = chosen.history().replid().equals(old.history().replid())
                || chosen.history().replid2().equals(old.history().replid())
                || chosen.history().replid().equals(old.history().replid2());
        if (!sameHistory) {
            return UNKNOWN;
        }
        FenceView itself = change.fences().get(old.member());
        boolean confirmed = itself != null && itself.runId().equals(old.runId());
        if (confirmed) {
            long lost = Math.max(0, itself.offset() - chosen.offset());
            return new Loss(lost, lost);
        }
        boolean onDisk =
                itself != null && itself.history().replid().equals(old.history().replid());
        long seen = onDisk ? Math.max(itself.offset(), old.offset()) : old.offset();
        return new Loss(-1, Math.max(0, seen - chosen.offset()));
    }
}
