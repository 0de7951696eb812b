package dev.redisreplication.operator.sim;

import dev.redisreplication.operator.observe.History;
import dev.redisreplication.operator.observe.ManagedRole;
import dev.redisreplication.operator.observe.NodeFacts;
import java.util.ArrayList;
import java.util.List;

/** One process of the node in managed mode, as its contract says. */
final class SimNode extends Actor {
    private static final long NO_LEASE = Long.MIN_VALUE;

    final SimPod pod;
    final String runId;
    final long startedAt;

    ManagedRole role = ManagedRole.NONE;
    private ManagedRole roleBefore = ManagedRole.NONE;
    boolean synced;

    // as a master
    private long leaseUntil = NO_LEASE;
    private long ttl;
    private int replicas;
    private long lastRenew;
    private long masterSince;
    private int unanswered;
    private final List<Follower> followers = new ArrayList<>();
    private boolean votesTimer;

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

    /** A replica connected to this master. */
    private static final class Follower {
        final Conn conn;
        long echo = -1;

        Follower(Conn conn) {
            this.conn = conn;
        }
    }

    SimNode(World world, SimPod pod) {
        super(world, pod.name() + "#" + world.nextId(), pod.zone);
        this.pod = pod;
        this.runId = name;
        this.startedAt = world.wallMs();
    }

    /** Its data are durable in this model as soon as applied, as a killed process leaves them to the kernel. */
    private SimPod.Disk disk() {
        return pod.disk;
    }

    Entry data() {
        return disk().data;
    }

    long term() {
        return disk().term;
    }

    private void takeTerm(long term) {
        if (term < disk().term && world.rules.termsArePersisted()) {
            world.fail("the term of " + name + " went back");
        }
        disk().term = term;
    }

    /** Remaining lease, none if zero or less. */
    long leaseLeft() {
        return leaseUntil == NO_LEASE ? 0 : leaseUntil - ms();
    }

    boolean hasLease() {
        return role == ManagedRole.MASTER && leaseUntil != NO_LEASE && ms() < leaseUntil;
    }

    // --- orders and questions

    @Override
    void message(Conn conn, Object message) {
        switch (message) {
            case Wire.Info _ -> conn.send(this, new Wire.InfoReply(facts()));
            case Wire.Renew renew -> conn.send(this, new Wire.RenewReply(renew(renew)));
            case Wire.Fence fence -> fence(conn, fence);
            case Wire.Promote promote ->
                conn.send(this, new Wire.PromoteReply(promote.term(), promote(promote.term())));
            case Wire.Attach attach -> conn.send(this, new Wire.AttachReply(attach(attach)));
            case Wire.Write write -> conn.send(this, new Wire.WriteReply(write.id(), write(write)));
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
        return new NodeFacts(
                role,
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
                hasLease() ? leaseUntil - ms() : 0,
                ms());
    }

    private boolean renew(Wire.Renew renew) {
        if (role != ManagedRole.MASTER || renew.term() != term() || renew.clock() > ms()) {
            return false;
        }
        ttl = renew.ttl();
        replicas = renew.replicas();
        lastRenew = ms();
        long from = world.rules.leaseCountsFromEcho() ? renew.clock() : ms();
        leaseUntil = Math.max(leaseUntil, from + ttl);
        world.trace(() -> "  lease " + this + " renewed to in " + (leaseUntil - ms()));
        world.checks.leased(this);
        if (!votesTimer) {
            votesTimer = true;
            later(ttl * 200, this::vote);
        }
        return true;
    }

    private void fence(Conn conn, Wire.Fence fence) {
        boolean again = fence.term() == term() && (role == ManagedRole.FENCED || role == ManagedRole.NONE);
        boolean ok = fence.term() > term() || again;
        if (ok) {
            takeTerm(fence.term());
            if (role != ManagedRole.FENCED) {
                roleBefore = role;
            }
            detach();
            role = ManagedRole.FENCED;
        }
        conn.send(
                this,
                new Wire.FenceReply(
                        fence.term(),
                        ok,
                        roleBefore,
                        synced,
                        questionedAt < 0 ? -1 : ms() - questionedAt,
                        runId,
                        disk().history,
                        data().offset));
    }

    private void detach() {
        leaseUntil = NO_LEASE;
        ttl = 0;
        unanswered = 0;
        for (Follower follower : followers) {
            follower.conn.close(this);
        }
        followers.clear();
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
        if (!world.rules.votesOutliveTheirLink()) {
            questionedAt = -1;
        }
        linkUp = false;
        linkHeard = -1;
        syncing = false;
        fullSync = null;
        heldBack.clear();
    }

    private boolean promote(long term) {
        if (role == ManagedRole.MASTER && term == term()) {
            return true;
        }
        boolean refused =
                term < term() || role == ManagedRole.MASTER || (term == term() && role == ManagedRole.REPLICA);
        if (refused) {
            return false;
        }
        detach();
        takeTerm(term);
        History old = disk().history;
        disk().history = new History("h" + world.nextId(), old.replid(), data().offset + 1);
        role = ManagedRole.MASTER;
        boolean live = synced;
        synced = true;
        masterSince = ms();
        world.checks.promoted(this, live);
        return true;
    }

    private boolean attach(Wire.Attach attach) {
        boolean refused = attach.term() < term() || (role == ManagedRole.MASTER && attach.term() == term());
        if (refused) {
            return false;
        }
        boolean already = role == ManagedRole.REPLICA && attach.term() == term() && masterHost.equals(attach.host());
        if (!already) {
            detach();
            takeTerm(attach.term());
            role = ManagedRole.REPLICA;
            masterHost = attach.host();
            connectToMaster();
        }
        return true;
    }

    // --- as a master

    private boolean write(Wire.Write write) {
        if (!hasLease()) {
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
        for (int i = 0; i < followers.size(); i++) {
            followers.get(i).conn.send(this, new Wire.Stream(entry));
        }
    }

    /** Asks the replicas to prolong the lease while no operator does. */
    private void vote() {
        if (role != ManagedRole.MASTER || ttl == 0) {
            votesTimer = false;
            return;
        }
        later(ttl * 200, this::vote);
        int majority = replicas / 2 + 1;
        if (ms() - lastRenew < ttl / 2 || followers.size() < majority || unanswered >= 3) {
            return;
        }
        unanswered++;
        append(data().getAck(ms(), term()));
    }

    private void acked(Conn conn, Wire.Ack ack) {
        // An older master's question may still lie in the log that lagging replicas get: its clock is not this one's.
        boolean mine = ack.echoTerm() == term() || !world.rules.votesNameTheirTerm();
        if (role != ManagedRole.MASTER || ack.term() != term() || ttl == 0 || !mine) {
            return;
        }
        for (Follower follower : followers) {
            if (follower.conn == conn) {
                follower.echo = Math.max(follower.echo, ack.echo());
            }
        }
        unanswered = 0;
        int majority = replicas / 2 + 1;
        if (followers.size() < majority) {
            return;
        }
        long[] echoes = new long[followers.size()];
        for (int i = 0; i < echoes.length; i++) {
            echoes[i] = followers.get(i).echo;
        }
        java.util.Arrays.sort(echoes);
        long voted = echoes[echoes.length - majority];
        if (voted >= masterSince) {
            leaseUntil = Math.max(leaseUntil, voted + ttl);
            world.trace(() -> "  lease " + this + " voted to in " + (leaseUntil - ms()));
            world.checks.leased(this);
        }
    }

    private void psync(Conn conn, Wire.Psync psync) {
        boolean source =
                role == ManagedRole.MASTER || (!world.rules.onlyMastersServeSync() && role == ManagedRole.NONE);
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
        for (int i = followers.size() - 1; i >= 0; i--) {
            // One vote a replica, also if the socket before it is only half dead.
            if (followers.get(i).conn.peer(this) == conn.peer(this)) {
                followers.remove(i).conn.close(this);
            }
        }
        followers.add(new Follower(conn));
    }

    /** The entry that ends at this offset, null if the backlog does not reach so far (or never had such a one). */
    private Entry ancestorAt(long offset) {
        Entry at = data();
        int steps = 0;
        while (at != null && at.offset > offset && steps++ < world.rules.backlogEntries()) {
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
                    if (mine != attachment || role != ManagedRole.REPLICA) {
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
                if (syncing) {
                    heldBack.add(stream.entry());
                } else {
                    apply(stream.entry());
                }
                if (stream.entry().getAck >= 0) {
                    questionedAt = ms();
                    masterConn.send(
                            this, new Wire.Ack(term(), data().offset, stream.entry().term, stream.entry().getAck));
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
        for (Entry entry : heldBack) {
            apply(entry);
        }
        heldBack.clear();
    }

    private void apply(Entry entry) {
        world.checks.applied(this, entry);
        disk().data = entry;
        entry.holders |= 1L << pod.ordinal;
    }

    @Override
    void closed(Conn conn) {
        if (conn == masterConn) {
            masterConn = null;
            lostLink();
            int mine = ++attachment;
            later(50_000 + world.random.nextInt(150_000), () -> {
                if (mine == attachment && role == ManagedRole.REPLICA) {
                    connectToMaster();
                }
            });
        }
        followers.removeIf(f -> f.conn == conn);
    }

    /** The process ends; what it had sent is on its way. */
    void die() {
        alive = false;
        world.closeAll(this);
    }

    @Override
    public String toString() {
        return name + "(" + role + " of " + term() + " @" + data().offset + " "
                + disk().history.replid() + ")";
    }
}
