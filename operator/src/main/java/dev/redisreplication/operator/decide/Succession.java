package dev.redisreplication.operator.decide;

import dev.redisreplication.operator.decide.Decision.Candidate;
import dev.redisreplication.operator.observe.FenceView;
import dev.redisreplication.operator.observe.GroupView;
import dev.redisreplication.operator.observe.History;
import dev.redisreplication.operator.observe.Link;
import dev.redisreplication.operator.observe.MemberView;
import dev.redisreplication.operator.observe.TransitionView;
import java.util.ArrayList;
import java.util.List;

/**
 * Who takes over: of all that confirmed the fence, whose offsets are thereby still, the one that has most of the group's
 * history.
 */
sealed interface Succession {

    record Chosen(FenceView best, List<Candidate> candidates) implements Succession {}

    /**
     * Too few have answered to choose.
     *
     * @param untilMs when the present ones will be enough, -1 if never without others
     */
    record TooFew(long untilMs, String message) implements Succession {}

    static Succession judge(GroupView view, TransitionView change) {
        List<Candidate> candidates = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        List<String> late = new ArrayList<>();
        FenceView best = null;
        FenceView bestOfAll = null;
        boolean live = false;
        History group = Lineage.newest(view.status().history(), change.fences().values());
        for (MemberView member : view.members()) {
            FenceView fence = change.fences().get(member.name());
            boolean here = fence != null
                    && Sight.usable(view, member)
                    && member.facts().runId().equals(fence.runId());
            if (!here) {
                if (Sight.inSpec(view, member)) {
                    missing.add(member.name());
                    if (mayAnswerSoon(member)) {
                        late.add(member.name());
                    }
                }
                continue;
            }
            boolean belongs = Lineage.belongs(group, fence);
            String note = note(view, member, fence, belongs);
            candidates.add(
                    new Candidate(member.name(), fence.offset(), fence.history().replid(), note));
            if (leaves(view, member)) {
                continue;
            }
            bestOfAll = better(bestOfAll, fence);
            if (belongs) {
                live |= fence.synced();
                best = better(best, fence);
            }
        }

        if (missing.isEmpty()) {
            // All have spoken. Without anybody of the group's history (its data are gone, or it is the first start)
            // there is
            // nothing better to come.
            FenceView chosen = best != null ? best : bestOfAll;
            return chosen != null
                    ? new Chosen(chosen, List.copyOf(candidates))
                    : new TooFew(-1, "all members are about to be deleted");
        }
        if (best == null) {
            return new TooFew(-1, "no member that answers has data of the group's history; missing: " + missing);
        }
        if (!live) {
            return new TooFew(
                    -1, "all members that answer were restarted and others may have newer data; missing: " + missing);
        }
        long until = change.termWrittenAt() + view.spec().leaseMs();
        if (!late.isEmpty() && view.now() < until) {
            return new TooFew(until, "others may have newer data; missing: " + late);
        }
        return new Chosen(best, List.copyOf(candidates));
    }

    /** Its pod is going away, or was never wanted. */
    private static boolean leaves(GroupView view, MemberView member) {
        return !Sight.inSpec(view, member)
                || member.pod() == null
                || member.pod().deleting();
    }

    private static boolean mayAnswerSoon(MemberView member) {
        return Sight.hasAddress(member) && member.link() != Link.REFUSED && !Sight.ended(member);
    }

    private static String note(GroupView view, MemberView member, FenceView fence, boolean belongs) {
        if (!Sight.inSpec(view, member)) {
            return "beyond spec.replicas";
        }
        if (leaves(view, member)) {
            return "is being deleted";
        }
        if (!belongs) {
            return "not of the group's history";
        }
        return fence.synced() ? "" : "restarted";
    }

    private static FenceView better(FenceView best, FenceView other) {
        if (best == null) {
            return other;
        }
        if (best.offset() != other.offset()) {
            return other.offset() > best.offset() ? other : best;
        }
        // Equal: rather one that has served all along; then the lower ordinal, which comes first.
        return other.synced() && !best.synced() ? other : best;
    }
}
