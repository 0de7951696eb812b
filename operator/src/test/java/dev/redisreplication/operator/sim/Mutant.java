package dev.redisreplication.operator.sim;

import dev.redisreplication.operator.decide.Decision;
import dev.redisreplication.operator.decide.Heartbeat;
import dev.redisreplication.operator.decide.Policy;
import dev.redisreplication.operator.observe.FenceView;
import dev.redisreplication.operator.observe.GroupView;
import dev.redisreplication.operator.observe.History;
import dev.redisreplication.operator.observe.Link;
import dev.redisreplication.operator.observe.ManagedRole;
import dev.redisreplication.operator.observe.MasterProcess;
import dev.redisreplication.operator.observe.MemberView;
import dev.redisreplication.operator.observe.NodeFacts;
import dev.redisreplication.operator.observe.TransitionView;
import dev.redisreplication.operator.sim.Rules.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Things done wrong on purpose, each a mistake that somebody might make. The simulator has to notice every one of them;
 * if it does not, it does not look at what that rule is for. Most of them lie to the decider about what is seen.
 */
enum Mutant {
    PROMOTES_WITHOUT_WAITING_FOR_THE_LEASE(view -> new ChangedView(view)
            .lease(Long.MIN_VALUE / 2)
            .fences(f -> votedAt(f, FenceView.NEVER))
            .done()),
    FORGETS_THE_VOTES_OF_REPLICAS(view -> new ChangedView(view)
            .nobodyGone()
            .fences(f -> votedAt(f, FenceView.NEVER))
            .noGhosts()
            .grant(99)
            .done()),
    FORGETS_THE_VOTES_OF_THE_DEAD(view -> new ChangedView(view).nobodyGone().done()),
    TAKES_ANY_POD_THAT_WENT_FOR_THE_MASTERS(
            view -> new ChangedView(view).lastGoneForgotten().done()),
    COUNTS_NO_VOTES_OF_WHO_IS_NOT_FENCED(Mutant::allFenced),
    TAKES_THE_OLDEST_VOTE_FOR_THE_DECIDING_ONE(Mutant::oldestVote),
    FORGETS_PODS_DELETED_BY_FORCE(view -> new ChangedView(view).noGhosts().done()),
    FORGETS_WHICH_POD_THE_MASTER_WAS(
            view -> new ChangedView(view).masterPodForgotten().done()),
    PROMOTES_WITHOUT_FENCING(Mutant::fencesInvented),
    COMPARES_OFFSETS_OF_ANY_HISTORY(view -> new ChangedView(view)
            .fences(f -> new FenceView(
                    f.member(),
                    f.receivedAt(),
                    f.votedAt(),
                    f.roleBefore(),
                    f.synced(),
                    f.runId(),
                    view.status().history(),
                    f.offset()))
            .done()),
    PROMOTES_THE_LOWEST_OFFSET(view -> new ChangedView(view)
            .fences(f -> new FenceView(
                    f.member(),
                    f.receivedAt(),
                    f.votedAt(),
                    f.roleBefore(),
                    f.synced(),
                    f.runId(),
                    new History(view.status().history().replid(), "", -1),
                    -f.offset()))
            .done()),
    TAKES_RESTARTED_MEMBERS_FOR_LIVE_ONES(view -> new ChangedView(view)
            .fences(f -> new FenceView(
                    f.member(), f.receivedAt(), f.votedAt(), f.roleBefore(), true, f.runId(), f.history(), f.offset()))
            .done()),
    ASKS_NO_REPLICA_ABOUT_A_SILENT_MASTER(Mutant::replicasSayLost),
    TAKES_A_DELETED_POD_FOR_DEAD(
            view -> new ChangedView(view).masterEnded(podChanged(view)).done()),
    TAKES_A_REFUSED_CONNECTION_FOR_DEATH(view ->
            new ChangedView(view).masterEnded(masterLink(view) == Link.REFUSED).done()),
    TAKES_SILENCE_FOR_DEATH(view ->
            new ChangedView(view).masterEnded(masterLink(view) == Link.TIMEOUT).done()),
    TAKES_WHO_IS_LOCKED_OUT_FOR_AWAY(Mutant::deniedIsRefused),
    PROMOTES_TWICE_IN_A_TERM(Mutant::unknownPromotionForgotten),
    COUNTS_ONLY_MEMBERS_THAT_ANSWER(Mutant::onlyFreshMembers),
    /** Renews any master it sees, whatever status says. */
    RENEWS_EVERY_MASTER {
        @Override
        Optional<Heartbeat.Renew> renew(GroupView view) {
            for (MemberView member : view.members()) {
                NodeFacts facts = member.facts();
                if (facts != null
                        && facts.role() == ManagedRole.MASTER
                        && view.status().grant() != null) {
                    return Optional.of(new Heartbeat.Renew(
                            facts.term(),
                            new Decision.Target(member.name(), facts.runId()),
                            view.status().grant(),
                            facts.clock()));
                }
            }
            return Optional.empty();
        }
    },
    /** Gives a role away as soon as its holder wants to be rid of it, to whoever comes to be asked. */
    HANDS_OVER_TO_WHO_LAGS(Mutant::allHaveTheMastersOffset),
    TAKES_WHO_CANNOT_KEEP_DATA(Mutant::allKeepData),
    NEVER_RELIEVES_WHO_ENDS(Mutant::nobodyHandsOver),
    PROMOTES_WHO_IS_ABOUT_TO_END(view -> new ChangedView(view).masterStays().done()),
    TAKES_THE_TARGET_OF_A_PLAN_WHATEVER_IT_HAS(Mutant::plansAreForced),
    FORGETS_THAT_THE_OLD_MASTER_OF_A_PLAN_STAYS(Mutant::plannedMasterEnds),
    NODE_TAKES_WRITES_WHILE_IT_YIELDS(Rule.A_YIELDING_MASTER_HOLDS_WRITES_BACK),
    NODE_EXECUTES_WHAT_IT_HELD_THOUGH_IT_IS_FENCED(Rule.WHAT_IS_HELD_WAITS_FOR_A_ROLE),
    NODE_NEVER_ENDS_ITS_PAUSE(Rule.A_PAUSE_HAS_AN_END),
    NODE_COUNTS_A_LEASE_FROM_ITS_ARRIVAL(Rule.LEASE_COUNTS_FROM_ECHO),
    NODE_SERVES_SYNC_WITHOUT_A_ROLE(Rule.ONLY_MASTERS_SERVE_SYNC),
    VOTES_DO_NOT_NAME_THEIR_TERM(Rule.VOTES_NAME_THEIR_TERM),
    /** Three questions without an answer, and it asks no more in its term. */
    LEASE_BOOK_LOSES_ITS_VOTES(Rule.LOST_QUESTIONS_ARE_ASKED_ANEW),
    TERMS_WRITTEN_WITHOUT_COMPARING(Rule.TERMS_ARE_WRITTEN_BY_CAS),
    A_LEADER_THAT_TRUSTS_ITS_MEMORY(Rule.LEADER_CHECKS_ITS_CLOCK),
    NODE_FORGETS_ITS_VOTES_WITH_THE_LINK(Rule.VOTES_OUTLIVE_THEIR_LINK),
    VOTE_AGES_END_WHEN_THE_FENCE_WAS_SENT(Rule.VOTE_AGES_END_AT_THE_RECEIPT),
    NODE_TAKES_WRITES_WHILE_IT_HANDS_OVER(Rule.AN_ENDING_MASTER_HOLDS_WRITES_BACK),
    NODE_ENDS_WITHOUT_HANDING_OVER(Rule.AN_ENDING_MASTER_WAITS_FOR_ITS_SUCCESSOR),
    NODE_IS_SILENT_ABOUT_ITS_FULL_DISK(Rule.WHO_CANNOT_KEEP_DATA_SAYS_SO);

    private final UnaryOperator<GroupView> lie;
    final Rules rules;

    /** In which schedules it is noticed soonest. */
    Schedule schedule(long seed) {
        return switch (this) {
            case FORGETS_THE_VOTES_OF_THE_DEAD -> new Schedule(seed, Schedule.Kind.SCALE, policy(), rules, false);
            case FORGETS_WHICH_POD_THE_MASTER_WAS ->
                new Schedule(seed, Schedule.Kind.FORGOTTEN_MASTER, policy(), rules, false);
            case VOTES_DO_NOT_NAME_THEIR_TERM, TAKES_ANY_POD_THAT_WENT_FOR_THE_MASTERS ->
                new Schedule(seed, Schedule.Kind.LATE_VOTES, policy(), rules, false);
            case A_LEADER_THAT_TRUSTS_ITS_MEMORY ->
                new Schedule(seed, Schedule.Kind.TWO_OPERATORS, policy(), rules, false);
            case LEASE_BOOK_LOSES_ITS_VOTES -> new Schedule(seed, Schedule.Kind.LOST_QUESTIONS, policy(), rules, false);
            case HANDS_OVER_TO_WHO_LAGS,
                    NEVER_RELIEVES_WHO_ENDS,
                    PROMOTES_WHO_IS_ABOUT_TO_END,
                    NODE_TAKES_WRITES_WHILE_IT_HANDS_OVER,
                    NODE_ENDS_WITHOUT_HANDING_OVER ->
                new Schedule(seed, Schedule.Kind.GRACEFUL, policy(), rules, false);
            case TAKES_THE_TARGET_OF_A_PLAN_WHATEVER_IT_HAS,
                    FORGETS_THAT_THE_OLD_MASTER_OF_A_PLAN_STAYS,
                    NODE_TAKES_WRITES_WHILE_IT_YIELDS,
                    NODE_EXECUTES_WHAT_IT_HELD_THOUGH_IT_IS_FENCED,
                    NODE_NEVER_ENDS_ITS_PAUSE -> new Schedule(seed, Schedule.Kind.PLANNED, policy(), rules, false);
            case TAKES_WHO_CANNOT_KEEP_DATA, NODE_IS_SILENT_ABOUT_ITS_FULL_DISK ->
                new Schedule(seed, Schedule.Kind.FULL_DISKS, policy(), rules, false);
            case TAKES_WHO_IS_LOCKED_OUT_FOR_AWAY ->
                new Schedule(seed, Schedule.Kind.LOCKED_OUT, policy(), rules, false);
            default -> new Schedule(seed, policy(), rules, false);
        };
    }

    Mutant() {
        this(UnaryOperator.identity(), Rules.KEPT);
    }

    Mutant(UnaryOperator<GroupView> lie) {
        this(lie, Rules.KEPT);
    }

    Mutant(Rule broken) {
        this(UnaryOperator.identity(), Rules.without(broken));
    }

    Mutant(UnaryOperator<GroupView> lie, Rules rules) {
        this.lie = lie;
        this.rules = rules;
    }

    Optional<Heartbeat.Renew> renew(GroupView view) {
        return Policy.REAL.renew(view);
    }

    Policy policy() {
        return new Policy() {
            @Override
            public List<Decision> decide(GroupView view) {
                return Policy.REAL.decide(lie.apply(view));
            }

            @Override
            public Optional<Heartbeat.Renew> renew(GroupView view) {
                return Mutant.this.renew(view);
            }
        };
    }

    private static FenceView votedAt(FenceView f, long at) {
        return new FenceView(
                f.member(), f.receivedAt(), at, f.roleBefore(), f.synced(), f.runId(), f.history(), f.offset());
    }

    private static GroupView fencesInvented(GroupView view) {
        TransitionView change = view.transition();
        if (change == null) {
            return view;
        }
        Map<String, FenceView> fences = new HashMap<>();
        for (MemberView member : view.members()) {
            NodeFacts facts = member.facts();
            if (facts != null && member.link() == Link.OK) {
                fences.put(
                        member.name(),
                        new FenceView(
                                member.name(),
                                member.answeredAt(),
                                FenceView.NEVER,
                                facts.role(),
                                true,
                                facts.runId(),
                                facts.history(),
                                facts.offset()));
            }
        }
        return new ChangedView(view)
                .transition(new TransitionView(
                        change.term(),
                        change.from(),
                        change.suspects(),
                        change.old(),
                        change.termWrittenAt(),
                        fences,
                        change.promote(),
                        change.plan()))
                .done();
    }

    /** Who has not confirmed is taken for fenced long ago; it is told so all the same. */
    private static GroupView allFenced(GroupView view) {
        TransitionView change = view.transition();
        if (change == null) {
            return view;
        }
        TransitionView all = change;
        for (MemberView member : view.members()) {
            if (!change.fences().containsKey(member.name())) {
                all = all.fenced(new FenceView(
                        member.name(), 0, FenceView.NEVER, ManagedRole.NONE, false, "?", History.UNKNOWN, 0));
            }
        }
        return new ChangedView(view).transition(all).noGhosts().done();
    }

    private static GroupView oldestVote(GroupView view) {
        TransitionView change = view.transition();
        long oldest = change == null
                ? FenceView.NEVER
                : change.fences().values().stream()
                        .mapToLong(FenceView::votedAt)
                        .min()
                        .orElse(FenceView.NEVER);
        return new ChangedView(view).fences(f -> votedAt(f, oldest)).done();
    }

    private static GroupView replicasSayLost(GroupView view) {
        MemberView master = view.member(view.status().master()).orElse(null);
        if (master == null
                || (master.link() == Link.OK
                        && view.now() - master.askedAt() <= view.spec().leaseMs())) {
            return view;
        }
        List<MemberView> members = new ArrayList<>();
        for (MemberView m : view.members()) {
            NodeFacts f = m.facts();
            NodeFacts lost = f == null
                    ? null
                    : new NodeFacts(
                            f.role(),
                            f.term(),
                            f.history(),
                            f.offset(),
                            f.runId(),
                            f.startedAt(),
                            f.masterHost(),
                            false,
                            -1,
                            false,
                            f.loading(),
                            f.connectedReplicas(),
                            f.leaseMs(),
                            f.handingOver(),
                            f.storageError(),
                            f.clock(),
                            0);
            members.add(new MemberView(m.name(), m.ordinal(), m.pod(), m.link(), lost, m.askedAt(), m.answeredAt()));
        }
        return new ChangedView(view).members(members).done();
    }

    private static GroupView eachFacts(GroupView view, UnaryOperator<NodeFacts> change) {
        List<MemberView> members = new ArrayList<>();
        for (MemberView m : view.members()) {
            NodeFacts facts = m.facts() == null ? null : change.apply(m.facts());
            members.add(new MemberView(m.name(), m.ordinal(), m.pod(), m.link(), facts, m.askedAt(), m.answeredAt()));
        }
        return new ChangedView(view).members(members).done();
    }

    private static NodeFacts facts(NodeFacts f, long offset, boolean handingOver, String storageError) {
        return new NodeFacts(
                f.role(),
                f.term(),
                f.history(),
                offset,
                f.runId(),
                f.startedAt(),
                f.masterHost(),
                f.linkUp(),
                f.masterSilentMs(),
                f.syncInProgress(),
                f.loading(),
                f.connectedReplicas(),
                f.leaseMs(),
                handingOver,
                storageError,
                f.clock(),
                f.yields() && handingOver ? f.yieldsForMs() : 0);
    }

    private static GroupView allHaveTheMastersOffset(GroupView view) {
        return eachFacts(view, f -> facts(f, 0, f.handingOver(), f.storageError()));
    }

    private static GroupView allKeepData(GroupView view) {
        return eachFacts(view, f -> facts(f, f.offset(), f.handingOver(), ""));
    }

    private static GroupView nobodyHandsOver(GroupView view) {
        return eachFacts(view, f -> facts(f, f.offset(), false, f.storageError()));
    }

    private static GroupView deniedIsRefused(GroupView view) {
        List<MemberView> members = new ArrayList<>();
        for (MemberView m : view.members()) {
            Link link = m.link() == Link.DENIED ? Link.REFUSED : m.link();
            members.add(new MemberView(m.name(), m.ordinal(), m.pod(), link, m.facts(), m.askedAt(), m.answeredAt()));
        }
        return new ChangedView(view).members(members).done();
    }

    private static GroupView plansAreForced(GroupView view) {
        TransitionView change = view.transition();
        if (change == null || change.plan() == null) {
            return view;
        }
        return new ChangedView(view)
                .transition(new TransitionView(
                        change.term(),
                        change.from(),
                        change.suspects(),
                        change.old(),
                        change.termWrittenAt(),
                        change.fences(),
                        change.promote(),
                        new TransitionView.Plan(change.plan().target(), true)))
                .done();
    }

    private static GroupView plannedMasterEnds(GroupView view) {
        TransitionView change = view.transition();
        return change == null || change.plan() == null
                ? view
                : new ChangedView(view).masterEnds().done();
    }

    private static boolean podChanged(GroupView view) {
        MasterProcess master = view.master();
        return master != null
                && view.member(master.member())
                        .map(m -> m.pod() == null || !m.pod().uid().equals(master.podUid()))
                        .orElse(true);
    }

    private static Link masterLink(GroupView view) {
        MasterProcess master = view.master();
        return master == null
                ? Link.OK
                : view.member(master.member()).map(MemberView::link).orElse(Link.NONE);
    }

    private static GroupView unknownPromotionForgotten(GroupView view) {
        TransitionView change = view.transition();
        boolean unknown = change != null
                && change.promote() != null
                && change.promote().outcome() == TransitionView.Outcome.UNKNOWN;
        return unknown
                ? new ChangedView(view).transition(change.promoting(null)).done()
                : view;
    }

    private static GroupView onlyFreshMembers(GroupView view) {
        List<MemberView> members = new ArrayList<>(view.members());
        members.removeIf(
                m -> m.facts() == null || view.now() - m.askedAt() > view.spec().leaseMs());
        return new ChangedView(view).members(members).done();
    }
}
