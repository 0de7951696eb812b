package dev.redisreplication.node.command;

import dev.redisreplication.node.config.Settings;
import dev.redisreplication.node.info.Info;
import dev.redisreplication.node.net.Loop;
import dev.redisreplication.node.store.Store;

/**
 * The parts of this server that commands use, and the places where other parts hang themselves in. Set up by
 * {@code server} before the first connection; on the event loop only, except where a method says otherwise.
 */
public final class Node {
    private final Loop loop;
    private final Settings settings;
    private final CommandTable table = new CommandTable();
    private final Clients clients = new Clients();
    private final Stats stats = new Stats();
    private final Info info = new Info();
    private final Watches watches = new Watches();
    private final Blocking blocking = new Blocking(this);
    private final Dispatcher dispatcher = new Dispatcher(this);
    private final MemoryLimit memory = new MemoryLimit(this);
    private final String runId = RunId.create();
    private final long startedAt = System.currentTimeMillis();

    private Store store;
    private Effects effects = Effects.NONE;
    private Gate gate = Gate.OPEN;
    private ShutdownHook shutdown = (save, how) -> {};
    private boolean loading;
    int blockedClients;

    /** Ends the process in an orderly way. */
    @FunctionalInterface
    public interface ShutdownHook {
        /**
         * Begins the shutdown: no new commands, data made safe, sockets closed, process ended with status 0.
         *
         * @param save SHUTDOWN's SAVE (true), NOSAVE (false), or by configuration (null)
         * @param how what asked for it, for the log
         */
        void shutdown(Boolean save, String how);
    }

    /** A node without data yet. */
    public Node(Loop loop, Settings settings) {
        this.loop = loop;
        this.settings = settings;
    }

    /** The event loop. */
    public Loop loop() {
        return loop;
    }

    /** Directives, current values. From any thread. */
    public Settings settings() {
        return settings;
    }

    /** All commands. */
    public CommandTable table() {
        return table;
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

    /** Who watches what. */
    public Watches watches() {
        return watches;
    }

    /** Executes commands. */
    public Dispatcher dispatcher() {
        return dispatcher;
    }

    /** Whether more memory is used than maxmemory allows. */
    MemoryLimit memory() {
        return memory;
    }

    Blocking blocking() {
        return blocking;
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

    /**
     * Exchanges the data, as a full resync does. Watching clients lose their transactions, and the node listens to the
     * new store from now on. Closing the old store is the caller's.
     */
    public void store(Store next) {
        store = next;
        store.listener(new KeyEvents(this));
        store.watching(watches.any());
        watches.touchAll(-1);
    }

    /** Where changes go. */
    public Effects effects() {
        return effects;
    }

    /** Sets where changes go. */
    public void effects(Effects next) {
        effects = next;
    }

    /** Whether this node may serve. */
    public Gate gate() {
        return gate;
    }

    /** Sets who decides it. */
    public void gate(Gate next) {
        gate = next;
    }

    /** Whether data is being loaded: commands without the flag LOADING are refused. */
    public boolean loading() {
        return loading;
    }

    /** Says that loading began or ended. */
    public void loading(boolean on) {
        loading = on;
    }

    /** How to end the process. */
    public ShutdownHook shutdown() {
        return shutdown;
    }

    /** Sets how to end the process. */
    public void shutdown(ShutdownHook hook) {
        shutdown = hook;
    }

    /** Clients that wait in a blocking command. */
    public int blockedClients() {
        return blockedClients;
    }
}
