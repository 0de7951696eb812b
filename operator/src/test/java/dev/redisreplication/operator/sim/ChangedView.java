package dev.redisreplication.operator.sim;

import dev.redisreplication.operator.observe.FenceView;
import dev.redisreplication.operator.observe.GroupView;
import dev.redisreplication.operator.observe.LeaseGrant;
import dev.redisreplication.operator.observe.LeaseView;
import dev.redisreplication.operator.observe.MasterProcess;
import dev.redisreplication.operator.observe.MemberView;
import dev.redisreplication.operator.observe.StatusView;
import dev.redisreplication.operator.observe.TransitionView;
import java.util.List;
import java.util.function.UnaryOperator;

/** A view with some parts replaced. */
final class ChangedView {
    private final GroupView view;
    private List<MemberView> members;
    private TransitionView transition;
    private MasterProcess master;
    private int ghosts;
    private LeaseView lease;
    private StatusView status;

    ChangedView(GroupView view) {
        this.view = view;
        members = view.members();
        transition = view.transition();
        master = view.master();
        ghosts = view.ghosts();
        lease = view.lease();
        status = view.status();
    }

    ChangedView members(List<MemberView> now) {
        members = now;
        return this;
    }

    ChangedView transition(TransitionView now) {
        transition = now;
        return this;
    }

    ChangedView fences(UnaryOperator<FenceView> each) {
        if (transition != null) {
            TransitionView changed = transition;
            for (FenceView fence : transition.fences().values()) {
                changed = changed.fenced(each.apply(fence));
            }
            transition = changed;
        }
        return this;
    }

    ChangedView masterEnded(boolean on) {
        if (on && master != null) {
            master = master.asEnded();
        }
        return this;
    }

    ChangedView masterStays() {
        return masterEnding(false);
    }

    ChangedView masterEnds() {
        return masterEnding(true);
    }

    private ChangedView masterEnding(boolean ending) {
        MasterProcess old = transition == null ? null : transition.old();
        if (old != null) {
            MasterProcess stays = new MasterProcess(
                    old.member(),
                    old.term(),
                    old.podUid(),
                    old.startedAt(),
                    old.runId(),
                    old.history(),
                    old.offset(),
                    ending,
                    old.ended());
            transition = new TransitionView(
                    transition.term(),
                    transition.from(),
                    transition.suspects(),
                    stays,
                    transition.termWrittenAt(),
                    transition.fences(),
                    transition.promote(),
                    transition.plan());
        }
        return this;
    }

    ChangedView noGhosts() {
        ghosts = 0;
        return this;
    }

    ChangedView lease(long boundAt) {
        lease = new LeaseView(boundAt, LeaseView.Gone.NOBODY, lease.confirmed(), lease.confirmedSince());
        return this;
    }

    ChangedView lastGoneForgotten() {
        LeaseView.Gone gone = lease.gone();
        long at = gone.pod().isEmpty() ? gone.at() : gone.before();
        lease = new LeaseView(
                lease.boundAt(),
                new LeaseView.Gone(at, gone.pod(), gone.before()),
                lease.confirmed(),
                lease.confirmedSince());
        return this;
    }

    ChangedView nobodyGone() {
        lease = new LeaseView(lease.boundAt(), LeaseView.Gone.NOBODY, lease.confirmed(), lease.confirmedSince());
        return this;
    }

    ChangedView masterPodForgotten() {
        status = new StatusView(status.term(), status.master(), "", status.history(), status.grant());
        return this;
    }

    ChangedView grant(int replicas) {
        if (status.grant() != null && transition != null) {
            status = new StatusView(
                    status.term(),
                    status.master(),
                    status.masterPod(),
                    status.history(),
                    new LeaseGrant(status.grant().ttlMs(), replicas));
        }
        return this;
    }

    GroupView done() {
        return new GroupView(
                view.now(),
                view.steadySince(),
                view.leader(),
                view.spec(),
                status,
                members,
                view.podsKnown(),
                transition,
                master,
                ghosts,
                lease,
                view.moves());
    }
}
