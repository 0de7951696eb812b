package dev.redisreplication.node.command;

import static dev.redisreplication.node.config.Directives.DATABASES;
import static dev.redisreplication.node.config.Directives.HASH_MAX_LISTPACK_ENTRIES;
import static dev.redisreplication.node.config.Directives.HASH_MAX_LISTPACK_VALUE;
import static dev.redisreplication.node.config.Directives.LFU_DECAY_TIME;
import static dev.redisreplication.node.config.Directives.LFU_LOG_FACTOR;
import static dev.redisreplication.node.config.Directives.MAXMEMORY_POLICY;
import static dev.redisreplication.node.config.Directives.SET_MAX_INTSET_ENTRIES;
import static dev.redisreplication.node.config.Directives.ZSET_MAX_LISTPACK_ENTRIES;
import static dev.redisreplication.node.config.Directives.ZSET_MAX_LISTPACK_VALUE;

import dev.redisreplication.node.config.Directive;
import dev.redisreplication.node.config.NodeSettings;
import dev.redisreplication.node.disk.Disk;
import dev.redisreplication.node.info.Info;
import dev.redisreplication.node.net.Loop;
import dev.redisreplication.node.store.CompactLimits;
import dev.redisreplication.node.store.EvictionPolicy;
import dev.redisreplication.node.store.ExpiryMode;
import dev.redisreplication.node.store.Store;
import java.time.Instant;
import java.util.List;

/**
 * The parts of this server that commands use, and the places where other parts hang themselves in. Set up by
 * {@code server} before the first connection; on the event loop only, except where a method says otherwise.
 */
public final class Node {
    /** The version of Redis that this server behaves like, as clients ask for it. */
    public static final String REDIS_VERSION = "7.0.15";

    private static final List<Directive<Long>> LIMITS = List.of(
            HASH_MAX_LISTPACK_ENTRIES,
            HASH_MAX_LISTPACK_VALUE,
            ZSET_MAX_LISTPACK_ENTRIES,
            ZSET_MAX_LISTPACK_VALUE,
            SET_MAX_INTSET_ENTRIES);

    private final Loop loop;
    private final NodeSettings settings;
    private final Clients clients = new Clients();
    private final Stats stats;
    private final Info info = new Info();
    private final HeldNames heldNames = new HeldNames(Runtime.getRuntime().maxMemory() / 2);
    private final Journal journal = new Journal();
    private final Watches watches = new Watches(this);
    private final PubSub pubSub = new PubSub(this);
    private final Suspensions suspensions = new Suspensions(this);
    private final KeyWaits keyWaits = new KeyWaits(this);
    private final Notifications notifications;
    private final Tracking tracking;
    private final Dispatcher dispatcher = new Dispatcher(this);
    private final Stopwatch stopwatch = new Stopwatch();
    private final Monitors monitors = new Monitors(this);
    private final SlowLog slowLog = new SlowLog();
    private final Latency latency = new Latency();
    private final SlowCommands slowCommands;
    private final Execution execution = new Execution(this);
    private final MemoryLimit memory;
    private final Access access;
    private final Pause pause = new Pause(this);
    private final ClientMemory clientMemory;
    private final Barrier barrier = new Barrier(this);
    private final Disk disk;
    private final String runId = RunId.create();
    private final long startedAt = System.currentTimeMillis();

    private CommandTable table;
    private Store store;
    private Effects effects = Effects.NONE;
    private Gate gate = Gate.OPEN;
    private Users users;
    private Shutdown shutdown = Shutdown.NONE;
    private boolean loading;
    private boolean applying;
    private CommandError busy;
    private boolean activeExpiry = true;

    /** A node without commands and data yet. */
    public Node(Loop loop, NodeSettings settings, Disk disk) {
        this.loop = loop;
        this.disk = disk;
        this.settings = settings;
        this.notifications = new Notifications(this);
        this.tracking = new Tracking(this);
        this.stats = new Stats(loop);
        this.slowCommands = new SlowCommands(settings, stopwatch, slowLog, latency);
        this.access = new Access(settings);
        this.memory = new MemoryLimit(this);
        this.clientMemory = new ClientMemory(this);
        loop.beforeFlush(Loop.Phase.ACKNOWLEDGE, barrier::endOfRound);
        for (Directive<Long> limit : LIMITS) {
            settings.onChange(limit, entries -> store.limits(limits()));
        }
        settings.onChange(MAXMEMORY_POLICY, policy -> evictionOf(store));
        settings.onChange(LFU_LOG_FACTOR, factor -> evictionOf(store));
        settings.onChange(LFU_DECAY_TIME, minutes -> evictionOf(store));
    }

    /** The event loop. */
    public Loop loop() {
        return loop;
    }

    /** Directives, current values. From any thread. */
    public NodeSettings settings() {
        return settings;
    }

    /** All commands. */
    public CommandTable table() {
        return table;
    }

    /** Gives it its commands, before it loads data or accepts a connection. */
    public void table(CommandTable commands) {
        table = commands;
        stats.rows(commands.withSubcommands().size());
        dispatcher.admission(new Admission(this));
    }

    /** All clients with a connection. */
    public Clients clients() {
        return clients;
    }

    /** Counters. */
    public Stats stats() {
        return stats;
    }

    /** Sections of INFO. */
    public Info info() {
        return info;
    }

    /** What the names take that clients hold. */
    public HeldNames heldNames() {
        return heldNames;
    }

    /** What happened to which key. */
    public Journal journal() {
        return journal;
    }

    /** Who watches what. */
    public Watches watches() {
        return watches;
    }

    /** Who listens to which channel. */
    public PubSub pubSub() {
        return pubSub;
    }

    /** Who tells subscribers what happens to keys. */
    Notifications notifications() {
        return notifications;
    }

    /** Who tells clients which of the values that they have cached are out of date. */
    public Tracking tracking() {
        return tracking;
    }

    /** Where dumps and the append-only directory are. From any thread. */
    public Disk disk() {
        return disk;
    }

    /** What holds replies to writes back. */
    public Barrier barrier() {
        return barrier;
    }

    /** Decides which commands are executed. */
    public Dispatcher dispatcher() {
        return dispatcher;
    }

    /** Executes commands. */
    public Execution execution() {
        return execution;
    }

    Stopwatch stopwatch() {
        return stopwatch;
    }

    SlowCommands slowCommands() {
        return slowCommands;
    }

    /** Who sees all commands. */
    public Monitors monitors() {
        return monitors;
    }

    /** Commands that took long. */
    public SlowLog slowLog() {
        return slowLog;
    }

    /** Events that took long. */
    public Latency latency() {
        return latency;
    }

    /** maxmemory, and who makes room. */
    public MemoryLimit memory() {
        return memory;
    }

    /** Whether the data takes more memory than maxmemory allows, and no room could be made yet. */
    public boolean memoryExceeded() {
        return memory.exceeded();
    }

    /** maxmemory-clients, and who takes how much of it. */
    public ClientMemory clientMemory() {
        return clientMemory;
    }

    /** Passwords and limits. */
    public Access access() {
        return access;
    }

    /** Microseconds since 1970, now. */
    public long micros() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
    }

    /** CONFIG RESETSTAT. */
    public void resetStats() {
        stats.reset();
        store.countReadsFrom(0, 0);
    }

    /** Whether keys are looked for whose time is up, besides those that commands meet. */
    public boolean activeExpiry() {
        return activeExpiry;
    }

    /** Turns it on or off, for tests. */
    public void activeExpiry(boolean on) {
        activeExpiry = on;
    }

    /** Holds clients back for {@code millis}: all commands, or only writes. A second call prolongs the first. */
    public void pauseClients(long millis, boolean everything) {
        pause.pause(millis, everything);
    }

    /** Ends {@link #pauseClients}, not {@link #pauseWhileEnding}. */
    public void resumeClients() {
        pause.resume();
    }

    /** Holds writes back while the node is about to end, or no longer. */
    public void pauseWhileEnding(boolean on) {
        pause.whileEnding(on);
    }

    /** Whether writes are held back: nothing else may change the data then. */
    public boolean writesPaused() {
        return pause.on();
    }

    Pause pause() {
        return pause;
    }

    /** The client's connection has ended. */
    void forget(Client client) {
        clients.remove(client);
        suspensions.cancel(client);
        monitors.remove(client);
        barrier.forget(client);
        watches.unwatchAll(client);
        pubSub.forget(client);
        tracking.off(client);
        client.forget(this);
        clientMemory.forget(client);
    }

    /** Requests that wait. */
    public Suspensions suspensions() {
        return suspensions;
    }

    KeyWaits keyWaits() {
        return keyWaits;
    }

    /** 40 hexadecimal digits, new in every start. */
    public String runId() {
        return runId;
    }

    /** Milliseconds since 1970 of this start. */
    public long startedAt() {
        return startedAt;
    }

    /** The data. */
    public Store store() {
        return store;
    }

    /** An empty store as the directives say it is to be. From any thread. */
    public Store newStore() {
        Store empty = new Store(settings.get(DATABASES).intValue());
        empty.limits(limits());
        evictionOf(empty);
        return empty;
    }

    private void evictionOf(Store of) {
        of.policy(
                EvictionPolicy.of(settings.get(MAXMEMORY_POLICY)),
                settings.get(LFU_LOG_FACTOR),
                settings.get(LFU_DECAY_TIME));
    }

    private CompactLimits limits() {
        return new CompactLimits(
                settings.get(HASH_MAX_LISTPACK_ENTRIES),
                settings.get(HASH_MAX_LISTPACK_VALUE),
                settings.get(ZSET_MAX_LISTPACK_ENTRIES),
                settings.get(ZSET_MAX_LISTPACK_VALUE),
                settings.get(SET_MAX_INTSET_ENTRIES));
    }

    /**
     * Exchanges the data, as a full resync does. The node listens to the new store from now on. Closing the old store is the caller's.
     */
    public void store(Store next) {
        if (store != null) {
            next.countReadsFrom(store.hits(), store.misses());
        }
        store = next;
        store.listener(new KeyEvents(this));
        store.limits(limits());
        evictionOf(store);
        settleExpiry();
        journal.add(Event.EXCHANGED, Journal.ALL);
        execution.settle();
    }

    /** Where changes go. */
    public Effects effects() {
        return effects;
    }

    /** Sets where changes go. */
    public void effects(Effects next) {
        effects = next;
    }

    /** All users. */
    public Users users() {
        return users;
    }

    /** Sets who knows them, before the first connection. */
    public void users(Users next) {
        users = next;
    }

    /** Whether this node may serve. */
    public Gate gate() {
        return gate;
    }

    /** Sets who decides it. */
    public void gate(Gate next) {
        gate = next;
        settleExpiry();
    }

    /** Whether data is being loaded: commands without the flag LOADING are refused. */
    public boolean loading() {
        return loading;
    }

    /** Says that loading began or ended. */
    public void loading(boolean on) {
        loading = on;
        settleExpiry();
    }

    /** Says that the execution of a master's stream begins or ends. */
    public void applying(boolean on) {
        applying = on;
        settleExpiry();
    }

    /** For commands of clients between those of a master's stream. @return whether one is applied, to be restored */
    boolean pauseApplying() {
        boolean before = applying;
        if (before) {
            applying(false);
        }
        return before;
    }

    /**
     * Lets the store know what happens to keys whose time is over; to be called when something changed that it follows from.
     * While data are loaded or a master's stream is applied they are still there: its DEL will come. While clients are paused
     * the data do not change. Else role and lease say it.
     */
    public void settleExpiry() {
        if (store != null) {
            store.expiryMode(loading || applying ? ExpiryMode.IGNORE : pause.on() ? ExpiryMode.HIDE : gate.expiry());
        }
    }

    /** What a script answers the others with that runs for too long, or null. */
    CommandError busy() {
        return busy;
    }

    /** While a script runs for too long, others are answered with this error, except by commands of {@link Flag#ALLOW_BUSY}. */
    public void busy(CommandError error) {
        busy = error;
    }

    /** How to end the process. */
    public Shutdown shutdown() {
        return shutdown;
    }

    /** Sets how to end the process. */
    public void shutdown(Shutdown how) {
        shutdown = how;
    }

    /** Clients that wait: in a blocking command, or because of a pause. */
    public int blockedClients() {
        return suspensions.count();
    }
}
