package dev.redisreplication.operator.act;

import dev.redisreplication.api.v1alpha1.Candidate;
import dev.redisreplication.api.v1alpha1.LastFailover;
import dev.redisreplication.api.v1alpha1.Phase;
import dev.redisreplication.api.v1alpha1.RedisReplicationGroupStatus;
import dev.redisreplication.operator.decide.Decider;
import dev.redisreplication.operator.decide.Decision;
import dev.redisreplication.operator.decide.Decision.Target;
import dev.redisreplication.operator.observe.Clock;
import dev.redisreplication.operator.observe.GroupView;
import dev.redisreplication.operator.observe.GroupWatch;
import dev.redisreplication.operator.observe.Leadership;
import dev.redisreplication.operator.observe.LeaseView;
import dev.redisreplication.operator.observe.MemberProbe;
import dev.redisreplication.operator.observe.NodeLink;
import dev.redisreplication.operator.observe.TransitionView;
import dev.redisreplication.operator.observe.TransitionView.Outcome;
import dev.redisreplication.operator.observe.TransitionView.PromoteView;
import dev.redisreplication.operator.status.StatusDraft;
import dev.redisreplication.operator.status.StatusViews;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Carries out the decisions about one group, in their order. One thread at a time. */
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
    /** How long an order to a healthy node is waited for before the others' answers are used without it. */
    private static final long ORDER_MS = 150;

    private final String group;
    private final int port;
    private final GroupWatch watch;
    private final Cluster cluster;
    private final Clock clock;
    private final Leadership leadership;
    private final Runnable changed;
    private final Listener listener;
    private final Map<Target, CompletableFuture<Object>> fencing = new HashMap<>();
    private final Map<Target, CompletableFuture<Object>> attaching = new HashMap<>();
    private final Routing routing;
    private FailoverRecord record;

    public Actor(
            String group,
            int port,
            GroupWatch watch,
            Cluster cluster,
            Clock clock,
            Leadership leadership,
            Runnable changed,
            Listener listener) {
        this.group = group;
        this.port = port;
        this.watch = watch;
        this.cluster = cluster;
        this.clock = clock;
        this.leadership = leadership;
        this.changed = changed;
        this.listener = listener;
        this.routing = new Routing(group, cluster, changed);
    }

    /**
     * Carries the decisions out until one fails.
     *
     * @param view what they were made from
     * @return whether anything was done, so that it is worth to decide again at once
     */
    public boolean carryOut(GroupView view, List<Decision> decisions) {
        boolean done = false;
        for (Decision decision : decisions) {
            if (!leadership.leading()) {
                break;
            }
            boolean went =
                    switch (decision) {
                        case Decision.BeginTerm begin -> beginTerm(view, begin);
                        case Decision.Fence fence -> fence(fence);
                        case Decision.Promote promote ->
                            promote(promote, view.spec().leaseMs());
                        case Decision.Adopt adopt -> adopt(adopt);
                        case Decision.Regrant regrant -> regrant(regrant);
                        case Decision.Inherit inherit -> inherit(inherit);
                        case Decision.Attach attach -> attach(attach);
                        case Decision.Route route -> route(view, route);
                        case Decision.Nothing nothing -> false;
                        case Decision.Wait wait -> false;
                    };
            done |= went;
            if (!went && decides(decision)) {
                break;
            }
        }
        return done;
    }

    /** Whether what follows it in the list is pointless when it failed. */
    private static boolean decides(Decision decision) {
        return decision instanceof Decision.BeginTerm
                || decision instanceof Decision.Promote
                || decision instanceof Decision.Adopt
                || decision instanceof Decision.Regrant
                || decision instanceof Decision.Inherit;
    }

    /** Whether labels are still being set. */
    public boolean isRouting() {
        return routing.isPending();
    }

    /** Never waits; the pods show when it is done. */
    private boolean route(GroupView view, Decision.Route route) {
        FailoverRecord current = record;
        routing.begin(view, route, () -> {
            if (current != null) {
                current.routed();
            }
        });
        return false;
    }

    private boolean beginTerm(GroupView view, Decision.BeginTerm begin) {
        long trouble = watch.probe(begin.from())
                .map(probe -> probe.seen().troubleSince())
                .orElse(0L);
        FailoverRecord next =
                new FailoverRecord(clock, begin.term(), begin.reason().name(), begin.from(), trouble);
        LOG.infof("%s: term %d begins: %s; %s", group, begin.term(), begin.reason(), begin.message());
        RedisReplicationGroupStatus status = StatusDraft.of(cluster.status())
                .phase(Phase.FailingOver)
                .noMaster()
                .term(begin.term())
                .lease(begin.grant())
                .lastFailover(next.toStatus())
                .build();
        if (!cluster.write(status)) {
            LOG.infof("%s: term %d could not be written; looking again", group, begin.term());
            watch.status(StatusViews.of(cluster.status()));
            return false;
        }
        next.termWritten();
        record = next;
        fencing.clear();
        watch.status(StatusViews.of(cluster.status()));
        watch.transition(Decider.begun(view, begin, clock.millis()));
        boolean first = begin.reason() == Decision.Reason.FirstStart;
        cluster.announce(
                !first,
                first ? "FirstStart" : "FailoverStarted",
                "term " + begin.term() + ": " + begin.reason()
                        + (begin.message().isEmpty() ? "" : ": " + begin.message()));
        return true;
    }

    /** To all in parallel. A late answer counts as well: it is noted when it comes. */
    private boolean fence(Decision.Fence fence) {
        List<CompletableFuture<?>> answers = new ArrayList<>();
        for (Target target : fence.targets()) {
            CompletableFuture<Object> pending = fencing.get(target);
            if (pending == null || pending.isDone()) {
                MemberProbe probe = watch.probe(target.member()).orElse(null);
                if (probe == null || !leadership.leading()) {
                    continue;
                }
                CompletableFuture<Object> answer =
                        probe.order(target.runId(), "LEASE", "FENCE", Long.toString(fence.term()));
                fencing.put(target, answer);
                answers.add(answer.handle((reply, failure) -> noteFence(target, fence.term(), reply, failure)));
            }
        }
        if (answers.isEmpty()) {
            return false;
        }
        waitFor(answers);
        if (record != null) {
            record.fenced();
        }
        for (Target target : fence.targets()) {
            watch.probe(target.member())
                    .filter(probe -> fenced(probe.name()))
                    .ifPresent(probe -> probe.askNow(ORDER_MS));
        }
        return fence.targets().stream().anyMatch(target -> fenced(target.member()));
    }

    private boolean fenced(String member) {
        TransitionView transition = watch.transition();
        return transition != null && transition.fences().containsKey(member);
    }

    private boolean noteFence(Target target, long term, Object reply, Throwable failure) {
        if (failure != null || reply instanceof NodeLink.Refusal) {
            LOG.infof(
                    "%s: %s did not confirm the fence of term %d: %s",
                    group, target.member(), term, failure == null ? reply : failure.getMessage());
            return false;
        }
        FenceReply.parse(target.member(), target.runId(), term, clock.millis(), reply)
                .ifPresent(fence -> {
                    synchronized (watch) {
                        TransitionView transition = watch.transition();
                        if (transition != null && transition.term() == term) {
                            watch.transition(transition.fenced(fence));
                        }
                    }
                    LOG.infof(
                            "%s: %s confirmed the fence of term %d at offset %d",
                            group, target.member(), term, fence.offset());
                });
        changed.run();
        return true;
    }

    private boolean promote(Decision.Promote promote, long leaseMs) {
        Target target = promote.target();
        TransitionView transition = watch.transition();
        MemberProbe probe = watch.probe(target.member()).orElse(null);
        if (transition == null || transition.term() != promote.term() || probe == null) {
            return false;
        }
        if (record != null) {
            record.cleared(
                    promote.clearedBy().name(),
                    promote.candidates().stream()
                            .map(c -> new Candidate(
                                    c.member(),
                                    c.offset(),
                                    c.replid(),
                                    c.member().equals(target.member())
                                            ? "promoted"
                                            : c.note().isEmpty() ? "not chosen" : c.note()))
                            .toList(),
                    promote.loss());
        }
        LOG.infof(
                "%s: promoting %s in term %d (%s); candidates %s",
                group, target.member(), promote.term(), promote.clearedBy(), describe(promote.candidates()));
        watch.transition(transition.promoting(new PromoteView(target.member(), target.runId(), Outcome.SENT)));
        List<String> command =
                new ArrayList<>(List.of("REPLICAOF", "NO", "ONE", "TERM", Long.toString(promote.term())));
        if (promote.force()) {
            command.add("FORCE");
        }
        CompletableFuture<Object> answer = order(probe, target, command.toArray(String[]::new));
        boolean confirmed = confirmed(target, answer, leaseMs);
        // What is forbidden was not executed: the term stays open, for this member or for another one.
        boolean forbidden = !confirmed && isForbidden(answer);
        synchronized (watch) {
            TransitionView now = watch.transition();
            if (now != null && now.term() == promote.term()) {
                Outcome outcome = confirmed ? Outcome.DONE : Outcome.UNKNOWN;
                watch.transition(
                        now.promoting(forbidden ? null : new PromoteView(target.member(), target.runId(), outcome)));
            }
        }
        if (confirmed) {
            // Its new history is known only from its next answer.
            probe.askNow(ORDER_MS);
        }
        return !forbidden;
    }

    private static boolean isForbidden(CompletableFuture<Object> answer) {
        boolean answered = answer.isDone() && !answer.isCompletedExceptionally();
        return answered && answer.join() instanceof NodeLink.Refusal refusal && refusal.isForbidden();
    }

    private static String describe(List<Decision.Candidate> candidates) {
        return String.join(
                ", ",
                candidates.stream()
                        .map(c -> c.member() + "@" + c.offset() + (c.note().isEmpty() ? "" : " (" + c.note() + ")"))
                        .toList());
    }

    /** The first answer gives the clock that the renewal echoes; the second comes after the renewal was executed. */
    private static boolean lease(MemberProbe probe) {
        probe.askNow(ORDER_MS);
        return probe.askNow(ORDER_MS);
    }

    /** From here on status knows the new history, so the master may be given its lease. */
    private boolean adopt(Decision.Adopt adopt) {
        FailoverRecord current = record != null && record.term() == adopt.term() ? record : null;
        StatusDraft draft = StatusDraft.of(cluster.status())
                .phase(Phase.Degraded)
                .master(adopt.master(), adopt.masterPod())
                .term(adopt.term())
                .history(adopt.history());
        if (current != null) {
            draft.lastFailover(current.toStatus());
        }
        if (!cluster.write(draft.build())) {
            LOG.infof("%s: %s could not be written as master; looking again", group, adopt.master());
            watch.status(StatusViews.of(cluster.status()));
            return false;
        }
        watch.status(StatusViews.of(cluster.status()));
        watch.adopted();
        fencing.clear();
        attaching.clear();
        LOG.infof("%s: %s is master of term %d", group, adopt.master(), adopt.term());
        boolean leased = watch.probe(adopt.master()).map(Actor::lease).orElse(false);
        if (current != null && leased) {
            current.promoted(adopt.master(), clock.millis());
        }
        return true;
    }

    /** The last failover as far as this process took part in it, once it is over and until it was {@link #reported}. */
    public Optional<LastFailover> finished() {
        boolean over = watch.transition() == null && cluster.status().master() != null && !isRouting();
        return record != null && over && leased(record) ? Optional.of(record.toStatus()) : Optional.empty();
    }

    /** Status has what {@link #finished} gave: tells metrics and events of it, and forgets it. */
    public void reported() {
        FailoverRecord finished = record;
        record = null;
        if (finished.reason().equals(Decision.Reason.FirstStart.name())) {
            cluster.announce(false, "MasterChosen", cluster.status().master() + " is the first master");
        } else {
            listener.failedOver(finished.reason(), finished.totalMillis());
            cluster.announce(
                    false,
                    "MasterChanged",
                    cluster.status().master() + " is master of term " + finished.term() + " after "
                            + finished.totalMillis() + " ms (" + finished.reason() + ")");
        }
    }

    /** Whether the new master has its lease: it may have confirmed it later than it was waited for. */
    private boolean leased(FailoverRecord finished) {
        LeaseView lease = watch.view().lease();
        if (!finished.isPromoted() && lease.confirmed() != null) {
            finished.promoted(cluster.status().master(), lease.confirmedSince());
        }
        return finished.isPromoted();
    }

    /** Never waits: who hangs must not hold up the others, and is not told twice while its answer is awaited. */
    private boolean attach(Decision.Attach attach) {
        Target target = attach.target();
        MemberProbe probe = watch.probe(target.member()).orElse(null);
        CompletableFuture<Object> before = attaching.get(target);
        if (probe == null || (before != null && !before.isDone())) {
            return false;
        }
        watch.attaching(target.member());
        LOG.infof("%s: %s shall follow %s in term %d", group, target.member(), attach.master(), attach.term());
        CompletableFuture<Object> answer = order(
                probe,
                target,
                "REPLICAOF",
                attach.host(),
                Integer.toString(port),
                "TERM",
                Long.toString(attach.term()));
        attaching.put(target, answer);
        // What it says next tells whether it follows; on a thread of its own, as this one reads that answer.
        var _ = answer.whenComplete((reply, failure) -> {
            if (confirmed(target, answer, 0)) {
                Thread.ofVirtual().name("ask-" + target.member()).start(() -> probe.askNow(ORDER_MS));
            }
        });
        return false;
    }

    private boolean regrant(Decision.Regrant regrant) {
        return write(StatusDraft.of(cluster.status()).lease(regrant.grant()));
    }

    private boolean inherit(Decision.Inherit inherit) {
        return write(StatusDraft.of(cluster.status()).history(inherit.history()));
    }

    private boolean write(StatusDraft draft) {
        boolean written = cluster.write(draft.build());
        watch.status(StatusViews.of(cluster.status()));
        return written;
    }

    private CompletableFuture<Object> order(MemberProbe probe, Target target, String... command) {
        return leadership.leading()
                ? probe.order(target.runId(), command)
                : CompletableFuture.failedFuture(new IOException("not the leader any more"));
    }

    private boolean confirmed(Target target, CompletableFuture<Object> answer, long timeoutMs) {
        try {
            Object reply = NodeLink.await(answer, timeoutMs);
            if (reply instanceof NodeLink.Refusal refusal) {
                LOG.infof("%s: %s refused: %s", group, target.member(), refusal.message());
                return false;
            }
            return true;
        } catch (IOException e) {
            LOG.infof("%s: %s did not confirm: %s", group, target.member(), e.getMessage());
            return false;
        }
    }

    private static void waitFor(List<CompletableFuture<?>> answers) {
        try {
            CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).get(ORDER_MS, TimeUnit.MILLISECONDS);
        } catch (java.util.concurrent.TimeoutException | java.util.concurrent.ExecutionException e) {
            // Whoever answered is noted; the others may still come.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
