package dev.redisreplication.operator.group;

import dev.redisreplication.operator.act.Actor;
import dev.redisreplication.operator.act.Announcer;
import dev.redisreplication.operator.act.Cluster;
import dev.redisreplication.operator.act.DataRecovery;
import dev.redisreplication.operator.act.Heartbeats;
import dev.redisreplication.operator.act.InFlight;
import dev.redisreplication.operator.act.Notes;
import dev.redisreplication.operator.act.Pass;
import dev.redisreplication.operator.act.Recorder;
import dev.redisreplication.operator.act.Reporter;
import dev.redisreplication.operator.decide.Decision;
import dev.redisreplication.operator.decide.Policy;
import dev.redisreplication.operator.ledger.Ledger;
import dev.redisreplication.operator.observe.Clock;
import dev.redisreplication.operator.observe.GroupView;
import dev.redisreplication.operator.observe.Leadership;
import dev.redisreplication.operator.observe.Line;
import dev.redisreplication.operator.observe.Mailbox;
import dev.redisreplication.operator.observe.ManagedRole;
import dev.redisreplication.operator.observe.MemberProbe;
import dev.redisreplication.operator.observe.Members;
import dev.redisreplication.operator.observe.PodView;
import dev.redisreplication.operator.observe.SpecView;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One group: its mailbox, and what the messages do. Everything that happens to the group is a message (the resource and the pods as they
 * are seen, a node's answer, what became of a write, a moment that has come), one thread handles one after the other and waits for
 * nothing, and after each that may matter it is looked, decided, acted and recorded. Public methods may be called from any thread.
 */
public final class Group implements AutoCloseable {

    /**
     * The world outside.
     *
     * @param wall time of day, for what people read
     * @param mailbox its thread handles all messages
     * @param lines connections to nodes; their answers come on the mailbox' thread
     */
    public record Ports(
            Clock clock,
            InstantSource wall,
            Leadership leadership,
            Mailbox mailbox,
            Line.Opener lines,
            Cluster cluster,
            InFlight inFlight) {}

    /** Hears what others may have to act on. Called on the mailbox' thread, must not block. */
    public interface Listener extends Actor.Listener {
        /** Something changed besides offsets and times, and there is time to see to the group's objects. */
        void changed();
    }

    private final Mailbox mailbox;
    private final Clock clock;
    private final Leadership leadership;
    private final Policy policy;
    private final Listener listener;
    private final Pass pass;
    private final Ledger ledger;
    private final Members members;
    private final Recorder recorder;
    private final Actor actor;
    private final Heartbeats heartbeats;
    private final Reporter reporter;
    private final DataRecovery recovery;
    private final Mailbox.Alarm alarm;
    private SpecView spec;
    private Notes notes = Notes.NONE;
    private boolean scheduled;
    private boolean held;
    private boolean closed;
    private volatile GroupView shown;
    private volatile boolean hasTime = true;

    /**
     * Does nothing before it is told what there is.
     *
     * @param name of the group, with which its members' names begin
     * @param label for the log
     * @param port of the nodes
     * @param passwords that the nodes may take, the newest first; none when none is known
     */
    public Group(
            String name,
            String label,
            int port,
            SpecView spec,
            Supplier<List<String>> passwords,
            Ports ports,
            Policy policy,
            Listener listener) {
        this.mailbox = ports.mailbox();
        this.clock = ports.clock();
        this.leadership = ports.leadership();
        this.policy = policy;
        this.listener = listener;
        this.spec = spec;
        this.pass = new Pass(ports.inFlight());
        this.ledger = new Ledger(clock.millis());
        this.members = new Members(name, port, passwords, clock, mailbox, ports.lines(), new Sight());
        this.recorder = new Recorder(label, ports.cluster(), mailbox, pass, ledger, this::changed);
        this.actor = new Actor(
                label,
                port,
                members,
                ledger,
                recorder,
                ports.cluster(),
                mailbox,
                clock,
                ports.wall(),
                leadership,
                pass,
                this::changed,
                listener);
        this.heartbeats = new Heartbeats(label, ledger, clock, leadership, this::changed);
        this.reporter = new Reporter(
                name, label, port, recorder, actor, new Announcer(label, ports.cluster()), clock, ports.wall());
        this.recovery = new DataRecovery(label, members, ports.cluster());
        this.alarm = mailbox.alarm(this::changed);
        attend();
        this.shown = view();
    }

    // --- messages

    /** The spec, the resource and all pods as they are shown now. */
    public void seen(SpecView now, Cluster.Stored resource, Map<String, PodView> pods) {
        mailbox.post(() -> {
            turn();
            spec = now;
            ledger.moves().order(now.wishes().order(), clock.millis());
            recorder.seen(resource);
            attend();
            take(pods);
        });
    }

    /** The resource as it is shown now. */
    public void seen(Cluster.Stored resource) {
        mailbox.post(() -> {
            turn();
            recorder.seen(resource);
            attend();
            changed();
        });
    }

    /** All pods as they are shown now. */
    public void seen(Map<String, PodView> pods) {
        mailbox.post(() -> {
            turn();
            take(pods);
        });
    }

    private void take(Map<String, PodView> pods) {
        ledger.pods(new TreeMap<>(members.pods()), pods, clock.millis());
        members.pods(pods);
        changed();
    }

    /** One pod as it is now that this process has changed it. */
    public void seen(String name, PodView pod) {
        mailbox.post(() -> {
            members.pod(name, pod);
            changed();
        });
    }

    /** What the side that applies objects has to say. */
    public void noted(Notes now) {
        mailbox.post(() -> {
            notes = now;
            changed();
        });
    }

    private final class Sight implements Members.Listener {
        @Override
        public void answered(MemberProbe probe, boolean news) {
            turn();
            ledger.answered(probe.name(), probe.podUid(), probe.seen().facts(), clock.millis());
            if (probe.seen().facts().role() == ManagedRole.MASTER) {
                // Decided and noted at once: a failover that begins after this either forbids it or waits for it.
                policy.renew(view()).ifPresent(renew -> heartbeats.beat(probe, renew));
            }
            if (news || ledger.transition() != null) {
                changed();
            }
        }

        @Override
        public void changed() {
            Group.this.changed();
        }

        @Override
        public void ticked() {
            Group.this.changed();
        }
    }

    // --- the loop

    /** Something happened: it is decided anew, once, after the messages that are there. */
    private void changed() {
        if (!scheduled && !closed) {
            scheduled = true;
            // Who is in the middle of something stays so until then.
            held = pass.begin();
            mailbox.post(this::step);
        }
    }

    private void turn() {
        ledger.turned(clock.millis(), leadership.leading(), leadership.since(), spec.leaseMs());
    }

    private void step() {
        scheduled = false;
        boolean mayAct = held;
        held = false;
        try {
            if (closed || !recorder.isReady() || !members.isComplete()) {
                return;
            }
            turn();
            actor.expire(clock.millis(), spec.leaseMs());
            attend();
            GroupView view = view();
            List<Decision> decisions = policy.decide(view);
            if (mayAct) {
                actor.carryOut(view, decisions);
                attend();
            }
            conclude(view, decisions, mayAct);
        } finally {
            if (mayAct) {
                pass.end();
            }
        }
    }

    private void conclude(GroupView view, List<Decision> decisions, boolean mayAct) {
        boolean news = mayAct && reporter.look(view, decisions, notes);
        boolean hadTime = hasTime;
        hasTime = ledger.transition() == null || reporter.isUnsettledForLong(view);
        shown = view;
        if (mayAct && hasTime && notes.replaceUnloadable()) {
            recovery.recover(view);
        }
        if (hasTime && (news || !hadTime)) {
            listener.changed();
        }
        for (Decision decision : decisions) {
            if (decision instanceof Decision.Wait wait && wait.untilMs() >= 0) {
                alarm.by(Math.max(clock.millis() + 1, wait.untilMs()));
            }
        }
    }

    private void attend() {
        boolean changing = ledger.transition() != null;
        boolean waited = ledger.moves().view().attempt() != null;
        members.attend(new Members.Attention(spec, ledger.status().master(), changing, waited));
    }

    private GroupView view() {
        return ledger.view(clock.millis(), spec, members.views(), members.isComplete());
    }

    // --- what others may look at

    /** What was seen when it was decided last. */
    public GroupView shown() {
        return shown;
    }

    /**
     * Whether there is time for anything but a failover: none is under way, or it waits for what only a mended spec, another
     * Secret or a new pod may bring.
     */
    public boolean hasTime() {
        return hasTime;
    }

    /** Asks the members' state on the mailbox' thread, after all that was posted before. */
    public <T> CompletableFuture<T> ask(Function<Members, T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        mailbox.post(() -> {
            try {
                answer.complete(question.apply(members));
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }

    /** Ends it: nothing is done any more, soon. */
    @Override
    public void close() {
        mailbox.post(() -> {
            closed = true;
            alarm.cancel();
            members.close();
        });
    }
}
