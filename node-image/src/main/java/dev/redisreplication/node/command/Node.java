package dev.redisreplication.node.command;

import dev.redisreplication.node.config.NodeSettings;
import dev.redisreplication.node.disk.Disk;
import dev.redisreplication.node.info.Info;
import dev.redisreplication.node.net.Loop;
import dev.redisreplication.node.store.Store;
import java.util.Locale;

/**
 * The parts of this server that commands use, put together: each part knows those that it needs, and none knows this. What
 * executes commands ({@link Dispatcher}, {@link Runner}, {@link Call}) stands above. On the event loop only, except where a
 * method says otherwise.
 */
public final class Node {
    /** The version of Redis that this server behaves like, as clients ask for it. */
    public static final String REDIS_VERSION = "7.0.15";

    private final Loop loop;
    private final NodeSettings settings;
    private final Disk disk;
    private final Users users;
    private final Clients clients = new Clients();
    private final Stats stats;
    private final Info info = new Info();
    private final HeldNames heldNames = new HeldNames(Runtime.getRuntime().maxMemory() / 2);
    private final Journal journal = new Journal();
    private final SlowLog slowLog = new SlowLog();
    private final Latency latency = new Latency();
    private final Dataset data;
    private final Access access;
    private final Suspensions suspensions;
    private final Pause pause;
    private final Interlude interlude = new Interlude();
    private final Standing standing;
    private final Barrier barrier;
    private final Execution execution;
    private final KeyEvents keyEvents;
    private final MemoryLimit memory;
    private final ClientMemory clientMemory;
    private final OutputGuard outputs;
    private final Monitors monitors;
    private final Watches watches;
    private final KeyWaits keyWaits;
    private final PubSub pubSub;
    private final Notifications notifications;
    private final Tracking tracking;
    private final String runId = RunId.create();
    private final long startedAt = System.currentTimeMillis();

    private boolean activeExpiry = true;
    private Mode mode = Mode.STANDALONE;

    /** A node without data yet, and without a role. */
    public Node(Loop loop, NodeSettings settings, Disk disk, Users users) {
        this.loop = loop;
        this.settings = settings;
        this.disk = disk;
        this.users = users;
        stats = new Stats(loop);
        data = new Dataset(settings);
        access = new Access(settings);
        suspensions = new Suspensions(loop, clients);
        pause = new Pause(loop, suspensions, this::pauseChanged);
        standing = new Standing(data, pause);
        barrier = new Barrier(standing);
        execution = new Execution(data, journal, standing, barrier);
        keyEvents = new KeyEvents(journal, execution, standing, stats);
        memory = new MemoryLimit(settings, loop, data, standing, latency, execution);
        clientMemory = new ClientMemory(loop, settings, clients, stats);
        outputs = new OutputGuard(access, clientMemory);
        monitors = new Monitors(outputs);
        // Those that read the journal, in the order in which they do.
        watches = new Watches(journal, heldNames, data);
        keyWaits = new KeyWaits(journal, heldNames, data, standing, suspensions);
        pubSub = new PubSub(heldNames, outputs, this::notifyFirst);
        notifications = new Notifications(settings, journal, pubSub);
        tracking = new Tracking(loop, settings, journal, execution, clients, heldNames, outputs);
        loop.beforeFlush(Loop.Phase.ACKNOWLEDGE, barrier::endOfRound);
    }

    /**
     * Hangs replication in: it is built upon this node, so it cannot be there before. To be called once, before data are
     * loaded and the first connection comes.
     *
     * @param gate says role and lease
     * @param effects where changes go
     */
    public void replicatedBy(Gate gate, Effects effects) {
        standing.replicatedBy(gate, effects);
    }

    // ---- the parts

    /** The event loop. */
    public Loop loop() {
        return loop;
    }

    /** Directives, current values. From any thread. */
    public NodeSettings settings() {
        return settings;
    }

    /** Where dumps and the append-only directory are. From any thread. */
    public Disk disk() {
        return disk;
    }

    /** All users. */
    public Users users() {
        return users;
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

    /** Commands that took long. */
    public SlowLog slowLog() {
        return slowLog;
    }

    /** Events that took long. */
    public Latency latency() {
        return latency;
    }

    Dataset data() {
        return data;
    }

    /** Limits of what clients may ask for. */
    Access access() {
        return access;
    }

    /** Requests that wait. */
    public Suspensions suspensions() {
        return suspensions;
    }

    Pause pause() {
        return pause;
    }

    Standing standing() {
        return standing;
    }

    /** What holds replies to writes back. */
    public Barrier barrier() {
        return barrier;
    }

    /** What is being executed. */
    public Execution execution() {
        return execution;
    }

    /** maxmemory, and who makes room. */
    public MemoryLimit memory() {
        return memory;
    }

    /** maxmemory-clients, and who takes how much of it. */
    public ClientMemory clientMemory() {
        return clientMemory;
    }

    OutputGuard outputs() {
        return outputs;
    }

    /** Who sees all commands. */
    public Monitors monitors() {
        return monitors;
    }

    /** Who watches what. */
    public Watches watches() {
        return watches;
    }

    KeyWaits keyWaits() {
        return keyWaits;
    }

    /** Who listens to which channel. */
    public PubSub pubSub() {
        return pubSub;
    }

    /** Who tells clients which of the values that they have cached are out of date. */
    public Tracking tracking() {
        return tracking;
    }

    // ---- the data

    /** The data. */
    public Store store() {
        return data.store();
    }

    /** An empty store as the directives say it is to be. From any thread. */
    public Store newStore() {
        return data.empty();
    }

    /**
     * Exchanges the data, as a full resync does. The node listens to the new store from now on. Closing the old store is the caller's.
     */
    public void store(Store next) {
        data.exchange(next, keyEvents);
        settleExpiry();
        journal.add(Event.EXCHANGED, Journal.ALL);
        execution.settle();
    }

    /** Changes data outside of any request, as an execution of its own: whoever waits for what it touched is served. */
    public void aside(Runnable change) {
        change.run();
        execution.settle();
        if (execution.depth() == 0) {
            keyWaits.serve();
        }
    }

    /** Whether keys are looked for whose time is up, besides those that commands meet. */
    public boolean activeExpiry() {
        return activeExpiry;
    }

    /** Turns it on or off, for tests. */
    public void activeExpiry(boolean on) {
        activeExpiry = on;
    }

    /**
     * Lets the store know what happens to keys whose time is over; to be called when something changed that it follows from.
     * While data are loaded or a master's stream is applied they are still there: its DEL will come. While clients are paused
     * the data do not change. Else role and lease say it.
     */
    public void settleExpiry() {
        standing.settleExpiry();
    }

    // ---- what it may do

    /** Where changes go. */
    public Effects effects() {
        return standing.effects();
    }

    /** Whether this node may serve. */
    public Gate gate() {
        return standing.gate();
    }

    /** Whether data is being loaded: commands without the flag LOADING are refused. */
    public boolean loading() {
        return standing.loading();
    }

    /** Says that loading began or ended. */
    public void loading(boolean on) {
        standing.loading(on);
    }

    /** What clients may have while a script holds the loop. */
    public Interlude interlude() {
        return interlude;
    }

    /** Says that the execution of a master's stream begins or ends. */
    public void applying(boolean on) {
        standing.applying(on);
    }

    /** Whether the data takes more memory than maxmemory allows, and no room could be made yet. */
    public boolean memoryExceeded() {
        return memory.exceeded();
    }

    // ---- clients

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

    /** Holds writes back while a replica is to take over, or no longer. */
    public void pauseWhileFailingOver(boolean on) {
        pause.whileFailingOver(on);
    }

    /** Holds back what is refused only as this node has no role, or no longer. */
    public void pauseWithoutRole(boolean on) {
        pause.withoutRole(on);
    }

    /** Holds writes back while keys are on their way to another server; each that begins ends once. */
    public void pauseWhileMoving(boolean on) {
        pause.whileMoving(on);
    }

    /** Whether writes are held back: nothing else may change the data then. */
    public boolean writesPaused() {
        return pause.on();
    }

    private void pauseChanged() {
        gate().update();
    }

    private void notifyFirst() {
        notifications.inOrder();
    }

    /** Clients that wait: in a blocking command, or because of a pause. */
    public int blockedClients() {
        return suspensions.count();
    }

    /** Closes ordinary clients that read too slowly what they are sent. {@code now}: monotonic milliseconds. */
    public void closeSlowClients(long now) {
        outputs.closeSlow(clients.all(), now);
    }

    /** RESET: it is as if the client had just connected. */
    public void reset(Client client) {
        Transactions.end(watches, client);
        pubSub.forget(client);
        tracking.off(client);
        monitors.remove(client);
        heldNames.name(client, "");
        client.reset();
        client.become(users.standard(), users.isOpen());
    }

    /** The client's connection, or the stream that it stands for, has ended. */
    public void forget(Client client) {
        clients.remove(client);
        suspensions.cancel(client);
        interlude.forget(client);
        monitors.remove(client);
        barrier.forget(client);
        pubSub.forget(client);
        tracking.off(client);
        heldNames.name(client, "");
        heldNames.library(client, "", "");
        Transactions.end(watches, client);
        clientMemory.forget(client);
    }

    // ---- this start

    /** Microseconds since 1970, now. */
    public long micros() {
        return Stopwatch.unixMicros();
    }

    /** What the process is. */
    public enum Mode {
        /** A server of data, alone or in a group. */
        STANDALONE,
        /** One that watches others. */
        SENTINEL;

        /** The word for it in replies. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What this process is. */
    public Mode mode() {
        return mode;
    }

    /** Says what it is, at the start. */
    public void mode(Mode what) {
        mode = what;
    }

    /** CONFIG RESETSTAT. */
    public void resetStats() {
        stats.reset();
        store().countReadsFrom(0, 0);
    }

    /** 40 hexadecimal digits, new in every start. */
    public String runId() {
        return runId;
    }

    /** Milliseconds since 1970 of this start. */
    public long startedAt() {
        return startedAt;
    }
}
