package dev.redisreplication.operator;

import dev.redisreplication.api.v1alpha1.LastFailover;
import dev.redisreplication.api.v1alpha1.RedisReplicationGroup;
import dev.redisreplication.api.v1alpha1.RedisReplicationGroupStatus;
import dev.redisreplication.operator.act.Actor;
import dev.redisreplication.operator.act.InFlight;
import dev.redisreplication.operator.act.KubernetesCluster;
import dev.redisreplication.operator.decide.Decider;
import dev.redisreplication.operator.decide.Decision;
import dev.redisreplication.operator.decide.Decision.Situation;
import dev.redisreplication.operator.decide.Heartbeat;
import dev.redisreplication.operator.observe.Clock;
import dev.redisreplication.operator.observe.GroupView;
import dev.redisreplication.operator.observe.GroupWatch;
import dev.redisreplication.operator.observe.Leadership;
import dev.redisreplication.operator.observe.Link;
import dev.redisreplication.operator.observe.MemberView;
import dev.redisreplication.operator.observe.NodeLoop;
import dev.redisreplication.operator.observe.PodView;
import dev.redisreplication.operator.observe.PodViews;
import dev.redisreplication.operator.observe.SpecView;
import dev.redisreplication.operator.observe.TransitionView;
import dev.redisreplication.operator.resource.GroupModel;
import dev.redisreplication.operator.resource.PasswordRing;
import dev.redisreplication.operator.resource.ResourceApplier;
import dev.redisreplication.operator.status.StatusChange;
import dev.redisreplication.operator.status.StatusComposer;
import dev.redisreplication.operator.status.StatusComposer.Finding;
import dev.redisreplication.operator.status.StatusDraft;
import dev.redisreplication.operator.status.StatusViews;
import dev.redisreplication.operator.status.StorageCondition;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * One group as this process runs it, from its first reconciliation until it is deleted. The reconciler calls it from one thread at a
 * time; the watch's threads only ask whether it needs to be woken.
 */
final class ManagedGroup implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(ManagedGroup.class);
    /** Figures alone are written this often at most. */
    private static final long FIGURES_EVERY_MS = 10_000;
    /** What is not well is looked at again this soon, although changes wake the reconciler anyway. */
    private static final long UNSETTLED_LOOK_MS = 500;
    /** While a password is replaced, or members take none. */
    private static final long PASSWORDS_EVERY_MS = 1000;
    /** Rounds of decide and act in one reconciliation; a whole failover takes about six. */
    private static final int MAX_ROUNDS = 20;

    private final String uid;
    private final String label;
    private final int port;
    private final Clock clock;
    private final KubernetesCluster cluster;
    private final ResourceApplier applier;
    private final GroupWatch watch;
    private final Actor actor;
    private final Runnable wake;
    private final Passwords passwords;
    private final MemberRecovery recovery;
    private final Map<String, Pod> newerPods = new ConcurrentHashMap<>();
    private volatile List<Object> quiet = List.of();
    private Situation announced = Situation.Healthy;
    private List<String> announcedDenied = List.of();
    private long writtenAt;
    private long unsettledSince;

    ManagedGroup(
            RedisReplicationGroup group,
            int port,
            KubernetesClient client,
            Clock clock,
            Leadership leadership,
            NodeLoop nodes,
            InFlight inFlight,
            Runnable wake,
            Actor.Listener listener) {
        String name = group.getMetadata().getName();
        this.uid = group.getMetadata().getUid();
        this.label = group.getMetadata().getNamespace() + "/" + name;
        this.port = port;
        this.clock = clock;
        this.wake = wake;
        this.writtenAt = clock.millis() - FIGURES_EVERY_MS;
        this.applier = new ResourceApplier(client);
        this.passwords = new Passwords(client, clock);
        this.cluster = new KubernetesCluster(client, group, this::labelled, inFlight);
        this.watch = new GroupWatch(
                name,
                port,
                specView(group),
                passwords::known,
                clock,
                leadership,
                nodes,
                Heartbeat::renew,
                this::wakeIfNeeded);
        this.recovery = new MemberRecovery(label, watch, cluster);
        this.actor = new Actor(label, port, watch, cluster, clock, leadership, wake, listener);
    }

    String uid() {
        return uid;
    }

    /** The newest state of the resource that this process has seen. */
    RedisReplicationGroup resource() {
        return cluster.resource();
    }

    ResourceApplier applier() {
        return applier;
    }

    GroupWatch watch() {
        return watch;
    }

    MemberRecovery recovery() {
        return recovery;
    }

    Passwords passwords() {
        return passwords;
    }

    /**
     * Looks at the Secrets, if there is time or if nodes take none of the passwords that are known.
     *
     * @param owned Secrets of the group that this operator made
     */
    void lookAtPasswords(GroupModel model, Collection<Secret> owned) {
        boolean denied = watch.view().members().stream().anyMatch(member -> member.link() == Link.DENIED);
        if (denied || hasTime()) {
            passwords.look(model, owned, denied, watch::lacking);
        }
    }

    /**
     * Whether there is time for anything but a failover: none is under way, or it waits for what only a mended spec, another
     * Secret or a new pod may bring.
     */
    boolean hasTime() {
        return watch.transition() == null || isUnsettledForLong(watch.view());
    }

    /** Members that do not let the operator in, or forbid it something. */
    private static List<MemberView> denied(GroupView view) {
        return view.members().stream()
                .filter(member -> !member.denial().isEmpty())
                .toList();
    }

    /** What is to be said of a password that is being replaced, "" when none is. */
    private String rotation(GroupModel model) {
        PasswordRing ring = passwords.ring();
        if (!ring.turning()) {
            return "";
        }
        List<String> lacking = watch.lacking(ring.newest());
        return "the password before is valid until "
                + ring.since().plus(model.previousValid()).truncatedTo(ChronoUnit.SECONDS)
                + (lacking.isEmpty() ? "" : ", and until all take the new one; not yet: " + String.join(", ", lacking));
    }

    private static SpecView specView(RedisReplicationGroup group) {
        var spec = GroupModel.of(group, "").spec();
        return new SpecView(
                spec.replicas(),
                spec.failover().leaseMilliseconds(),
                spec.persistence().mode() == dev.redisreplication.api.v1alpha1.Persistence.Mode.AppendOnly);
    }

    /** Takes over what the informers show. */
    void observe(RedisReplicationGroup group, Collection<Pod> pods) {
        cluster.seen(group);
        watch.spec(specView(group));
        watch.status(StatusViews.of(cluster.status()));
        Map<String, PodView> views = new TreeMap<>();
        for (Pod pod : pods) {
            Pod newer = newerPods.get(pod.getMetadata().getUid());
            if (newer != null && version(newer) <= version(pod)) {
                newerPods.remove(pod.getMetadata().getUid());
                newer = null;
            }
            views.put(pod.getMetadata().getName(), PodViews.of(newer == null ? pod : newer));
        }
        newerPods.keySet().removeIf(pod -> views.values().stream()
                .noneMatch(view -> view.uid().equals(pod)));
        watch.pods(views);
    }

    /** A label that this process has just set counts before the informer shows it. */
    private void labelled(Pod pod) {
        newerPods.put(pod.getMetadata().getUid(), pod);
        watch.pod(pod.getMetadata().getName(), PodViews.of(pod));
    }

    private static long version(Pod pod) {
        try {
            return Long.parseLong(pod.getMetadata().getResourceVersion());
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    /**
     * Decides and acts until there is nothing more to do now.
     *
     * @return the last decisions, which were not (or could not be) carried out
     */
    List<Decision> decideAndAct() {
        List<Decision> decisions = List.of();
        for (int round = 0; round < MAX_ROUNDS; round++) {
            GroupView view = watch.view();
            decisions = Decider.decide(view);
            quiet = signature(view, decisions);
            if (!actor.carryOut(view, decisions)) {
                break;
            }
        }
        return decisions;
    }

    /**
     * Writes the status if it is worth it.
     *
     * @param specReason why the spec cannot be carried out, in one word; "" if it can
     * @param specProblem the same in a sentence
     */
    void writeStatus(
            GroupModel model, List<Decision> decisions, long generation, String specReason, String specProblem) {
        GroupView view = watch.view();
        if (!view.leader()) {
            return;
        }
        Finding finding = finding(decisions, specReason, specProblem, rotation(model));
        if (!settled(view, finding)) {
            return;
        }
        RedisReplicationGroupStatus before = cluster.status();
        RedisReplicationGroupStatus composed =
                StatusComposer.compose(before, view, finding, port, generation, Instant.now());
        Optional<LastFailover> finished = actor.finished();
        RedisReplicationGroupStatus after = finished.map(
                        last -> StatusDraft.of(composed).lastFailover(last).build())
                .orElse(composed);
        StatusChange change = StatusChange.between(before, after);
        boolean due = clock.millis() - writtenAt >= FIGURES_EVERY_MS;
        boolean worthIt = change == StatusChange.FACTS || (change == StatusChange.FIGURES && due);
        boolean written = true;
        if (worthIt) {
            writtenAt = clock.millis();
            written = cluster.write(after);
            watch.status(StatusViews.of(cluster.status()));
            if (written && before.phase() != after.phase()) {
                LOG.infof("%s: %s", label, after.phase());
            }
        }
        if (finished.isPresent() && written) { // else another one wrote meanwhile: the next look writes it
            actor.reported();
        }
        announce(finding);
        if (worthIt && written) {
            announceStorage(StorageCondition.problems(before), StorageCondition.problems(after));
        }
        announceDenied(model, denied(view));
    }

    private void announceStorage(String before, String now) {
        if (before.equals(now)) {
            return;
        }
        LOG.infof("%s: members that cannot keep data: %s", label, now.isEmpty() ? "none any more" : now);
        cluster.announce(
                !now.isEmpty(),
                now.isEmpty() ? "MembersPersistAgain" : "MembersCannotPersist",
                now.isEmpty() ? "all members keep their data again" : now);
    }

    /**
     * A failover passes through states that are over before anybody could read them. Writing them down would only make it
     * slower, so what is neither well nor lasting is not written yet.
     */
    private boolean settled(GroupView view, Finding finding) {
        if (finding.situation() == Situation.Healthy && view.transition() == null && !actor.isRouting()) {
            unsettledSince = 0;
            return true;
        }
        if (unsettledSince == 0) {
            unsettledSince = view.now();
        }
        return isUnsettledForLong(view);
    }

    private boolean isUnsettledForLong(GroupView view) {
        return unsettledSince != 0 && view.now() - unsettledSince >= view.spec().leaseMs();
    }

    private static Finding finding(List<Decision> decisions, String specReason, String specProblem, String rotation) {
        for (Decision decision : decisions) {
            if (decision instanceof Decision.Wait wait) {
                return new Finding(wait.situation(), wait.message(), specReason, specProblem, rotation);
            }
            if (decision instanceof Decision.Nothing nothing) {
                return new Finding(nothing.situation(), nothing.message(), specReason, specProblem, rotation);
            }
        }
        return new Finding(Situation.Healthy, "", specReason, specProblem, rotation);
    }

    private void announce(Finding finding) {
        Situation now = finding.situation();
        if (now == announced) {
            return;
        }
        announced = now;
        if (now == Situation.Healthy || now == Situation.NotLeader) {
            LOG.infof("%s: %s", label, now);
            return;
        }
        LOG.infof("%s: %s: %s", label, now, finding.message());
        // The short waits within a failover are in status.lastFailover; only the others deserve an event.
        // Members that take no password are announced by their names.
        if (now != Situation.WaitingForFence
                && now != Situation.WaitingForPromotion
                && now != Situation.PasswordMismatch
                && now != Situation.PermissionDenied) {
            cluster.announce(!isBeginning(), now.name(), finding.message());
        }
    }

    /** Nobody has led yet: members that are still to come are nothing to warn of. */
    private boolean isBeginning() {
        Long term = cluster.status().term();
        TransitionView change = watch.transition();
        boolean first = change != null && change.suspects() == TransitionView.Suspects.NOBODY;
        return term == null || term == 0 || first;
    }

    private void announceDenied(GroupModel model, List<MemberView> denied) {
        boolean forbidden = denied.stream().allMatch(MemberView::forbids);
        List<String> names = denied.stream().map(MemberView::name).toList();
        if (!names.isEmpty() && !names.equals(announcedDenied)) {
            String message = denied.stream().map(MemberView::nameWithDenial).collect(Collectors.joining(", "))
                    + (forbidden
                            ? ": the rules of the user default forbid what the operator needs"
                            : ": no password known is taken; is that in the Secret " + model.secretName()
                                    + " right, and the user default on?");
            LOG.infof("%s: %s", label, message);
            Situation situation = forbidden ? Situation.PermissionDenied : Situation.PasswordMismatch;
            cluster.announce(true, situation.name(), message);
        }
        announcedDenied = names;
    }

    /** Milliseconds until time alone may change the decision. */
    long againIn(List<Decision> decisions) {
        long now = clock.millis();
        long again = unsettledSince == 0 ? FIGURES_EVERY_MS : UNSETTLED_LOOK_MS;
        if (passwords.ring().turning() || !announcedDenied.isEmpty()) {
            again = Math.min(again, PASSWORDS_EVERY_MS);
        }
        for (Decision decision : decisions) {
            if (decision instanceof Decision.Wait wait && wait.untilMs() >= 0) {
                again = Math.min(again, Math.max(1, wait.untilMs() - now));
            }
        }
        return again;
    }

    private void wakeIfNeeded() {
        GroupView view = watch.view();
        if (!signature(view, Decider.decide(view)).equals(quiet)) {
            wake.run();
        }
    }

    /** What a reconciliation depends on, offsets and times aside. Never equal while there is something to be done. */
    private static List<Object> signature(GroupView view, List<Decision> decisions) {
        List<Object> parts = new java.util.ArrayList<>();
        for (Decision decision : decisions) {
            switch (decision) {
                case Decision.Nothing nothing -> parts.add(nothing.situation());
                case Decision.Wait wait -> parts.add(wait.situation());
                default -> parts.add(new Object());
            }
        }
        view.members().forEach(member -> {
            parts.add(member.link());
            var facts = member.facts();
            if (facts != null) {
                parts.add(facts.standing());
            }
        });
        return parts;
    }

    @Override
    public void close() {
        watch.close();
    }
}
