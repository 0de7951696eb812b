package dev.redisreplication.operator.decide;

import dev.redisreplication.operator.decide.Decision.ClearedBy;
import dev.redisreplication.operator.observe.FenceView;
import dev.redisreplication.operator.observe.GroupView;
import dev.redisreplication.operator.observe.LeaseGrant;
import dev.redisreplication.operator.observe.ManagedRole;
import dev.redisreplication.operator.observe.MasterProcess;
import dev.redisreplication.operator.observe.MemberView;
import dev.redisreplication.operator.observe.TransitionView;
import dev.redisreplication.operator.observe.TransitionView.Suspects;

/**
 * Can the master before still acknowledge a write? Not if it confirmed the fence, nor if its process has ended, nor if
 * its lease has run out and cannot be renewed any more.
 */
sealed interface Clearance {

    record Cleared(ClearedBy by) implements Clearance {}

    /**
     * Not yet.
     *
     * @param untilMs when its lease will have run out, -1 if first something else has to happen
     */
    record NotYet(long untilMs, String message) implements Clearance {}

    /** Allowance for clocks that do not run at the same speed, and for their rounding to milliseconds. */
    static long slack(long ttlMs) {
        return 2 + ttlMs / 200;
    }

    static Clearance judge(GroupView view, TransitionView change) {
        return switch (change.suspects()) {
            case NOBODY -> new Cleared(ClearedBy.NoMaster);
            case MASTER -> ofMaster(view, change);
            case ANYBODY -> ofAnybody(view, change);
        };
    }

    private static Clearance ofMaster(GroupView view, TransitionView change) {
        MasterProcess old = change.old();
        FenceView fence = change.fences().get(change.from());
        // Without having seen the old master's process, only a node that was master itself can have been it.
        boolean steppedDown = fence != null
                && (old != null ? fence.runId().equals(old.runId()) : fence.roleBefore() == ManagedRole.MASTER);
        if (steppedDown) {
            return new Cleared(ClearedBy.SteppedDown);
        }
        MasterProcess latest =
                view.master() != null && old != null && view.master().runId().equals(old.runId()) ? view.master() : old;
        if (latest != null && Sight.ended(view, latest)) {
            return new Cleared(ClearedBy.ProcessEnded);
        }
        return byLease(view, change, voters(view, change, change.from()));
    }

    private static Clearance ofAnybody(GroupView view, TransitionView change) {
        // Even if all confirm: a pod that was replaced may have left a master behind, so its lease is always waited
        // for.
        int free = voters(view, change, "");
        if (view.ghosts() > 0 || hasHiddenMaster(view, change)) {
            return byLease(view, change, free);
        }
        // One of those that are still free may be that master, the others its voters.
        Clearance visible = byLease(view, change, Math.max(0, free - 1));
        if (visible instanceof NotYet) {
            return visible;
        }
        // Or all of them vote for one that nobody knows of. That is waited for as long as it can be over at all.
        Clearance hidden = byLease(view, change, free);
        return hidden instanceof NotYet notYet && notYet.untilMs() >= 0 ? hidden : visible;
    }

    /** Whether a process that was master may still run and is in no pod of the list. */
    private static boolean hasHiddenMaster(GroupView view, TransitionView change) {
        MasterProcess seen = view.master();
        String named = view.status().masterPod();
        boolean sawIt = seen != null && seen.podUid().equals(named);
        if (!sawIt && !named.isEmpty() && !hasPod(view, named)) {
            // Only an operator before this one knew its process.
            return true;
        }
        if (seen == null || Sight.ended(view, seen)) {
            return false;
        }
        FenceView fence = change.fences().get(seen.member());
        MemberView member = view.member(seen.member()).orElse(null);
        boolean fenced = fence != null && fence.runId().equals(seen.runId());
        boolean inItsPod =
                member != null && member.pod() != null && member.pod().uid().equals(seen.podUid());
        return !fenced && !inItsPod;
    }

    private static boolean hasPod(GroupView view, String uid) {
        return view.members().stream()
                .anyMatch(member -> member.pod() != null && member.pod().uid().equals(uid));
    }

    /**
     * A lease ends ttl after the last clock it echoes: that of a RENEW by an operator, or the majority-th newest vote.
     * A fenced replica votes no more, and knows when it last got a clock to echo. Proof in docs/failover.md.
     */
    private static Clearance byLease(GroupView view, TransitionView change, int free) {
        LeaseGrant grant = view.status().grant();
        if (free >= grant.majority()) {
            return new NotYet(-1, free + " members that may still prolong its lease have not confirmed the fence");
        }
        // Those that are gone voted as long as they lived, those that are fenced until they were.
        long lastVote = Math.max(gone(view, change), newestVote(change)) + grant.ttlMs();
        long until = Math.max(view.lease().boundAt(), lastVote) + slack(grant.ttlMs());
        return view.now() >= until
                ? new Cleared(ClearedBy.LeaseExpired)
                : new NotYet(until, "the lease of the master before may still run");
    }

    /** Until when those that are gone may have voted. A master does not vote for itself, nor do others in its pod for it. */
    private static long gone(GroupView view, TransitionView change) {
        boolean known = change.suspects() == Suspects.MASTER && change.old() != null;
        return view.lease().gone().except(known ? change.old().podUid() : "");
    }

    /**
     * The last vote of any fenced member. With all voters known the majority-th newest would do; this one holds also when a
     * process before this one forgot some, as long as they are no majority by themselves.
     */
    private static long newestVote(TransitionView change) {
        long newest = FenceView.NEVER;
        for (FenceView fence : change.fences().values()) {
            boolean itself =
                    change.suspects() == Suspects.MASTER && fence.member().equals(change.from());
            newest = itself ? newest : Math.max(newest, fence.votedAt());
        }
        return newest;
    }

    /** Processes that may still vote (or, if nobody is excepted, be master): neither fenced nor known to have ended. */
    private static int voters(GroupView view, TransitionView change, String except) {
        int podless = 0;
        int free = 0;
        for (MemberView member : view.members()) {
            if (member.name().equals(except) || change.fences().containsKey(member.name())) {
                continue;
            }
            if (member.pod() == null) {
                podless++;
            } else if (Sight.hasAddress(member) && !Sight.ended(member)) {
                free++;
            }
        }
        // A pod that is gone may have left a process behind; those that left one were counted, if they were seen.
        return free + Math.max(podless, view.ghosts());
    }
}
