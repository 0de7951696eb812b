package dev.redisreplication.operator.observe;

import dev.redisreplication.operator.resource.Ordinals;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What is seen of a group's members: the pods as the API server shows them, and a probe for each. Remembers nothing else. All of it
 * happens on the mailbox' thread.
 */
public final class Members implements MemberProbe.Listener, AutoCloseable {

    /** Hears what is seen. */
    public interface Listener {
        /**
         * A node answered.
         *
         * @param news whether it said anything new besides offsets and times
         */
        void answered(MemberProbe probe, boolean news);

        /** The state of a connection changed. */
        void changed();

        /** All were asked. Time passes also when nobody answers: leases run out, and a paused process has to notice it. */
        void ticked();
    }

    /**
     * What decides how often they are asked.
     *
     * @param master the member that status names, "" for none
     * @param changing a failover is under way
     * @param waited clients wait for what is seen next
     */
    public record Attention(SpecView spec, String master, boolean changing, boolean waited) {}

    private final String group;
    private final int port;
    private final Supplier<List<String>> passwords;
    private final Clock clock;
    private final Line.Opener lines;
    private final Listener listener;
    private final Mailbox.Alarm alarm;
    private final Map<String, MemberProbe> probes = new TreeMap<>();
    private final Map<String, PodView> pods = new TreeMap<>();
    private Attention attention = new Attention(new SpecView(0, 1000, false), "", false, false);
    private boolean complete;
    private long thisTick;
    private long nextTick;
    private boolean closed;

    /**
     * Looks at nothing, and calls nobody, before it is given {@link #pods}.
     *
     * @param group the beginning of the members' names
     * @param port of the nodes
     * @param passwords that the nodes may take, the newest first; none when none is known
     */
    public Members(
            String group,
            int port,
            Supplier<List<String>> passwords,
            Clock clock,
            Mailbox mailbox,
            Line.Opener lines,
            Listener listener) {
        this.group = group;
        this.port = port;
        this.passwords = passwords;
        this.clock = clock;
        this.lines = lines;
        this.listener = listener;
        this.nextTick = clock.millis();
        this.alarm = mailbox.alarm(this::turn);
    }

    /** Takes over what decides how often they are asked; who leaves is asked at once. */
    public void attend(Attention now) {
        boolean hurried = hurries();
        attention = now;
        hasten(hurried);
    }

    /** Takes over the complete list of pods; starts and ends probes. */
    public void pods(Map<String, PodView> now) {
        if (closed) {
            return;
        }
        complete = true;
        probes.values().removeIf(probe -> {
            PodView pod = now.get(probe.name());
            boolean gone = pod == null
                    || !pod.uid().equals(probe.podUid())
                    || !pod.ip().equals(probe.address());
            if (gone) {
                probe.stop();
            }
            return gone;
        });
        boolean hurried = hurries();
        pods.clear();
        pods.putAll(now);
        hasten(hurried);
        now.forEach((name, pod) -> {
            if (!pod.ip().isEmpty() && !probes.containsKey(name)) {
                probes.put(name, new MemberProbe(name, pod.uid(), pod.ip(), () -> settings(name), clock, lines, this));
            }
        });
        due();
    }

    private void hasten(boolean before) {
        if (hurries() && !before) {
            nextTick = clock.millis();
            probes.values().forEach(MemberProbe::poke);
            due();
        }
    }

    /** Takes over one pod that was just changed by this process. */
    public void pod(String name, PodView now) {
        pods.computeIfPresent(name, (key, before) -> before.uid().equals(now.uid()) ? now : before);
    }

    /** The pods as last shown. */
    public Map<String, PodView> pods() {
        return pods;
    }

    /** Whether the list of pods is known. */
    public boolean isComplete() {
        return complete;
    }

    private MemberProbe.Settings settings(String member) {
        long tick = atRest(member) ? 2 * tickMs() : tickMs();
        return new MemberProbe.Settings(port, tick, (int) attention.spec().leaseMs(), passwords.get());
    }

    private long tickMs() {
        return Math.max(20, attention.spec().leaseMs() / (hurries() ? 20 : 4));
    }

    private boolean hurries() {
        return attention.waited() || masterLeaves();
    }

    /** Its pod is to go: clients wait from the moment at which it says that it hands over until another has its role. */
    private boolean masterLeaves() {
        PodView pod = pods.get(attention.master());
        return pod != null && pod.deleting();
    }

    /** A replica that follows a master that answers has little to say; when that ends it is asked at once. */
    private boolean atRest(String member) {
        MemberProbe itself = probes.get(member);
        MemberProbe leading = probes.get(attention.master());
        NodeFacts facts = itself == null ? null : itself.seen().facts();
        return !attention.changing()
                && !hurries()
                && leading != null
                && leading != itself
                && leading.seen().link() == Link.OK
                && facts != null
                && facts.role() == ManagedRole.REPLICA
                && facts.linkUp();
    }

    /** One for each ordinal of the spec, and one for each pod beyond it. */
    public List<MemberView> views() {
        Map<String, MemberView> members = new TreeMap<>();
        for (int ordinal = 0; ordinal < attention.spec().replicas(); ordinal++) {
            String name = group + "-" + ordinal;
            members.put(name, new MemberView(name, ordinal, null, Link.NONE, null, 0, 0));
        }
        pods.forEach((name, pod) -> {
            MemberProbe probe = probes.get(name);
            MemberProbe.Seen seen = probe == null ? MemberProbe.Seen.NOTHING : probe.seen();
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
    public Optional<MemberProbe> probe(String member) {
        return Optional.ofNullable(probes.get(member));
    }

    /** All probes. */
    public List<MemberProbe> probes() {
        return List.copyOf(probes.values());
    }

    /** Members that could not load their data and wait to be told what to do, with the reason. */
    public Map<String, String> unloadable() {
        Map<String, String> found = new TreeMap<>();
        probes.forEach((name, probe) -> {
            if (!probe.unloadable().isEmpty()) {
                found.put(name, probe.unloadable());
            }
        });
        return found;
    }

    /** Members of the spec that are not known to take this password: some may not be there. */
    public List<String> lacking(String password) {
        List<String> names = new ArrayList<>();
        for (MemberView member : views()) {
            MemberProbe probe = probes.get(member.name());
            boolean wanted = member.ordinal() < attention.spec().replicas();
            if (wanted && (probe == null || !probe.takes(password))) {
                names.add(member.name());
            }
        }
        return names;
    }

    @Override
    public void answered(MemberProbe probe, boolean news) {
        if (!closed && probes.get(probe.name()) == probe) {
            listener.answered(probe, news);
        }
    }

    @Override
    public void linkChanged(MemberProbe probe) {
        if (probe.name().equals(attention.master())) {
            // Whether the master is lost is for its replicas to say.
            probes.values().stream().filter(other -> other != probe).forEach(MemberProbe::poke);
        }
        due();
        listener.changed();
    }

    @Override
    public void due() {
        if (!closed) {
            alarm.by(clock.millis());
        }
    }

    /** Does what is due. All nodes are asked at once, so that this process wakes up for it once. */
    private void turn() {
        if (closed) {
            return;
        }
        long now = clock.millis();
        boolean tick = now >= nextTick;
        if (tick) {
            thisTick = now - nextTick < tickMs() ? nextTick : now;
            nextTick = thisTick + tickMs();
        }
        long next = nextTick;
        try {
            for (MemberProbe probe : probes()) {
                next = Math.min(next, probe.turn(now, thisTick));
            }
        } finally {
            alarm.by(next);
        }
        if (tick) {
            listener.ticked();
        }
    }

    @Override
    public void close() {
        closed = true;
        alarm.cancel();
        probes.values().forEach(MemberProbe::stop);
        probes.clear();
    }
}
