package dev.redisreplication.operator;

import dev.redisreplication.api.v1alpha1.RedisReplicationGroup;
import dev.redisreplication.operator.act.InFlight;
import dev.redisreplication.operator.act.KubernetesCluster;
import dev.redisreplication.operator.act.Notes;
import dev.redisreplication.operator.decide.Policy;
import dev.redisreplication.operator.group.Group;
import dev.redisreplication.operator.observe.Clock;
import dev.redisreplication.operator.observe.GroupView;
import dev.redisreplication.operator.observe.Leadership;
import dev.redisreplication.operator.observe.Link;
import dev.redisreplication.operator.observe.NodeLink;
import dev.redisreplication.operator.observe.NodeLoop;
import dev.redisreplication.operator.observe.PodView;
import dev.redisreplication.operator.observe.PodViews;
import dev.redisreplication.operator.observe.SpecView;
import dev.redisreplication.operator.observe.Wishes;
import dev.redisreplication.operator.resource.GroupModel;
import dev.redisreplication.operator.resource.Labels;
import dev.redisreplication.operator.resource.PasswordRing;
import dev.redisreplication.operator.resource.ResourceApplier;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One group as this process runs it, from its first reconciliation until it is deleted: what the reconciler, one thread at a time, does
 * for it and posts to its loop.
 */
final class ManagedGroup implements AutoCloseable {

    /** Even when nothing happens objects are compared so often. */
    private static final long LOOK_EVERY_MS = 10_000;
    /** While a password is replaced, or members take none. */
    private static final long PASSWORDS_EVERY_MS = 1000;
    /** The loop never waits, so it answers at once, if it lives. */
    private static final long ANSWER_MS = 2_000;

    private final String uid;
    private final KubernetesCluster cluster;
    private final ResourceApplier applier;
    private final Passwords passwords;
    private final MemberRecovery recovery;
    private final Group loop;
    /** Pods that this process has labelled, until the informer shows them. */
    private final Map<String, Pod> newerPods = new ConcurrentHashMap<>();

    ManagedGroup(
            RedisReplicationGroup group,
            int port,
            KubernetesClient client,
            Clock clock,
            Leadership leadership,
            NodeLoop nodes,
            InFlight inFlight,
            Group.Listener listener) {
        String name = group.getMetadata().getName();
        String label = group.getMetadata().getNamespace() + "/" + name;
        this.uid = group.getMetadata().getUid();
        this.applier = new ResourceApplier(client);
        this.passwords = new Passwords(client, clock);
        this.cluster = new KubernetesCluster(client, group, this::labelled);
        this.recovery = new MemberRecovery(label, cluster);
        this.loop = new Group(
                name,
                label,
                port,
                specView(group),
                passwords::known,
                new Group.Ports(
                        clock,
                        InstantSource.system(),
                        leadership,
                        nodes,
                        (host, at, known, closed) -> NodeLink.open(nodes, host, at, known, closed),
                        cluster,
                        inFlight),
                Policy.REAL,
                listener);
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

    MemberRecovery recovery() {
        return recovery;
    }

    Passwords passwords() {
        return passwords;
    }

    /** What was seen when it was decided last. From any thread. */
    GroupView shown() {
        return loop.shown();
    }

    /** See {@link Group#hasTime}. */
    boolean hasTime() {
        return loop.hasTime();
    }

    /**
     * Looks at the Secrets, if there is time or if nodes take none of the passwords that are known.
     *
     * @param owned Secrets of the group that this operator made
     */
    void lookAtPasswords(GroupModel model, Collection<Secret> owned) {
        boolean denied = shown().members().stream().anyMatch(member -> member.link() == Link.DENIED);
        if (denied || hasTime()) {
            passwords.look(model, owned, denied, this::lacking);
        }
    }

    private List<String> lacking(String password) {
        try {
            return loop.ask(members -> members.lacking(password)).get(ANSWER_MS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the group's loop does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What is to be said of a password that is being replaced, "" when none is. */
    private String rotation(GroupModel model) {
        PasswordRing ring = passwords.ring();
        if (!ring.turning()) {
            return "";
        }
        List<String> lacking = lacking(ring.newest());
        return "the password before is valid until "
                + ring.since().plus(model.previousValid()).truncatedTo(ChronoUnit.SECONDS)
                + (lacking.isEmpty() ? "" : ", and until all take the new one; not yet: " + String.join(", ", lacking));
    }

    private static SpecView specView(RedisReplicationGroup group) {
        var spec = GroupModel.of(group, "").spec();
        return new SpecView(
                spec.replicas(),
                spec.failover().leaseMilliseconds(),
                spec.persistence().mode() == dev.redisreplication.api.v1alpha1.Persistence.Mode.AppendOnly,
                wishes(group.getMetadata().getAnnotations(), spec.preferredMaster()));
    }

    private static Wishes wishes(Map<String, String> annotations, String preferred) {
        Map<String, String> said = annotations == null ? Map.of() : annotations;
        return new Wishes(
                said.getOrDefault(Labels.SWITCHOVER, "").strip(),
                said.getOrDefault(Labels.SWITCHOVER_FORCE, "").strip().equals("true"),
                preferred == null ? "" : preferred);
    }

    /** Posts what the informers show. */
    void observe(RedisReplicationGroup group, Collection<Pod> pods) {
        cluster.seen(group);
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
        loop.seen(specView(group), KubernetesCluster.stored(group), views);
    }

    /** A label that this process has just set counts before the informer shows it. */
    private void labelled(Pod pod) {
        newerPods.put(pod.getMetadata().getUid(), pod);
        loop.seen(pod.getMetadata().getName(), PodViews.of(pod));
    }

    private static long version(Pod pod) {
        try {
            return Long.parseLong(pod.getMetadata().getResourceVersion());
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    /**
     * Posts what the status has to say besides what is seen.
     *
     * @param specReason why the spec cannot be carried out, in one word; "" if it can
     * @param specProblem the same in a sentence
     */
    void note(GroupModel model, long generation, String specReason, String specProblem) {
        loop.noted(new Notes(
                generation,
                specReason,
                specProblem,
                rotation(model),
                model.secretName(),
                specProblem.isEmpty() && model.spec().recovery().replaceUnloadableData()));
    }

    /** Milliseconds until it is to be reconciled again if nothing happens. */
    long againIn() {
        boolean denied =
                shown().members().stream().anyMatch(member -> !member.denial().isEmpty());
        return denied || passwords.ring().turning() ? PASSWORDS_EVERY_MS : LOOK_EVERY_MS;
    }

    @Override
    public void close() {
        loop.close();
    }
}
