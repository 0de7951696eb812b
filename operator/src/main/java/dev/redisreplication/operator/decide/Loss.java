package dev.redisreplication.operator.decide;

import dev.redisreplication.operator.observe.FenceView;
import dev.redisreplication.operator.observe.MasterProcess;
import dev.redisreplication.operator.observe.TransitionView;

/** What a promotion may lose. */
final class Loss {
    private Loss() {}

    /**
     * Bytes of the old master's history, as far as it was known, that the chosen one does not have; -1 if not known.
     * Exact if the old master itself confirmed the fence; otherwise what it had when it last answered.
     */
    static long bytes(TransitionView change, FenceView chosen) {
        MasterProcess old = change.old();
        if (old == null) {
            return change.suspects() == TransitionView.Suspects.NOBODY ? 0 : -1;
        }
        FenceView itself = change.fences().get(old.member());
        boolean stillThere =
                itself != null && itself.history().replid().equals(old.history().replid());
        long end = stillThere ? Math.max(itself.offset(), old.offset()) : old.offset();
        boolean sameHistory = chosen.history().replid().equals(old.history().replid())
                || chosen.history().replid2().equals(old.history().replid())
                || chosen.history().replid().equals(old.history().replid2());
        return sameHistory ? Math.max(0, end - chosen.offset()) : -1;
    }
}
