package dev.redisreplication.operator.act;

import dev.redisreplication.api.v1alpha1.Candidate;
import dev.redisreplication.api.v1alpha1.LastFailover;
import dev.redisreplication.api.v1alpha1.Phase;
import dev.redisreplication.api.v1alpha1.RedisReplicationGroupStatus;
import dev.redisreplication.api.v1alpha1.SwitchoverStatus;
import dev.redisreplication.operator.decide.Decider;
import dev.redisreplication.operator.decide.Decision;
import dev.redisreplication.operator.decide.Decision.Target;
import dev.redisreplication.operator.ledger.Ledger;
import dev.redisreplication.operator.observe.Clock;
import dev.redisreplication.operator.observe.GroupView;
import dev.redisreplication.operator.observe.Leadership;
import dev.redisreplication.operator.observe.LeaseView;
import dev.redisreplication.operator.observe.Mailbox;
import dev.redisreplication.operator.observe.MemberProbe;
import dev.redisreplication.operator.observe.Members;
import dev.redisreplication.operator.observe.MovesView;
import dev.redisreplication.operator.observe.NodeLink;
import dev.redisreplication.operator.observe.TransitionView;
import dev.redisreplication.operator.observe.TransitionView.Outcome;
import dev.redisreplication.operator.status.StatusDraft;
import dev.redisreplication.operator.status.StatusViews;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;

/**
 * Carries out the decisions about one group, in their order. It waits for nothing: what an order or a write comes to is a message of its
 * own, after which it is decided anew. Only the group's loop calls it.
 */
public final class Actor {

    /** Hears of finished failovers. */
    public interface Listener {
        /**
         * A failover is over.
         *
         * @param millis from the first sign of trouble until the Services led to the new master
         */
        void failedOver(String reason, long millis);
    }

    private static final Logger LOG = Logger.getLogger(Actor.class);

    private final String group;
    private final int port;
    private final Members members;
    private final Ledger ledger;
    private final Recorder recorder;
    private final Cluster cluster;
    private final Clock clock;
    private final InstantSource wall;
    private final Leadership leadership;
    private final Runnable changed;
    private final Listener listener;
    private final Map<Target, CompletableFuture<Object>> fencing = new HashMap<>();
    private final Map<Target, CompletableFuture<Object>> attaching = new HashMap<>();
    private final Routing routing;
    private final Orders orders;
    private final Switchovers switchovers;
    private FailoverRecord record;
    private long promotedAt;

    /** @param changed called when it is to be decided anew */
    public Actor(
            String group,
            int port,
            Members members,
            Ledger ledger,
            Recorder recorder,
            Cluster cluster,
            Mailbox mailbox,
            Clock clock,
            InstantSource wall,
            Leadership leadership,
            Pass pass,
            Runnable changed,
            Listener listener) {
        this.group = group;
        this.port = port;
        this.members = members;
        this.ledger = ledger;
        this.recorder = recorder;
        this.cluster = cluster;
        this.clock = clock;
        this.wall = wall;
        this.leadership = leadership;
        this.changed = changed;
        this.listener = listener;
        this.routing = new Routing(group, cluster, mailbox, pass, changed);
        this.orders = new Orders(group, pass);
        this.switchovers = new Switchovers(group, members, ledger, cluster, clock, wall, orders, changed);
    }

    /**
     * Begins to carry the decisions out, up to the first whose outcome the others depend on.
     *
     * @param view what they were made from
     */
    public void carryOut(GroupView view, List<Decision> decisions) {
        if (leadership.leading()) {
            switchovers.tidy(view);
        }
        for (Decision decision : decisions) {
            if (!leadership.leading() || !begin(view, decision)) {
                return;
            }
        }
    }

    /** Returns whether what follows it in the list may begin, too. */
    private boolean begin(GroupView view, Decision decision) {
        switch (decision) {
            case Decision.BeginTerm begin -> beginTerm(view, begin);
            case Decision.Promote promote -> promote(promote);
            case Decision.Yield order -> switchovers.begin(view, order);
            case Decision.GiveUp order -> giveUp(order);
            case Decision.Settle settle -> switchovers.settle(settle);
            case Decision.Adopt adopt -> adopt(adopt);
            case Decision.Regrant regrant ->
                write(StatusDraft.of(recorder.status()).lease(regrant.grant()));
            case Decision.Inherit inherit ->
                write(StatusDraft.of(recorder.status()).history(inherit.history()));
            case Decision.Fence fence -> {
                fence(fence);
                return true;
            }
            case Decision.Attach attach -> {
                attach(attach);
                return true;
            }
            case Decision.Route route -> {
                route(view, route);
                return true;
            }
            case Decision.Nothing _, Decision.Wait _ -> {
                return true;
            }
        }
        return false;
    }

    /** Gives up what was waited for long enough: a promotion that was not answered within a lease may have been carried out or not. */
    public void expire(long now, long leaseMs) {
        TransitionView change = ledger.transition();
        boolean sent =
                change != null && change.promote() != null && change.promote().outcome() == Outcome.SENT;
        if (sent && now - promotedAt >= leaseMs) {
            LOG.infof(
                    "%s: %s did not confirm within %d ms",
                    group, change.promote().member(), leaseMs);
            ledger.promotion(change.term(), Outcome.UNKNOWN);
        }
    }

    /** Whether labels are still being set. */
    public boolean isRouting() {
        return routing.isPending();
    }

    private void route(GroupView view, Decision.Route route) {
        FailoverRecord current = record;
        routing.begin(view, route, () -> {
            if (current != null) {
                current.routed();
            }
        });
    }

    private void write(StatusDraft draft) {
        recorder.write(draft.build(), written -> {});
    }

    /** Not while a write is under way: it may be that of the term, which comes late and is not too late. */
    private void giveUp(Decision.GiveUp order) {
        if (!recorder.isWriting()) {
            switchovers.giveUp(order);
        }
    }

    // --- a failover, step by step

    private void beginTerm(GroupView view, Decision.BeginTerm begin) {
        if (recorder.isWriting()) {
            return;
        }
        long trouble = members.probe(begin.from())
                .map(probe -> probe.seen().troubleSince())
                .orElse(0L);
        boolean first = StatusViews.isBeginning(recorder.status());
        MovesView.Attempt attempt = begin.plan() == null ? null : view.moves().attempt();
        FailoverRecord next =
                new FailoverRecord(clock, wall, begin.term(), begin.reason().name(), begin.from(), trouble, first);
        if (attempt != null) {
            next.planned(attempt, switchovers.sentAt());
        }
        LOG.infof("%s: term %d begins: %s; %s", group, begin.term(), begin.reason(), begin.message());
        RedisReplicationGroupStatus status = StatusDraft.of(recorder.status())
                .phase(first ? Phase.Pending : Phase.FailingOver)
                .noMaster()
                .term(begin.term())
                .lease(begin.grant())
                .lastFailover(next.toStatus())
                .build();
        recorder.write(status, written -> {
            if (written) {
                begun(view, begin, next);
            } else {
                LOG.infof("%s: term %d could not be written; looking again", group, begin.term());
            }
        });
    }

    private void begun(GroupView view, Decision.BeginTerm begin, FailoverRecord next) {
        next.termWritten();
        record = next;
        fencing.clear();
        ledger.began(Decider.begun(view, begin, clock.millis()));
        if (next.plan() != null) {
            switchovers.inTerm(next.plan());
            return;
        }
        cluster.announce(
                !next.isFirst(),
                next.isFirst() ? "FirstStart" : "FailoverStarted",
                "term " + begin.term() + ": " + begin.reason()
                        + (begin.message().isEmpty() ? "" : ": " + begin.message()));
    }

    /** To all at once; who hangs holds up none of the others, and is not told twice while its answer is awaited. */
    private void fence(Decision.Fence fence) {
        for (Target target : fence.targets()) {
            CompletableFuture<Object> before = fencing.get(target);
            MemberProbe probe = members.probe(target.member()).orElse(null);
            if (probe == null || (before != null && !before.isDone()) || !leadership.leading()) {
                continue;
            }
            fencing.put(
                    target,
                    orders.send(
                            probe,
                            target,
                            (reply, failure) -> fenced(probe, target, fence.term(), reply, failure),
                            "LEASE",
                            "FENCE",
                            Long.toString(fence.term())));
        }
    }

    private void fenced(MemberProbe probe, Target target, long term, Object reply, Throwable failure) {
        if (failure != null || reply instanceof NodeLink.Refusal) {
            LOG.infof(
                    "%s: %s did not confirm the fence of term %d: %s",
                    group, target.member(), term, failure == null ? reply : failure.getMessage());
            return;
        }
        FenceReply.parse(target.member(), target.runId(), term, clock.millis(), reply)
                .filter(fence -> ledger.fenced(term, fence))
                .ifPresent(fence -> {
                    LOG.infof(
                            "%s: %s confirmed the fence of term %d at offset %d",
                            group, target.member(), term, fence.offset());
                    if (record != null && record.term() == term) {
                        record.fenced();
                    }
                    probe.askNow();
                    changed.run();
                });
    }

    private void promote(Decision.Promote promote) {
        Target target = promote.target();
        TransitionView transition = ledger.transition();
        MemberProbe probe = members.probe(target.member()).orElse(null);
        boolean open = transition != null && transition.term() == promote.term() && transition.promote() == null;
        if (!open || probe == null) {
            return;
        }
        if (record != null) {
            record.cleared(promote.clearedBy().name(), candidates(promote), promote.loss());
            record.offsets(transition, target.member());
        }
        LOG.infof(
                "%s: promoting %s in term %d (%s); candidates %s",
                group, target.member(), promote.term(), promote.clearedBy(), describe(promote.candidates()));
        ledger.promoting(target.member(), target.runId());
        promotedAt = clock.millis();
        List<String> command =
                new ArrayList<>(List.of("REPLICAOF", "NO", "ONE", "TERM", Long.toString(promote.term())));
        if (promote.force()) {
            command.add("FORCE");
        }
        var _ = orders.send(
                probe,
                target,
                (reply, failure) -> promoted(probe, promote, reply, failure),
                command.toArray(String[]::new));
    }

    private void promoted(MemberProbe probe, Decision.Promote promote, Object reply, Throwable failure) {
        boolean confirmed = orders.confirmed(promote.target(), reply, failure);
        // What is forbidden was not executed: the term stays open, for this member or for another one.
        boolean forbidden = reply instanceof NodeLink.Refusal refusal && refusal.isForbidden();
        ledger.promotion(promote.term(), forbidden ? null : confirmed ? Outcome.DONE : Outcome.UNKNOWN);
        if (confirmed) {
            // Its new history is known only from its next answer.
            probe.askNow();
        }
        if (!forbidden) {
            changed.run();
        }
    }

    private static List<Candidate> candidates(Decision.Promote promote) {
        return promote.candidates().stream()
                .map(c -> new Candidate(
                        c.member(),
                        c.offset(),
                        c.replid(),
                        c.member().equals(promote.target().member())
                                ? "promoted"
                                : c.note().isEmpty() ? "not chosen" : c.note()))
                .toList();
    }

    private static String describe(List<Decision.Candidate> candidates) {
        return String.join(
                ", ",
                candidates.stream()
                        .map(c -> c.member() + "@" + c.offset() + (c.note().isEmpty() ? "" : " (" + c.note() + ")"))
                        .toList());
    }

    /** From here on status knows the new history, so the master may be given its lease. */
    private void adopt(Decision.Adopt adopt) {
        FailoverRecord current = record != null && record.term() == adopt.term() ? record : null;
        StatusDraft draft = StatusDraft.of(recorder.status())
                .phase(Phase.Degraded)
                .master(adopt.master(), adopt.masterPod())
                .term(adopt.term())
                .history(adopt.history());
        if (current != null) {
            draft.lastFailover(current.toStatus());
        }
        recorder.write(draft.build(), written -> {
            if (!written) {
                LOG.infof("%s: %s could not be written as master; looking again", group, adopt.master());
                return;
            }
            ledger.adopted();
            members.probes().forEach(probe -> {
                if (probe.seen().facts() != null) {
                    ledger.answered(probe.name(), probe.podUid(), probe.seen().facts(), clock.millis());
                }
            });
            fencing.clear();
            attaching.clear();
            LOG.infof("%s: %s is master of term %d", group, adopt.master(), adopt.term());
            // Its next answer has the clock that its first lease echoes.
            members.probe(adopt.master()).ifPresent(MemberProbe::askNow);
        });
    }

    /** Who hangs must not hold up the others, and is not told twice while its answer is awaited. */
    private void attach(Decision.Attach attach) {
        Target target = attach.target();
        MemberProbe probe = members.probe(target.member()).orElse(null);
        CompletableFuture<Object> before = attaching.get(target);
        if (probe == null || (before != null && !before.isDone())) {
            return;
        }
        ledger.attaching(probe.podUid());
        LOG.infof("%s: %s shall follow %s in term %d", group, target.member(), attach.master(), attach.term());
        attaching.put(
                target,
                orders.send(
                        probe,
                        target,
                        (reply, failure) -> {
                            if (orders.confirmed(target, reply, failure)) {
                                // What it says next tells whether it follows.
                                probe.askNow();
                            }
                        },
                        "REPLICAOF",
                        attach.host(),
                        Integer.toString(port),
                        "TERM",
                        Long.toString(attach.term())));
    }

    // --- its record

    /** What became of the last planned switchover, empty as long as this process knows of none. */
    public Optional<SwitchoverStatus> switchover() {
        return switchovers.outcome();
    }

    /** The last failover as far as this process took part in it, once it is over and until it was {@link #reported}. */
    public Optional<LastFailover> finished() {
        boolean over = ledger.transition() == null && recorder.status().master() != null && !isRouting();
        return record != null && over && leased(record) ? Optional.of(record.toStatus()) : Optional.empty();
    }

    /** Whether the new master has its lease. */
    private boolean leased(FailoverRecord finished) {
        LeaseView lease = ledger.leases();
        if (!finished.isPromoted() && lease.confirmed() != null) {
            finished.promoted(recorder.status().master(), lease.confirmedSince());
        }
        return finished.isPromoted();
    }

    /** Status has what {@link #finished} gave: tells metrics and events of it, and forgets it. */
    public void reported() {
        FailoverRecord finished = record;
        record = null;
        String master = recorder.status().master();
        if (finished.plan() != null) {
            switchovers.over(finished, master);
            listener.failedOver(finished.reason(), finished.totalMillis());
        } else if (finished.isFirst()) {
            cluster.announce(false, "MasterChosen", master + " is the first master");
        } else {
            listener.failedOver(finished.reason(), finished.totalMillis());
            cluster.announce(
                    false,
                    "MasterChanged",
                    master + " is master of term " + finished.term() + " after " + finished.totalMillis() + " ms ("
                            + finished.reason() + ")");
        }
    }
}
