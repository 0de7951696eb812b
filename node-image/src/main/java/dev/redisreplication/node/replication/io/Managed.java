package dev.redisreplication.node.replication.io;

import dev.redisreplication.node.aof.UnloadableFiles;
import dev.redisreplication.node.command.Client;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.replication.Lease;
import dev.redisreplication.node.replication.ManagedNode;
import dev.redisreplication.node.replication.ManagedNode.Role;
import dev.redisreplication.node.replication.ManagedNode.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Carries out the orders of an operator: fence, promote, follow, renew. A term is on disk before its order is. */
public final class Managed {
    private static final int TICK_MILLIS = 20;
    /** A replica that is fenced first reads what its kernel has already got: that many looks, so far apart. */
    private static final int DRAIN_ROUNDS = 25;

    private static final int DRAIN_MILLIS = 2;
    /** An answer leaves before the process ends. */
    private static final int ANSWER_MILLIS = 50;

    private final Node node;
    private final Replication replication;
    private final NodeState file;
    private final ManagedNode state;
    private final long clockBase = System.currentTimeMillis();
    private final long clockStart = System.nanoTime();
    private String unloadable = "";
    private Runnable afterSetAside;
    private final Yielding yielding;

    Managed(Node node, Replication replication, NodeState file) throws IOException {
        this.node = node;
        this.replication = replication;
        this.file = file;
        this.state = new ManagedNode(file.term());
        this.yielding = new Yielding(node, state, replication::askForAcks, () -> closeClients(null));
        prepare();
        node.loop().every(TICK_MILLIS, this::tick);
    }

    private void prepare() {
        try {
            file.prepare();
        } catch (IOException e) {
            Log.warning("The term could not be kept; no order can be taken while that is so: " + e.getMessage());
        }
    }

    /** Role, term and lease. */
    public ManagedNode state() {
        return state;
    }

    /**
     * The node's monotonic clock in milliseconds, which leases are measured by. It begins at the wall clock's reading of the
     * start, so that a reading of an earlier run is always an old one.
     */
    public long clock() {
        return clockBase + (System.nanoTime() - clockStart) / 1_000_000;
    }

    /** Wall clock of the start, in milliseconds since 1970. */
    long startedAt() {
        return clockBase;
    }

    private static void check(Verdict verdict) {
        if (verdict.isRefused()) {
            throw new CommandError(verdict.refusal());
        }
    }

    private void refuseWhileLoading() {
        if (node.loading()) {
            throw new CommandError("LOADING Redis is loading the dataset in memory");
        }
    }

    private void keep(long term) {
        if (term == state.term()) {
            return;
        }
        try {
            file.keep(term);
        } catch (IOException e) {
            throw new CommandError("ERR the term cannot be kept: " + e.getMessage());
        }
    }

    // ---- data that do not load

    /**
     * The data cannot be loaded. The node goes on loading for ever, in the eyes of everybody, until it is told what to do.
     *
     * @param end ends the node
     */
    void cannotLoad(IOException failure, Runnable end) {
        unloadable = String.valueOf(failure.getMessage()).replaceAll("\\s+", " ");
        afterSetAside = end;
        Log.warning("The data do not load, and wait to be put aside: " + unloadable);
    }

    /** Why the data could not be loaded, "" if they could or may. */
    String unloadable() {
        return unloadable;
    }

    /**
     * LEASE SETASIDE: puts files that do not load aside and ends the node, which begins without data when it is started again.
     *
     * @return the names that they have now
     */
    public List<String> setAside() {
        if (unloadable.isEmpty()) {
            throw new CommandError("ERR the data of this node are not known not to load");
        }
        try {
            List<String> names = UnloadableFiles.putAside(node.settings(), Long.toString(clockBase));
            Log.warning("Put aside, as they do not load: " + String.join(", ", names));
            node.loop().after(ANSWER_MILLIS, afterSetAside);
            return names;
        } catch (IOException e) {
            throw new CommandError("ERR the data cannot be put aside: " + e.getMessage());
        }
    }

    // ---- orders

    /**
     * LEASE FENCE.
     *
     * @param by who gave the order; its connection stays
     * @param done called when it is carried out, at once unless something is still to be read from the master
     * @param refused called in its place when the order does not hold (any more)
     */
    public void fence(long term, Client by, Consumer<Role> done, Consumer<CommandError> refused) {
        if (fencesAtOnce()) {
            carryOutFence(term, by, done, refused);
        } else {
            MasterLink link = replication.link();
            drain(link, link.readOffset(), DRAIN_ROUNDS, () -> carryOutFence(term, by, done, refused));
        }
    }

    /** Throws the refusal of a fence that does not hold. */
    public void checkFence(long term) {
        refuseWhileLoading();
        check(state.fence(term));
    }

    /** Whether {@link #fence} would answer at once. */
    public boolean fencesAtOnce() {
        MasterLink link = replication.link();
        return link == null || !link.isUp();
    }

    private void drain(MasterLink link, long before, int rounds, Runnable then) {
        node.loop().after(DRAIN_MILLIS, () -> {
            boolean more = replication.link() == link && link.isUp() && link.readOffset() > before && rounds > 1;
            if (more) {
                drain(link, link.readOffset(), rounds - 1, then);
            } else {
                then.run();
            }
        });
    }

    private void carryOutFence(long term, Client by, Consumer<Role> done, Consumer<CommandError> refused) {
        Verdict verdict = state.fence(term);
        try {
            checkFence(term);
            keep(term);
        } catch (CommandError e) {
            refused.accept(e);
            return;
        }
        Role before = state.roleBeforeFence();
        if (verdict.change()) {
            state.becomeFenced(term);
            replication.leave("fenced, term " + term);
            if (verdict.demotes() && !yielding.fenced()) {
                closeClients(by);
            }
            Log.notice("Fenced by term " + term + ", was " + before.text());
        }
        done.accept(before);
    }

    /**
     * REPLICAOF NO ONE TERM.
     *
     * @param force also when this node cannot keep data. It takes no writes then, but serves what it has, and others can copy it
     */
    public void promote(long term, boolean force) {
        refuseWhileLoading();
        Verdict verdict = state.promote(term);
        check(verdict);
        if (!verdict.change()) {
            return;
        }
        String problem = replication.keeping().problem();
        if (problem != null && !force) {
            throw new CommandError("ERR this node cannot keep data and becomes master only by FORCE: " + problem);
        }
        keep(term);
        state.becomeMaster(term);
        replication.lead();
    }

    /** REPLICAOF host port TERM. */
    public void follow(String host, int port, long term, Client by) {
        refuseWhileLoading();
        Verdict verdict = state.follow(host, port, term);
        check(verdict);
        if (!verdict.change()) {
            return;
        }
        keep(term);
        state.becomeReplica(host, port, term);
        replication.follow(host, port);
        if (verdict.demotes() || yielding.isFenced()) {
            closeClients(by);
        }
        yielding.over();
    }

    /**
     * LEASE RENEW.
     *
     * @return milliseconds left
     */
    public long renew(long term, long ttl, int replicas, long reading) {
        long now = clock();
        check(state.renew(term, reading, now));
        Lease lease = state.lease();
        lease.renew(now, reading, ttl, replicas);
        replication.gate().update();
        if (lease.holds(now)) {
            yielding.leased();
        }
        return lease.remaining(now);
    }

    /**
     * LEASE YIELD.
     *
     * @return milliseconds until writes are taken again, if no newer term comes before
     */
    public long yield(long term, long millis) {
        refuseWhileLoading();
        check(state.lead(term));
        if (replication.leaving().isHandingOver()) {
            throw new CommandError("ERR this node is about to end and hands its role over already");
        }
        return yielding.begin(millis);
    }

    /**
     * LEASE RESUME.
     *
     * @return whether writes were held back by LEASE YIELD
     */
    public boolean resume(long term) {
        check(state.lead(term));
        return yielding.resume("LEASE RESUME");
    }

    /** The pause of a planned switchover. */
    Yielding yielding() {
        return yielding;
    }

    /** Clients of a demoted master would stay, through a Service, on a node that refuses their writes. */
    private void closeClients(Client except) {
        for (Client client : new ArrayList<>(node.clients().all())) {
            if (client.isNormal() && client != except) {
                client.close("this node is no master any more");
            }
        }
    }

    // ---- the lease by votes

    /**
     * An acknowledgement of a managed replica.
     *
     * @param ofTerm its term
     * @param token what it returns of our question, see {@link ManagedNode#question}
     */
    public void voted(ReplicaLink link, long ofTerm, String token) {
        long reading = state.reading(ofTerm, token, clock());
        if (reading != Long.MIN_VALUE && link.term() == ofTerm) {
            link.echoed(reading);
            state.lease().vote(replication.replicas().echoes(ofTerm));
        }
    }

    private void tick() {
        if (state.role() != Role.MASTER
                || node.loading()
                || replication.leaving().isHandingOver()) {
            return;
        }
        int connected = replication.replicas().echoes(state.term()).length;
        if (yielding.isStill()) {
            if (!state.isOnItsOwn(clock(), connected)) {
                return;
            }
            yielding.resume("the operator is silent");
        }
        String question = state.question(clock(), connected);
        if (question != null) {
            replication.effects().appendSignal("REPLCONF", "GETACK", question);
        }
    }
}
