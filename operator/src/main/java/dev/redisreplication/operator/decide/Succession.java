package dev.redisreplication.operator.decide;

import dev.redisreplication.operator.decide.Decision.Candidate;
import dev.redisreplication.operator.observe.FenceView;
import dev.redisreplication.operator.observe.GroupView;
import dev.redisreplication.operator.observe.History;
import dev.redisreplication.operator.observe.Link;
import dev.redisreplication.operator.observe.MasterProcess;
import dev.redisreplication.operator.observe.MemberView;
import dev.redisreplication.operator.observe.TransitionView;
import java.util.ArrayList;
import java.util.List;

/**
 * Who takes over: of all that confirmed the fence, whose offsets are thereby still, the one that has most of the group's
 * history.
 */
sealed interface Succession {

    /**
     * The best one.
     *
     * @param force it cannot keep data, and nobody else has as much
     * @param history what status has to call the group's history before the best one begins another
     */
    record Chosen(FenceView best, boolean force, List<Candidate> candidates, History history) implements Succession {}

    /**
     * Too few have answered to choose.
     *
     * @param untilMs when the present ones will be enough, -1 if never without others
     */
    record TooFew(long untilMs, String message) implements Succession {}

    static Succession judge(GroupView view, TransitionView change) {
        Poll poll = new Poll(
                view,
                change,
                Lineage.newest(view.status().history(), change.fences().values()));
        view.members().forEach(poll::ask);
        return poll.conclude();
    }

    /** What the members said, gathered one by one. */
    final class Poll {
        private final GroupView view;
        private final TransitionView change;
        private final History group;
        private final List<Candidate> candidates = new ArrayList<>();
        /** Of the spec, and not heard. */
        private final List<String> missing = new ArrayList<>();
        /** Of these, who may answer any moment, and until when that is waited for. */
        private final List<String> late = new ArrayList<>();

        private long waitUntil = FenceView.NEVER;
        /** Have the group's data, but their pod or process will go away. */
        private final List<String> leaving = new ArrayList<>();

        /** Stay, but are not of the group's history. */
        private final List<FenceView> strangers = new ArrayList<>();

        private FenceView best;
        private FenceView planned;
        private boolean live;

        private Poll(GroupView view, TransitionView change, History group) {
            this.view = view;
            this.change = change;
            this.group = group;
        }

        private void ask(MemberView member) {
            FenceView fence = change.fences().get(member.name());
            boolean here = fence != null
                    && Sight.usable(view, member)
                    && member.facts().runId().equals(fence.runId());
            if (here) {
                compare(member, fence);
            } else if (Sight.inSpec(view, member)) {
                missing.add(member.name());
                if (mayAnswerSoon(member)) {
                    late.add(member.name());
                    waitUntil = Math.max(waitUntil, waitUntil(member));
                }
            }
        }

        /**
         * A lease from its last answer, and a lease from the new term at the latest: who has said nothing for a whole lease (as
         * a rule the master that is to be replaced) is not waited for once more. Who never answered has just come.
         */
        private long waitUntil(MemberView member) {
            long heard = member.facts() == null
                    ? change.termWrittenAt()
                    : Math.min(change.termWrittenAt(), Math.max(member.answeredAt(), view.steadySince()));
            return heard + view.spec().leaseMs();
        }

        private void compare(MemberView member, FenceView fence) {
            boolean belongs = Lineage.belongs(group, fence);
            boolean ends = isEnding(fence);
            boolean leaves = Sight.leaves(view, member) && !mayStay(member, fence);
            candidates.add(new Candidate(
                    member.name(),
                    fence.offset(),
                    fence.history().replid(),
                    note(view, member, fence, ends, leaves, belongs)));
            if (belongs && isPlanned(fence) && !leaves && keepsData(view, fence)) {
                planned = fence;
            }
            if (ends || leaves) {
                if (belongs) {
                    leaving.add(member.name());
                }
            } else if (belongs) {
                live |= fence.synced();
                best = better(view, best, fence);
            } else {
                strangers.add(fence);
            }
        }

        /** The role was to go to it. */
        private boolean isPlanned(FenceView fence) {
            return change.plan() != null && change.plan().target().equals(fence.member()) && fence.synced();
        }

        /** The old master of a switchover was well: its pod stays at least until another one has all that it has. */
        private boolean mayStay(MemberView member, FenceView fence) {
            MasterProcess old = change.old();
            return change.plan() != null
                    && old != null
                    && old.runId().equals(fence.runId())
                    && member.pod() != null
                    && !member.pod().deleting();
        }

        /** It has all that the old master had in the end, by that one's own word: nobody can have more. */
        private boolean hasAll(FenceView fence) {
            MasterProcess old = change.old();
            FenceView last = old == null ? null : change.fences().get(old.member());
            return last != null
                    && last.runId().equals(old.runId())
                    && last.history().replid().equals(fence.history().replid())
                    && fence.offset() >= last.offset();
        }

        /** The master before was about to end, and this is still its process. */
        private boolean isEnding(FenceView fence) {
            MasterProcess old = change.old();
            return old != null && old.ending() && old.runId().equals(fence.runId());
        }

        private Succession conclude() {
            if (planned != null && (change.plan().force() || hasAll(planned))) {
                return chosen(planned);
            }
            List<MemberView> denied = Sight.denied(view);
            if (!denied.isEmpty()) {
                // They run, and nobody knows what they have: the one that has most may be among them.
                return new TooFew(-1, "others may have newer data");
            }
            if (best == null) {
                return withoutHistory();
            }
            if (!missing.isEmpty() && !live) {
                return new TooFew(
                        -1,
                        "all members that answer were restarted and others may have newer data; missing: " + missing);
            }
            if (view.now() < waitUntil) {
                return new TooFew(waitUntil, "others may have newer data; missing: " + late);
            }
            return chosen(furthest(best));
        }

        private Chosen chosen(FenceView fence) {
            return new Chosen(fence, !keepsData(view, fence), List.copyOf(candidates), Lineage.toBeNamed(group, fence));
        }

        /**
         * Who stayed in the history before the group's has, with more of that same history, all that the best one has: that an
         * earlier failover had to do without it is no reason to do so again.
         */
        private FenceView furthest(FenceView chosen) {
            FenceView furthest = chosen;
            for (FenceView other : strangers) {
                boolean more = other.history().replid().equals(chosen.history().replid())
                        && other.offset() > furthest.offset();
                furthest = more ? other : furthest;
            }
            return furthest;
        }

        /** At the first start, or when the group's data are gone: only if all have spoken there is nothing better to come. */
        private Succession withoutHistory() {
            if (!missing.isEmpty()) {
                return new TooFew(-1, "no member that answers has data of the group's history; missing: " + missing);
            }
            if (!leaving.isEmpty()) {
                return new TooFew(-1, "only members that are to go have data of the group's history: " + leaving);
            }
            FenceView chosen = null;
            for (FenceView stranger : strangers) {
                chosen = chosen == null ? stranger : betterStranger(chosen, stranger);
            }
            return chosen == null ? new TooFew(-1, "all members are about to go") : chosen(chosen);
        }

        /** Data that were the group's once, even if diverged, then such as were synced in the group, before any other. */
        private FenceView betterStranger(FenceView one, FenceView other) {
            boolean oneRelated = Lineage.related(group, one);
            if (oneRelated != Lineage.related(group, other)) {
                return oneRelated ? one : other;
            }
            if (one.synced() != other.synced()) {
                return one.synced() ? one : other;
            }
            return better(view, one, other);
        }
    }

    private static boolean mayAnswerSoon(MemberView member) {
        return Sight.hasAddress(member) && member.link() != Link.REFUSED && !Sight.ended(member);
    }

    private static String note(
            GroupView view, MemberView member, FenceView fence, boolean ends, boolean leaves, boolean belongs) {
        if (leaves) {
            return Sight.inSpec(view, member) ? "is being deleted" : "beyond spec.replicas";
        }
        if (ends) {
            return "is about to end";
        }
        if (!member.facts().keepsData()) {
            return "cannot keep data: " + member.facts().storageError();
        }
        if (!belongs) {
            return "not of the group's history";
        }
        return fence.synced() ? "" : "restarted";
    }

    private static FenceView better(GroupView view, FenceView best, FenceView other) {
        if (best == null) {
            return other;
        }
        if (best.offset() != other.offset()) {
            return other.offset() > best.offset() ? other : best;
        }
        // Who has most but cannot keep more takes no writes, until another has copied what it has.
        if (keepsData(view, best) != keepsData(view, other)) {
            return keepsData(view, best) ? best : other;
        }
        // Equal: rather one that has served all along; then the lower ordinal, which comes first.
        return other.synced() && !best.synced() ? other : best;
    }

    private static boolean keepsData(GroupView view, FenceView fence) {
        return view.member(fence.member()).orElseThrow().facts().keepsData();
    }
}
