package dev.redisreplication.operator.decide;

import dev.redisreplication.operator.observe.FenceView;
import dev.redisreplication.operator.observe.History;
import java.util.Collection;

/** How the data of a member relate to the history of the group. Offsets compare only within one history. */
final class Lineage {
    private Lineage() {}

    /**
     * The group's newest history: that of the last master that status named. No master gets a lease, so none writes, before
     * status names it; only if status was restored from a copy, a member may have gone on beyond it.
     */
    static History newest(History named, Collection<FenceView> fences) {
        History group = named;
        for (int links = 0; links < fences.size(); links++) {
            FenceView next = null;
            for (FenceView fence : fences) {
                boolean continues = continues(group, fence.history())
                        && fence.offset() >= fence.history().secondOffset();
                boolean better = next == null
                        || fence.offset() > next.offset()
                        || (fence.offset() == next.offset() && fence.member().compareTo(next.member()) < 0);
                if (continues && better) {
                    next = fence;
                }
            }
            if (next == null) {
                break;
            }
            group = next.history();
        }
        return group;
    }

    /**
     * What status has to call the group's history before this member is promoted. Its next history will know only its present
     * one as the one before; if no status ever named that (a promotion that got lost), nobody could tell later that they belong
     * together.
     */
    static History toBeNamed(History group, FenceView best) {
        boolean nameless =
                belongs(group, best) && !belongs(group, best.history().replid(), best.offset());
        return nameless ? best.history() : group;
    }

    /** Whether these data are a beginning of that history (or all of it), so that its offset says how much is there. */
    static boolean belongs(History group, FenceView fence) {
        History own = fence.history();
        // Who has not moved since its history got a new id stands in the one before just as well.
        boolean inBoth = fence.offset() < own.secondOffset();
        return belongs(group, own.replid(), fence.offset())
                || (inBoth && belongs(group, own.replid2(), fence.offset()));
    }

    /** Whether these data were the group's once: diverged perhaps, but better than a stranger's. */
    static boolean related(History group, FenceView fence) {
        History own = fence.history();
        return shares(own.replid(), group) || shares(own.replid2(), group);
    }

    private static boolean shares(String replid, History group) {
        return known(replid) && (replid.equals(group.replid()) || replid.equals(group.replid2()));
    }

    private static boolean belongs(History group, String replid, long offset) {
        return known(replid)
                && (replid.equals(group.replid()) || (replid.equals(group.replid2()) && offset < group.secondOffset()));
    }

    private static boolean continues(History before, History after) {
        return known(before.replid()) && after.replid2().equals(before.replid());
    }

    private static boolean known(String replid) {
        for (int i = 0; i < replid.length(); i++) {
            if (replid.charAt(i) != '0') {
                return true;
            }
        }
        return false;
    }
}
