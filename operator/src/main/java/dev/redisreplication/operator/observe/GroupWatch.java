package dev.redisreplication.operator.observe;

import dev.redisreplication.operator.resource.Ordinals;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * All that this process sees and remembers of one group: a probe for each pod, the bookkeeping of leases, the change of
 * master under way. Gives immutable views to decide from, and renews the master's lease. All methods may be called from any thread;
 * none of them does I/O while it holds the lock.
 */
public final class GroupWatch implements MemberProbe.Listener, AutoCloseable {

    private static final Logger LOG = Logger.getLogger(GroupWatch.class);

    private final String group;
    private final int port;
    private final Supplier<List<String>> passwords;
    private final Clock clock;
    private final Leadership leadership;
    private final NodeLoop loop;
    private final Function<GroupView, Optional<? extends Renewal>> renewals;
    private final NodeLoop.Alarm alarm;
    private final Runnable changed;
    private final Map<String, MemberProbe> probes = new TreeMap<>();
    private final Map<String, PodView> pods = new TreeMap<>();
    /** Run id of the process that answered last, by member. */
    private final Map<String, String> processes = new TreeMap<>();

    private final LeaseBook leases = new LeaseBook();
    private final Attachments attachments = new Attachments();

    private SpecView spec;
    private StatusView status = new StatusView(0, "", "", History.UNKNOWN, null);
    private TransitionView transition;
    private MasterProcess master;
    private long steadySince;
    private long lastTurn;
    private long thisTick;
    private long nextTick;
    private volatile boolean closed;

    /**
     * Looks at nothing, and calls nobody, before it is given {@link #pods}.
     *
     * @param group name for the log
     * @param port of the nodes
     * @param passwords that the nodes may take, the newest first; none when none is known
     * @param loop its thread does all I/O
     * @param renewals tells from a view which lease is to be renewed at this moment, purely
     * @param changed called on the loop's thread when something changed that a decision may depend on, offsets aside; must not block
     */
    public GroupWatch(
            String group,
            int port,
            SpecView spec,
            Supplier<List<String>> passwords,
            Clock clock,
            Leadership leadership,
            NodeLoop loop,
            Function<GroupView, Optional<? extends Renewal>> renewals,
            Runnable changed) {
        this.group = group;
        this.port = port;
        this.spec = spec;
        this.passwords = passwords;
        this.clock = clock;
        this.leadership = leadership;
        this.loop = loop;
        this.renewals = renewals;
        this.changed = changed;
        this.steadySince = clock.millis();
        this.lastTurn = steadySince;
        this.nextTick = steadySince;
        this.alarm = loop.alarm(this::turn);
    }

    /** Takes over the parameters of the spec. */
    public synchronized void spec(SpecView now) {
        spec = now;
    }

    /** Takes over the status; the caller sees to it that it is never older than this process' own last write. */
    public synchronized void status(StatusView now) {
        if (now.term() != status.term()) {
            leases.newTerm();
        }
        status = now;
        if (transition != null && transition.term() != now.term()) {
            transition = null;
        }
    }

    /** Takes over the complete list of pods; starts and ends probes. */
    public void pods(Map<String, PodView> now) {
        List<MemberProbe> ended = new ArrayList<>();
        synchronized (this) {
            if (closed) {
                return;
            }
            noteEnds(now);
            noteGone(now);
            probes.values().removeIf(probe -> {
                PodView pod = now.get(probe.name());
                boolean gone = pod == null
                        || !pod.uid().equals(probe.podUid())
                        || !pod.ip().equals(probe.address());
                if (gone) {
                    ended.add(probe);
                }
                return gone;
            });
            boolean left = masterLeaves();
            pods.clear();
            pods.putAll(now);
            if (masterLeaves() && !left) {
                nextTick = clock.millis();
                probes.values().forEach(MemberProbe::poke);
            }
            now.forEach((name, pod) -> {
                if (!pod.ip().isEmpty() && !probes.containsKey(name)) {
                    probes.put(
                            name,
                            new MemberProbe(name, pod.uid(), pod.ip(), () -> probeSettings(name), clock, loop, this));
                }
            });
        }
        ended.forEach(MemberProbe::stop);
        due();
    }

    /** Takes over one pod that was just changed by this process. */
    public synchronized void pod(String name, PodView now) {
        pods.computeIfPresent(name, (key, before) -> before.uid().equals(now.uid()) ? now : before);
    }

    private void noteEnds(Map<String, PodView> now) {
        attachments.pods(now, master == null ? "" : master.podUid(), status.master());
        if (master != null && !master.ended()) {
            PodView pod = now.get(master.member());
            if (pod != null && pod.provesEnd(master.podUid(), master.startedAt())) {
                master = master.asEnded();
            }
        }
    }

    /** Who ended may have voted until now; a pod that only shows a new end counts too, whoever it was. */
    private void noteGone(Map<String, PodView> now) {
        pods.forEach((name, before) -> {
            PodView pod = now.get(name);
            boolean gone = pod == null || !pod.uid().equals(before.uid()) || pod.endedBefore() > before.endedBefore();
            if (gone) {
                leases.gone(before.uid(), clock.millis());
            }
        });
    }

    private synchronized MemberProbe.Settings probeSettings(String member) {
        long tick = atRest(member) ? 2 * tickMs() : tickMs();
        return new MemberProbe.Settings(port, tick, (int) spec.leaseMs(), passwords.get());
    }

    private long tickMs() {
        return Math.max(20, spec.leaseMs() / (masterLeaves() ? 20 : 4));
    }

    /** Its pod is to go: clients wait from the moment at which it says that it hands over until another has its role. */
    private boolean masterLeaves() {
        PodView pod = pods.get(status.master());
        return pod != null && pod.deleting();
    }

    /** A replica that follows a master that answers has little to say; when that ends it is asked at once. */
    private boolean atRest(String member) {
        MemberProbe itself = probes.get(member);
        MemberProbe leading = probes.get(status.master());
        NodeFacts facts = itself == null ? null : itself.seen().facts();
        return transition == null
                && !masterLeaves()
                && leading != null
                && leading != itself
                && leading.seen().link() == Link.OK
                && facts != null
                && facts.role() == ManagedRole.REPLICA
                && facts.linkUp();
    }

    /** What is seen now. */
    public synchronized GroupView view() {
        boolean leader = leadership.leading();
        long now = clock.millis();
        turned(now, leader);
        if (!leader) {
            transition = null;
        }
        if (leader) {
            leases.gone("", leadership.since());
        }
        if (status.grant() != null) {
            leases.bound(leadership.since() + status.grant().ttlMs());
        }
        return new GroupView(
                now,
                steadySince,
                leader,
                spec,
                status,
                members(),
                true,
                transition,
                master,
                attachments.ghosts(),
                leases.view());
    }

    private void turned(long now, boolean leader) {
        if (now - lastTurn > spec.leaseMs() / 2 || !leader) {
            steadySince = now;
        }
        lastTurn = now;
        steadySince = Math.max(steadySince, leader ? leadership.since() : now);
    }

    private List<MemberView> members() {
        Map<String, MemberView> members = new TreeMap<>();
        for (int ordinal = 0; ordinal < spec.replicas(); ordinal++) {
            String name = group + "-" + ordinal;
            members.put(name, new MemberView(name, ordinal, null, Link.NONE, null, 0, 0));
        }
        pods.forEach((name, pod) -> {
            MemberProbe probe = probes.get(name);
            MemberProbe.Seen seen = probe == null ? new MemberProbe.Seen(Link.NONE, null, 0, 0, 0) : probe.seen();
            members.put(
                    name,
                    new MemberView(
                            name,
                            Ordinals.of(name),
                            pod,
                            seen.link(),
                            seen.facts(),
                            seen.askedAt(),
                            seen.answeredAt(),
                            probe == null ? "" : probe.denial()));
        });
        return members.values().stream()
                .sorted(Comparator.comparingInt(MemberView::ordinal))
                .toList();
    }

    /** The probe of a member; empty while it has no pod with an address. */
    public synchronized Optional<MemberProbe> probe(String member) {
        return Optional.ofNullable(probes.get(member));
    }

    /** Members that could not load their data and wait to be told what to do, with the reason. */
    public synchronized Map<String, String> unloadable() {
        Map<String, String> found = new TreeMap<>();
        probes.forEach((name, probe) -> {
            if (!probe.unloadable().isEmpty()) {
                found.put(name, probe.unloadable());
            }
        });
        return found;
    }

    /** Members of the spec that are not known to take this password: some may not be there. */
    public synchronized List<String> lacking(String password) {
        return members().stream()
                .filter(member -> member.ordinal() < spec.replicas())
                .map(MemberView::name)
                .filter(name -> !probes.containsKey(name) || !probes.get(name).takes(password))
                .toList();
    }

    /** The failover under way; null if none. */
    public synchronized TransitionView transition() {
        return transition;
    }

    /** Begins, changes or (null) ends the failover. */
    public synchronized void transition(TransitionView now) {
        transition = now;
    }

    /** The status names the master of its term: the change that led to it is over. */
    public synchronized void adopted() {
        if (transition != null) {
            attachments.newMaster();
        }
        transition = null;
        probes.values().forEach(this::note);
    }

    /** An order to attach is about to leave. */
    public synchronized void attaching(String member) {
        PodView pod = pods.get(member);
        if (pod != null) {
            attachments.attaching(pod.uid());
        }
    }

    @Override
    public void answered(MemberProbe probe, boolean news) {
        synchronized (this) {
            if (closed || probes.get(probe.name()) != probe) {
                return;
            }
            note(probe);
        }
        heartbeat(probe);
        if (news) {
            changed.run();
        }
    }

    @Override
    public void linkChanged(MemberProbe probe) {
        List<MemberProbe> others;
        synchronized (this) {
            boolean master = probe.name().equals(status.master());
            others = master ? List.copyOf(probes.values()) : List.of();
        }
        // Whether the master is lost is for its replicas to say.
        others.stream().filter(other -> other != probe).forEach(MemberProbe::poke);
        due();
        changed.run();
    }

    @Override
    public void due() {
        alarm.by(clock.millis());
    }

    private void note(MemberProbe probe) {
        NodeFacts facts = probe.seen().facts();
        if (facts == null) {
            return;
        }
        attachments.answered(probe.podUid(), facts);
        String before = processes.put(probe.name(), facts.runId());
        if (!facts.runId().equals(before)) {
            // Also at its first answer: one before it may have ended unseen.
            leases.gone(probe.podUid(), clock.millis());
        }
        if (status.term() == 0 || facts.term() != status.term()) {
            return;
        }
        // During a change the old master is remembered as it was.
        if (facts.role() == ManagedRole.MASTER && transition == null) {
            boolean ended = master != null && master.ended() && master.runId().equals(facts.runId());
            master = new MasterProcess(
                    probe.name(),
                    facts.term(),
                    probe.podUid(),
                    facts.startedAt(),
                    facts.runId(),
                    facts.history(),
                    facts.offset(),
                    facts.handingOver(),
                    ended);
        }
    }

    /** Renews the lease through this member if it is the master to be renewed. */
    public void heartbeat(MemberProbe probe) {
        Renewal renew;
        synchronized (this) {
            if (!probe.name().equals(status.master())) {
                return;
            }
            // Decided and noted at once: a failover that begins now either forbids it or waits for it.
            renew = renewals.apply(view()).orElse(null);
            if (renew == null || !renew.member().equals(probe.name())) {
                return;
            }
            MemberProbe.Seen seen = probe.seen();
            if (seen.facts().clock() != renew.clock()) {
                return;
            }
            leases.sending(renew.grant(), seen.answeredAt());
        }
        if (!leadership.leading()) {
            return;
        }
        CompletableFuture<Object> answer = probe.order(
                renew.runId(),
                "LEASE",
                "RENEW",
                Long.toString(renew.term()),
                Long.toString(renew.grant().ttlMs()),
                Integer.toString(renew.grant().replicas()),
                Long.toString(renew.clock()));
        var _ = answer.whenComplete((reply, failure) -> {
            if (reply instanceof Long) {
                synchronized (this) {
                    if (status.term() == renew.term()) {
                        leases.confirmed(renew.grant(), clock.millis());
                    }
                }
            } else if (reply instanceof NodeLink.Refusal refusal) {
                LOG.infof("%s: %s refused the renewal of its lease: %s", group, probe.name(), refusal.message());
            }
        });
    }

    /** Does what is due. All nodes are asked at once, so that this process wakes up for it once. */
    private void turn() {
        long now = clock.millis();
        List<MemberProbe> all;
        boolean tick;
        long began;
        long next;
        synchronized (this) {
            if (closed) {
                return;
            }
            tick = now >= nextTick;
            if (tick) {
                thisTick = now - nextTick < tickMs() ? nextTick : now;
                nextTick = thisTick + tickMs();
            }
            began = thisTick;
            next = nextTick;
            all = List.copyOf(probes.values());
        }
        try {
            for (MemberProbe probe : all) {
                next = Math.min(next, probe.turn(now, began));
            }
        } finally {
            alarm.by(next);
        }
        // Time passes also when nobody answers: leases run out, and a paused process has to notice that it was paused.
        if (tick) {
            changed.run();
        }
    }

    @Override
    public void close() {
        List<MemberProbe> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(probes.values());
            probes.clear();
        }
        alarm.cancel();
        all.forEach(MemberProbe::stop);
    }
}
