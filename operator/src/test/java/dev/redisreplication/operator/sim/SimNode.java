package dev.redisreplication.operator.sim;

import dev.redisreplication.node.replication.ManagedNode;
import dev.redisreplication.node.replication.ManagedNode.Role;
import dev.redisreplication.node.replication.ManagedNode.Verdict;
import dev.redisreplication.operator.observe.History;
import dev.redisreplication.operator.observe.ManagedRole;
import dev.redisreplication.operator.observe.NodeFacts;
import dev.redisreplication.operator.sim.Rules.Rule;
import java.util.ArrayList;
import java.util.List;

/** One process of the node in managed mode: its role, term and lease are the real ones, the rest is as its contract says. */
final class SimNode extends Actor {
    private static final int PORT = 6379;
    /** As often as the real one looks at the clock, and at whether it may end. */
    private static final int TICK_MICROS = 20_000;

    private static final long SHUTDOWN_TIMEOUT_MS = 10_000;

    final SimPod pod;
    final String runId;
    final long startedAt;
    private final ManagedNode state;
    boolean synced;

    // as a master
    private long ttl;
    private int voters;
    private final Followers followers = new Followers(this);
    private final SimYield yields = new SimYield(this);
    private boolean ticking;
    /** Questions since the last vote; only a mutant counts them. */
    private int unanswered;
    /** Since when a majority of its replicas could answer, by the world's clock; -1 while it cannot. */
    private long answeredSince = -1;

    private long lastTick;

    /** By when it ends, having been told to; -1 while it was not. */
    private long endsAt = -1;

    // as a replica
    private String masterHost = "";
    Conn masterConn;
    boolean linkUp;
    boolean syncing;
    private long linkHeard;
    private long everHeard = -1;
    /** When it last got a question of a master whose answer is a vote. */
    private long questionedAt = -1;

    private int attachment;
    private Wire.FullSync fullSync;
    private final List<Entry> heldBack = new ArrayList<>();

    SimNode(World world, SimPod pod) {
        super(world, pod.name() + "#" + world.nextId(), pod.zone);
        this.pod = pod;
        this.runId = name;
        this.startedAt = world.wallMs();
        this.state = new ManagedNode(pod.disk.term);
    }

    /** Its data are durable in this model as soon as applied, as a killed process leaves them to the kernel. */
    private SimPod.Disk disk() {
        return pod.disk;
    }

    Entry data() {
        return disk().data;
    }

    long term() {
        return state.term();
    }

    ManagedRole role() {
        return of(state.role());
    }

    private static ManagedRole of(Role role) {
        return ManagedRole.valueOf(role.name());
    }

    private void keep(long term) {
        disk().term = term;
    }

    /** Remaining lease, none if zero or less. */
    long leaseLeft() {
        return state.lease().remaining(ms());
    }

    boolean hasLease() {
        return state.role() == Role.MASTER && state.lease().holds(ms());
    }

    /** The disk is full: it goes on with what it has in memory, says so, and takes no writes. */
    boolean keepsData() {
        return !pod.disk.full;
    }

    // --- orders and questions

    @Override
    void message(Conn conn, Object message) {
        switch (message) {
            case Wire.Info _ -> conn.send(this, new Wire.InfoReply(facts()));
            case Wire.Renew renew -> conn.send(this, new Wire.RenewReply(renew(renew)));
            case Wire.Fence fence -> fence(conn, fence);
            case Wire.Promote promote -> conn.send(this, new Wire.PromoteReply(promote.term(), promote(promote)));
            case Wire.Attach attach -> conn.send(this, new Wire.AttachReply(attach(attach)));
            case Wire.Yield order -> conn.send(this, new Wire.YieldReply(yields.begin(order)));
            case Wire.Resume order -> conn.send(this, new Wire.YieldReply(yields.resume(order)));
            case Wire.Write write -> {
                if (!yields.holds(conn, write)) {
                    conn.send(this, new Wire.WriteReply(write.id(), write(write)));
                }
            }
            case Wire.Psync psync -> psync(conn, psync);
            case Wire.Ack ack -> acked(conn, ack);
            default -> {
                if (conn == masterConn) {
                    fromMaster(message);
                }
            }
        }
    }

    NodeFacts facts() {
        boolean linked = masterConn != null && masterConn.open(this) && everHeard >= 0 && linkHeard >= 0;
        long left = isEnding() ? 0 : yields.left();
        return new NodeFacts(
                role(),
                term(),
                disk().history,
                data().offset,
                runId,
                startedAt,
                masterHost,
                linkUp,
                linked ? ms() - linkHeard : -1,
                syncing,
                false,
                followers.size(),
                leaseLeft(),
                isHandingOver() || left > 0,
                keepsData() || !world.rules.keep(Rule.WHO_CANNOT_KEEP_DATA_SAYS_SO) ? "" : "the disk is full",
                ms(),
                Math.max(0, left));
    }

    private boolean renew(Wire.Renew renew) {
        long now = ms();
        if (state.renew(renew.term(), renew.clock(), now).isRefused()) {
            return false;
        }
        long from = world.rules.keep(Rule.LEASE_COUNTS_FROM_ECHO) ? renew.clock() : now;
        ttl = renew.ttl();
        voters = renew.replicas();
        state.lease().renew(now, from, ttl, voters);
        world.trace(() -> "  lease " + this + " renewed to in " + leaseLeft());
        world.checks.leased(this);
        yields.leased();
        tickOn();
        return true;
    }

    private void fence(Conn conn, Wire.Fence fence) {
        Verdict verdict = state.fence(fence.term());
        if (!verdict.isRefused() && verdict.change()) {
            keep(fence.term());
            state.becomeFenced(fence.term());
            detach();
            yields.fenced();
        }
        conn.send(
                this,
                new Wire.FenceReply(
                        fence.term(),
                        !verdict.isRefused(),
                        of(state.roleBeforeFence()),
                        synced,
                        questionedAt < 0 ? -1 : ms() - questionedAt,
                        runId,
                        disk().history,
                        data().offset));
    }

    private void detach() {
        ttl = 0;
        unanswered = 0;
        answeredSince = -1;
        followers.closeAll();
        leaveMaster();
        masterHost = "";
    }

    private void leaveMaster() {
        attachment++;
        if (masterConn != null) {
            masterConn.close(this);
            masterConn = null;
        }
        lostLink();
    }

    private void lostLink() {
        if (!world.rules.keep(Rule.VOTES_OUTLIVE_THEIR_LINK)) {
            questionedAt = -1;
        }
        linkUp = false;
        linkHeard = -1;
        syncing = false;
        fullSync = null;
        heldBack.clear();
    }

    private boolean promote(Wire.Promote promote) {
        long term = promote.term();
        Verdict verdict = state.promote(term);
        if (verdict.isRefused() || !verdict.change()) {
            return !verdict.isRefused();
        }
        if (!keepsData() && !promote.force() && world.rules.keep(Rule.WHO_CANNOT_KEEP_DATA_SAYS_SO)) {
            return false;
        }
        detach();
        keep(term);
        state.becomeMaster(term);
        History old = disk().history;
        disk().history = new History("h" + world.nextId(), old.replid(), data().offset + 1);
        boolean live = synced;
        synced = true;
        world.checks.promoted(this, live);
        return true;
    }

    private boolean attach(Wire.Attach attach) {
        Verdict verdict = state.follow(attach.host(), PORT, attach.term());
        if (verdict.isRefused()) {
            return false;
        }
        if (verdict.change()) {
            detach();
            keep(attach.term());
            state.becomeReplica(attach.host(), PORT, attach.term());
            masterHost = attach.host();
            yields.follows();
            connectToMaster();
        }
        return true;
    }

    // --- its end

    /** SIGTERM. A master with replicas hands its role over first. */
    void terminate() {
        if (endsAt >= 0) {
            return;
        }
        boolean leads = state.role() == Role.MASTER && followers.online() > 0;
        boolean waits = leads && world.rules.keep(Rule.AN_ENDING_MASTER_WAITS_FOR_ITS_SUCCESSOR);
        endsAt = ms() + (waits ? SHUTDOWN_TIMEOUT_MS : 0);
        world.trace(() -> "told to end " + this);
        if (leads && followers.oneStays()) {
            world.checks.handsOver(this);
        }
        tickOn();
    }

    boolean hasReplicaThatStays() {
        return followers.oneStays();
    }

    boolean isEnding() {
        return endsAt >= 0;
    }

    /** Whether an order holds that is for the master of that term. */
    boolean leads(long ofTerm) {
        return !state.lead(ofTerm).isRefused();
    }

    /** The operator seems to be away. */
    boolean isOnItsOwn() {
        return state.isOnItsOwn(ms(), followers.online());
    }

    boolean isHandingOver() {
        return endsAt >= 0 && state.role() == Role.MASTER;
    }

    private void endIfDue() {
        if (endsAt >= 0 && (state.role() != Role.MASTER || ms() >= endsAt)) {
            endsAt = Long.MAX_VALUE;
            world.group.kubelets.exited(pod);
        }
    }

    // --- as a master

    boolean write(Wire.Write write) {
        boolean held = isHandingOver() && world.rules.keep(Rule.AN_ENDING_MASTER_HOLDS_WRITES_BACK);
        boolean roleless = !hasLease() && world.rules.keep(Rule.WHAT_IS_HELD_WAITS_FOR_A_ROLE);
        if (roleless || held || !keepsData()) {
            return false;
        }
        Entry entry = data().write(write.id(), write.size(), term());
        append(entry);
        world.checks.acknowledged(this, entry);
        return true;
    }

    private void append(Entry entry) {
        disk().data = entry;
        entry.holders |= 1L << pod.ordinal;
        followers.send(entry);
    }

    void tickOn() {
        if (!ticking) {
            ticking = true;
            later(TICK_MICROS, this::tick);
        }
    }

    private void tick() {
        endIfDue();
        boolean master = state.role() == Role.MASTER && ttl > 0;
        yields.tick();
        ticking = alive && (master || endsAt >= 0 || yields.isOn());
        if (!ticking) {
            return;
        }
        later(TICK_MICROS, this::tick);
        if (!master) {
            return;
        }
        ask();
        boolean answer = voters > 0 && followers.thatAnswer() >= state.lease().majority();
        boolean stoodStill = world.now - lastTick > 5 * TICK_MICROS;
        answeredSince = !answer ? -1 : answeredSince < 0 || stoodStill ? world.now : answeredSince;
        lastTick = world.now;
        if (answer && !hasLease()) {
            world.checks.withoutLease(this, ttl, world.now - answeredSince);
        }
    }

    /** Asks the replicas to prolong the lease while no operator does. */
    private void ask() {
        if (yields.isStill()) {
            return;
        }
        if (!world.rules.keep(Rule.LOST_QUESTIONS_ARE_ASKED_ANEW) && unanswered >= 3) {
            return;
        }
        String question = state.question(ms(), followers.online());
        if (question != null) {
            unanswered++;
            append(data().getAck(question));
        }
    }

    private void acked(Conn conn, Wire.Ack ack) {
        if (!followers.heard(conn)) {
            return;
        }
        // An older master's question may still lie in the log that lagging replicas get: its clock is not this one's.
        long reading = world.rules.keep(Rule.VOTES_NAME_THEIR_TERM)
                ? state.reading(ack.term(), ack.echo(), ms())
                : anyReading(ack.echo());
        if (reading == Long.MIN_VALUE) {
            return;
        }
        followers.echoed(conn, reading);
        long before = leaseLeft();
        state.lease().vote(followers.echoes());
        unanswered = leaseLeft() > before ? 0 : unanswered;
        world.trace(() -> "  lease " + this + " voted to in " + leaseLeft());
        world.checks.leased(this);
    }

    private static long anyReading(String echo) {
        String digits = echo.substring(echo.indexOf(':') + 1);
        return digits.isEmpty() ? Long.MIN_VALUE : Long.parseLong(digits);
    }

    private void psync(Conn conn, Wire.Psync psync) {
        boolean source = state.role() == Role.MASTER
                || (state.role() == Role.NONE && !world.rules.keep(Rule.ONLY_MASTERS_SERVE_SYNC));
        if (!source || psync.term() != term()) {
            conn.send(this, new Wire.Refused());
            conn.close(this);
            return;
        }
        History own = disk().history;
        boolean known = psync.replid().equals(own.replid())
                || (psync.replid().equals(own.replid2()) && psync.offset() < own.secondOffset());
        Entry from = known && psync.offset() <= data().offset ? ancestorAt(psync.offset()) : null;
        if (from == null) {
            conn.send(this, new Wire.FullSync(own, data()));
        } else {
            conn.send(this, new Wire.Continue(own));
            List<Entry> missing = new ArrayList<>();
            for (Entry at = data(); at != from; at = at.previous) {
                missing.add(at);
            }
            for (int i = missing.size() - 1; i >= 0; i--) {
                conn.send(this, new Wire.Stream(missing.get(i)));
            }
        }
        followers.add(conn, from != null);
    }

    /** The entry that ends at this offset, null if the backlog does not reach so far (or never had such a one). */
    private Entry ancestorAt(long offset) {
        Entry at = data();
        int steps = 0;
        while (at != null && at.offset > offset && steps++ < Rules.BACKLOG_ENTRIES) {
            at = at.previous;
        }
        return at != null && at.offset == offset ? at : null;
    }

    // --- as a replica

    private void connectToMaster() {
        int mine = ++attachment;
        world.connect(
                this,
                masterHost,
                conn -> {
                    if (mine != attachment || state.role() != Role.REPLICA) {
                        conn.close(this);
                        return;
                    }
                    masterConn = conn;
                    conn.send(this, new Wire.Psync(term(), disk().history.replid(), data().offset));
                },
                refused -> {
                    if (mine == attachment) {
                        later(150_000, () -> {
                            if (mine == attachment) {
                                connectToMaster();
                            }
                        });
                    }
                });
    }

    private void fromMaster(Object message) {
        linkHeard = ms();
        everHeard = linkHeard;
        switch (message) {
            case Wire.Refused _ -> {}
            case Wire.Continue go -> {
                History own = disk().history;
                String newId = go.history().replid();
                if (!newId.equals(own.replid())) {
                    disk().history = new History(newId, own.replid(), data().offset + 1);
                }
                linkUp = true;
                synced = true;
            }
            case Wire.FullSync full -> {
                world.checks.fullSync(this, (SimNode) masterConn.peer(this), full);
                syncing = true;
                fullSync = full;
                int mine = attachment;
                later(world.random.nextInt(2_000, 400_000), () -> {
                    if (mine == attachment && fullSync == full) {
                        loaded(full);
                    }
                });
            }
            case Wire.Stream stream -> {
                // While it loads a dump it does not read the stream.
                if (syncing) {
                    heldBack.add(stream.entry());
                } else {
                    take(stream.entry());
                }
            }
            default -> throw new IllegalStateException(message.toString());
        }
    }

    private void loaded(Wire.FullSync full) {
        disk().history = new History(full.history().replid(), "", -1);
        data().heldBy(pod.ordinal, false);
        disk().data = full.data();
        data().heldBy(pod.ordinal, true);
        syncing = false;
        fullSync = null;
        linkUp = true;
        synced = true;
        List<Entry> missed = List.copyOf(heldBack);
        heldBack.clear();
        masterConn.send(this, new Wire.Ack(term(), data().offset, "-:"));
        missed.forEach(this::take);
    }

    private void take(Entry entry) {
        world.checks.applied(this, entry);
        disk().data = entry;
        entry.holders |= 1L << pod.ordinal;
        if (!entry.question.isEmpty()) {
            questionedAt = ms();
            masterConn.send(this, new Wire.Ack(term(), data().offset, entry.question));
        }
    }

    @Override
    void closed(Conn conn) {
        if (conn == masterConn) {
            masterConn = null;
            lostLink();
            int mine = ++attachment;
            later(50_000 + world.random.nextInt(150_000), () -> {
                if (mine == attachment && state.role() == Role.REPLICA) {
                    connectToMaster();
                }
            });
        }
        followers.remove(conn);
    }

    /** The process ends; what it had sent is on its way. */
    void die() {
        alive = false;
        world.closeAll(this);
    }

    @Override
    public String toString() {
        return name + "(" + role() + " of " + term() + " @" + data().offset + " "
                + disk().history.replid() + ")";
    }
}
