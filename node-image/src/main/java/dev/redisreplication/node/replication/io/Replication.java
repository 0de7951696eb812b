package dev.redisreplication.node.replication.io;

import static dev.redisreplication.node.config.Directives.DIR;
import static dev.redisreplication.node.config.Directives.MANAGED;
import static dev.redisreplication.node.config.Directives.MASTERUSER;
import static dev.redisreplication.node.config.Directives.MIN_REPLICAS_MAX_LAG;
import static dev.redisreplication.node.config.Directives.MIN_REPLICAS_TO_WRITE;
import static dev.redisreplication.node.config.Directives.PORT;
import static dev.redisreplication.node.config.Directives.REPLICAOF;
import static dev.redisreplication.node.config.Directives.REPLICA_ANNOUNCE_IP;
import static dev.redisreplication.node.config.Directives.REPLICA_ANNOUNCE_PORT;
import static dev.redisreplication.node.config.Directives.REPLICA_READ_ONLY;
import static dev.redisreplication.node.config.Directives.REPLICA_SERVE_STALE_DATA;
import static dev.redisreplication.node.config.Directives.REPL_BACKLOG_SIZE;
import static dev.redisreplication.node.config.Directives.REPL_BACKLOG_TTL;
import static dev.redisreplication.node.config.Directives.REPL_DISKLESS_LOAD;
import static dev.redisreplication.node.config.Directives.SAVE;
import static dev.redisreplication.node.config.Directives.STOP_WRITES_ON_BGSAVE_ERROR;
import static dev.redisreplication.node.config.Directives.TLS_PORT;
import static dev.redisreplication.node.config.Directives.TLS_REPLICATION;
import static dev.redisreplication.node.config.Directives.UNLOADABLE_DATA;

import dev.redisreplication.node.aof.Persistence;
import dev.redisreplication.node.aof.PersistenceInfo;
import dev.redisreplication.node.aof.PositionSource;
import dev.redisreplication.node.command.Client;
import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.command.Replay;
import dev.redisreplication.node.config.MasterAddress;
import dev.redisreplication.node.config.Settings;
import dev.redisreplication.node.history.EffectLog;
import dev.redisreplication.node.history.History;
import dev.redisreplication.node.history.Position;
import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.net.Loop.Phase;
import dev.redisreplication.node.replication.Failover;
import dev.redisreplication.node.replication.ManagedNode.Role;
import dev.redisreplication.node.replication.MasterHandshake;
import dev.redisreplication.node.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * The replication of one node: its history and offset, the link to its master or its replicas, and what is kept on disk
 * of it. On the event loop.
 */
public final class Replication implements PositionSource {
    private static final int TICK_MILLIS = 100;
    private static final int TICKS_A_SECOND = 10;
    private static final long LEAST_BACKLOG = 16 << 10; // that CONFIG SET makes of less, as Redis
    private static final String DISCARDING = "Discarding previously cached master state.";

    private final Node node;
    private final Replay replay;
    private final Settings settings;
    private final EffectLog log = new EffectLog();
    private final Propagator effects;
    private final Persistence persistence;
    private final Replicas replicas;
    private final RoleGate gate;
    private final Keeping keeping;
    private final Managed managed;
    private final Leaving leaving = new Leaving(this);
    private final Failover failover;

    private History history = History.fresh();
    private MasterLink link;
    private MasterLink atStart; // to the master of the configuration, until it is made for the first time
    /** Database that the stream went to when the last link ended. */
    private int streamDb;

    /** Whether what was logged is kept for replicas that may come back, even while there is none. */
    private boolean keepsBacklog;
    /** Whether no master can go on with these data: none of them has a place in a history, or the last master knew none. */
    private boolean unplaced;

    private boolean synced;
    private long heardAt = -1;
    private long questionedAt = -1;
    private int ticks;

    /**
     * The replication of a node that has no commands yet. It begins with {@link #start}.
     *
     * @param replay executes what a master or the append-only file says
     * @throws IOException when the term of a managed node cannot be read
     */
    public Replication(Node node, Replay replay) throws IOException {
        this.node = node;
        this.replay = replay;
        this.settings = node.settings();
        this.effects = new Propagator(log, node.loop(), () -> link == null && isLogging());
        this.persistence = new Persistence(node, replay, this);
        this.replicas = new Replicas(node, this);
        this.managed =
                settings.get(MANAGED) ? new Managed(node, this, new NodeState(Path.of(settings.get(DIR)))) : null;
        this.gate = new RoleGate(node, this);
        this.failover = new Failover(new FailoverSide(node, this));
        this.keeping = new Keeping(settings, persistence, log, gate::update);
    }

    /**
     * Hangs replication and persistence into the node, which has its commands now, and begins to load its data.
     *
     * @param ready called on the event loop once the data are loaded
     * @param failed called on the event loop when they cannot be: the node must not serve
     */
    public void start(Runnable ready, Consumer<IOException> failed) {
        hangIn();
        load(ready, failed);
    }

    private void hangIn() {
        node.replicatedBy(gate, effects);
        ReplicationInfo info = new ReplicationInfo(node, this);
        node.info().section("Replication", true, info);
        node.info().section("Persistence", true, new PersistenceInfo(node, persistence));
        node.loop().beforeFlush(Phase.REPLICAS, replicas::feed);
        node.loop().beforeFlush(Phase.LOG, () -> {
            keeping.write();
            trim();
            if (link != null) {
                link.fileSynced();
            }
            replicas.waiters().check();
        });
        node.loop().every(TICK_MILLIS, this::tick);
        settings.onChange(REPL_BACKLOG_SIZE, this::resize);
        settings.onChange(REPLICA_READ_ONLY, s -> gate.update());
        settings.onChange(REPLICA_SERVE_STALE_DATA, s -> gate.update());
        settings.onChange(MIN_REPLICAS_TO_WRITE, s -> gate.update());
        settings.onChange(MIN_REPLICAS_MAX_LAG, s -> gate.update());
        settings.onChange(STOP_WRITES_ON_BGSAVE_ERROR, s -> gate.update());
        settings.onChange(SAVE, s -> gate.update());
    }

    private void load(Runnable ready, Consumer<IOException> failed) {
        node.loading(true);
        node.store(node.newStore());
        gate.update();
        MasterAddress master = settings.get(REPLICAOF);
        boolean keepsHistory = isManaged() || master != null;
        boolean waits = isManaged() && settings.get(UNLOADABLE_DATA).equals("wait");
        Consumer<IOException> unloadable =
                waits ? failure -> managed.cannotLoad(failure, () -> failed.accept(failure)) : failed;
        persistence.load(
                position -> {
                    try {
                        loaded(position, keepsHistory);
                        node.loading(false);
                        if (!isManaged() && master != null) {
                            unplaced = position == null;
                            attach(master.host(), master.port());
                            atStart = link;
                        }
                        gate.update();
                        ready.run();
                    } catch (IOException e) {
                        failed.accept(e);
                    }
                },
                unloadable);
    }

    /** The node serves clients now: looks for the master that its configuration names. */
    public void begin() {
        if (atStart != null && atStart == link) {
            link.connect();
        }
        atStart = null;
    }

    private void loaded(Position position, boolean keepsHistory) throws IOException {
        keepsBacklog = isManaged() || position != null;
        if (position != null) {
            log.restartAt(position.offset());
            streamDb = position.db();
            // A restarted master may have lost what its replicas have: it goes its own way from here, as Redis does.
            history = keepsHistory
                    ? position.history()
                    : position.history().shifted(History.randomId(), position.offset());
        }
        persistence.begin();
    }

    // ---- facts

    @Override
    public EffectLog log() {
        return log;
    }

    @Override
    public Position position() {
        return isLogging() ? new Position(history, log.end(), currentDb()) : null;
    }

    @Override
    public boolean isAtBoundary() {
        return !effects.isGrouped() && !node.execution().isNested();
    }

    /** Database that the next logged command goes to. */
    private int currentDb() {
        return link != null ? link.db() : effects.selected() >= 0 ? effects.selected() : streamDb;
    }

    /** Executes what the master sends. */
    Replay replay() {
        return replay;
    }

    Propagator effects() {
        return effects;
    }

    /** Dumps and the append-only directory. */
    public Persistence persistence() {
        return persistence;
    }

    /** The replicas of this node. */
    public Replicas replicas() {
        return replicas;
    }

    RoleGate gate() {
        return gate;
    }

    Keeping keeping() {
        return keeping;
    }

    /** The orders of an operator, or null for a node that is started by hand. */
    public Managed managed() {
        return managed;
    }

    /** Whether an operator gives the orders. */
    public boolean isManaged() {
        return managed != null;
    }

    long term() {
        return managed == null ? -1 : managed.state().term();
    }

    /** What is to be done before the process ends. */
    public Leaving leaving() {
        return leaving;
    }

    /** The failover to a replica that FAILOVER asks for. */
    public Failover failover() {
        return failover;
    }

    /** Which histories the data belong to. */
    public History history() {
        return history;
    }

    /** The link to the master, or null. */
    public MasterLink link() {
        return link;
    }

    /** Whether this node takes writes, as far as its role goes. */
    public boolean isMaster() {
        return isManaged() ? managed.state().role() == Role.MASTER : master() == null;
    }

    /** The master that this node follows, or will follow once its data are loaded; or null. */
    public MasterAddress master() {
        if (link != null) {
            return new MasterAddress(link.host(), link.port());
        }
        return node.loading() && !isManaged() ? settings.get(REPLICAOF) : null;
    }

    /**
     * Whether every change goes to the log: somebody needs it, or may come back for it. As long as this holds, data, history
     * and offset belong together.
     */
    boolean isLogging() {
        return link != null || keepsBacklog || persistence.isLogging() || isManaged();
    }

    public boolean keepsBacklog() {
        return keepsBacklog;
    }

    /** Whether a master could go on with what this node has. */
    boolean isPlaced() {
        return !unplaced;
    }

    /** Whether this run was made master or completed a sync with one. */
    public boolean isSynced() {
        return synced;
    }

    /** Monotonic milliseconds when a master was last heard, -1 for never in this run. */
    public long heardAt() {
        return heardAt;
    }

    void heard(long now) {
        heardAt = now;
    }

    /**
     * Monotonic milliseconds when a master's question was last taken whose answer prolongs its lease, -1 for never in this run.
     * Links come and go, this stays: a vote counts also when the link it went over is no more.
     */
    public long questionedAt() {
        return questionedAt;
    }

    void questioned(long now) {
        questionedAt = now;
    }

    /** Whether this managed master holds writes back until another one has the role: its offset stands still. */
    boolean isHandingOver() {
        return leaving.isHandingOver() || yieldsFor() > 0;
    }

    /** Milliseconds until it takes writes again if nothing else comes; 0 if it does not hold them back, or because it ends. */
    long yieldsFor() {
        return managed == null || leaving.isHandingOver()
                ? 0
                : managed.yielding().remaining();
    }

    boolean mayPing() {
        return isMaster() && gate.mayGrow() && !isHandingOver() && !failover.isOn();
    }

    // ---- the log

    /** A replica is there. */
    void startLogging() {
        needLog();
        if (!keepsBacklog) {
            keepsBacklog = true;
            Log.notice("Replication backlog created, my new replication IDs are '" + history.replid() + "' and '"
                    + history.replid2() + "'");
        }
    }

    /** Every effect is about to be logged. If what came before was not, the history starts anew. */
    @Override
    public void needLog() {
        if (!isLogging()) {
            history = History.fresh();
        }
    }

    private void resize(long size) {
        if (size < LEAST_BACKLOG) {
            node.settings().record(REPL_BACKLOG_SIZE, Long.toString(LEAST_BACKLOG));
        }
        trim();
    }

    private void trim() {
        long keepFrom = keepsBacklog ? log.end() - settings.get(REPL_BACKLOG_SIZE) : log.end();
        log.trimTo(Math.min(keepFrom, Math.min(replicas.neededFrom(), persistence.neededFrom())));
    }

    private void dropUnusedBacklog() {
        long ttl = settings.get(REPL_BACKLOG_TTL) * 1000;
        boolean unused = keepsBacklog && !isManaged() && link == null && replicas.isEmpty() && ttl > 0;
        if (unused && node.loop().now() - replicas.aloneSince() > ttl) {
            keepsBacklog = false;
            changeHistory();
            Log.notice("Replication backlog freed after " + ttl / 1000 + " seconds without connected replicas.");
        }
    }

    // ---- changes of role

    /** REPLICAOF host port without an operator; false when it is so already. */
    public boolean followByHand(String host, int port) {
        if (link != null && link.host().equals(host) && link.port() == port) {
            return false;
        }
        node.settings().record(REPLICAOF, host + " " + port);
        follow(host, port);
        return true;
    }

    /** REPLICAOF NO ONE without an operator; false when it is master already. */
    public boolean leadByHand() {
        if (link == null) {
            return false;
        }
        node.settings().record(REPLICAOF, "");
        lead();
        return true;
    }

    /** Why a client cannot become a replica of this node now, or null. */
    public String refusesReplicas(Client client) {
        if (node.loading()) {
            return "LOADING Redis is loading the dataset in memory";
        }
        if (failover.isOn()) {
            return "NOMASTERLINK Can't SYNC while failing over";
        }
        if (link != null && !link.isUp()) {
            return "NOMASTERLINK Can't SYNC while not connected with my master";
        }
        if (link == null && !isMaster()) {
            return "NOMASTERLINK Can't SYNC with a node that has no role";
        }
        ReplicaLink replica = replicas.of(client);
        if (isManaged() && replica.term() >= 0 && replica.term() != term()) {
            return "STALETERM current is " + term();
        }
        return null;
    }

    /** Has all replicas tell how far they are; not while writes are held back, when the offset is to stand still. */
    public void askForAcks() {
        if (link == null && !node.writesPaused()) {
            effects.appendSignal("REPLCONF", "GETACK", "*");
        }
    }

    /** DEBUG CHANGE-REPL-ID: nobody can go on from here any more. */
    public void changeHistory() {
        history = History.fresh();
        persistence.historyChanged();
    }

    /**
     * Attaches to a master. The node's own replicas stay, as in Redis: most of what they have, they keep if the new master
     * goes on with this history; if not, they are cut then. Those of a managed node are of an older term now.
     */
    void follow(String host, int port) {
        attach(host, port);
        link.connect();
    }

    private void attach(String host, int port) {
        boolean wasMaster = link == null;
        long downSince = wasMaster ? MasterLink.NEVER_UP : link.downSince();
        streamDb = currentDb();
        if (isManaged()) {
            leave("the master changes");
        } else {
            leaveMaster("the master changes");
            replicas.feed();
        }
        if (wasMaster) {
            needLog();
        }
        node.suspensions().endWithRole();
        link = new MasterLink(node, this, host, port, streamDb, downSince);
        gate.update();
        if (wasMaster && !unplaced) {
            Log.notice(
                    "Before turning into a replica, using my own master parameters to synthesize a cached master: I may"
                            + " be able to synchronize with the new master with just a partial transfer.");
        }
    }

    /** Becomes a master with a history of its own, which starts where the data are now. */
    void lead() {
        streamDb = currentDb();
        boolean wasReplica = link != null;
        leaveMaster("this node becomes a master");
        if (wasReplica && !unplaced) {
            Log.notice(DISCARDING);
        }
        unplaced = false;
        history = history.shifted(History.randomId(), log.end());
        Log.warning("Setting secondary replication ID to " + history.replid2() + ", valid up to offset: "
                + history.secondOffset() + ". New replication ID is " + history.replid());
        leave("this node becomes a master");
        effects.forgetSelected();
        synced = true;
        gate.update();
        persistence.historyChanged();
    }

    /** Ends the link to the master and the links of replicas, after they got everything there is. */
    void leave(String reason) {
        leaveMaster(reason);
        replicas.feed();
        replicas.closeAll(reason);
        gate.update();
    }

    /** The process ends: replicas get what there is, and nothing more is taken from the master. The role stays. */
    void end(String reason) {
        if (link != null) {
            link.stop(reason);
        }
        replicas.feed();
        replicas.end(reason);
    }

    private void leaveMaster(String reason) {
        if (link != null) {
            MasterLink former = link;
            streamDb = former.db();
            link = null;
            gate.update();
            former.leave(reason);
        }
    }

    /** Goes on with what the master has sent while the node was about to end. */
    void resumeStream() {
        if (link != null) {
            link.resume();
        }
    }

    // ---- events of the link

    /** How this node introduces itself to a master. */
    MasterHandshake.Self introduction() {
        String announced = settings.get(REPLICA_ANNOUNCE_IP);
        long announcedPort = settings.get(REPLICA_ANNOUNCE_PORT);
        return new MasterHandshake.Self(
                settings.get(MASTERUSER),
                node.settings().masterPasswords(),
                (int) (announcedPort > 0 ? announcedPort : replicaPort()),
                announced,
                term(),
                node.runId(),
                unplaced ? null : history.replid(),
                log.end() + 1,
                failover.isInProgress());
    }

    /** Where this node itself can be followed, by whoever does as it does. */
    private long replicaPort() {
        long secure = settings.get(TLS_PORT);
        return settings.get(TLS_REPLICATION) && secure != 0 ? secure : settings.get(PORT);
    }

    /** The master goes on with us, under this name. */
    void continued(String replid) {
        if (!replid.equals(history.replid())) {
            history = history.shifted(replid, log.end());
            Log.warning("Master replication ID changed to " + replid);
            persistence.historyChanged();
            replicas.closeAll("the history has a new name");
        }
    }

    /**
     * The stream runs.
     *
     * @param placed whether a master can go on with it later
     */
    void linkUp(boolean placed) {
        synced = true;
        keepsBacklog = true;
        unplaced = !placed;
        gate.update();
    }

    /** The stream, or the try to get one, has ended. */
    void linkDown() {
        gate.update();
    }

    /** Whether a dump that a master sends is loaded without a file in between. */
    boolean loadsDiskless() {
        return switch (settings.get(REPL_DISKLESS_LOAD)) {
            case "swapdb" -> true;
            case "on-empty-db" -> node.store().size() == 0;
            default -> false;
        };
    }

    /** A dump is loaded next. What is served stays until that is done. */
    void aboutToLoad() {
        if (!swapsData()) {
            discardCached();
            Log.notice("MASTER <-> REPLICA sync: Flushing old data");
        }
        Log.notice("MASTER <-> REPLICA sync: Loading DB in memory");
    }

    private void discardCached() {
        if (!unplaced) {
            Log.notice(DISCARDING);
        }
    }

    /** Whether a dump of this history is loaded as Redis calls asynchronous: beside data of the same history. */
    boolean loadsAsync(History incoming) {
        return swapsData() && !unplaced && history.replid().equals(incoming.replid());
    }

    private boolean swapsData() {
        return settings.get(REPL_DISKLESS_LOAD).equals("swapdb");
    }

    /** A dump was received and loaded: from one moment to the next it is this node's data. */
    void adopt(DumpReceiver dump, Position position) {
        replicas.closeAll("the data are exchanged by a full resync");
        node.barrier().giveUp("the data are exchanged by a full resync");
        persistence.jobs().cancel(persistence.jobs().running());
        boolean swap = dump.file() == null && swapsData();
        if (swap) {
            discardCached();
            Log.notice("MASTER <-> REPLICA sync: Swapping active DB with loaded DB");
        }
        Store before = node.store();
        node.store(dump.store());
        history = position.history();
        log.restartAt(position.offset());
        streamDb = position.db();
        link.selected(position.db());
        keeping.startAnew();
        persistence.adopt(dump.file());
        gate.update();
        if (swap) {
            Log.notice("MASTER <-> REPLICA sync: Discarding old DB in background");
        }
        if (before != null) {
            before.close();
        }
    }

    // ---- time

    private void tick() {
        failover.check();
        if (++ticks % TICKS_A_SECOND == 0) {
            replicas.cron();
            if (link != null) {
                link.cron();
            }
            dropUnusedBacklog();
        }
        persistence.cron();
        gate.update(); // with what was just found of the disk
    }
}
