package dev.redisreplication.node.server;

import static dev.redisreplication.node.config.Directives.SHUTDOWN_ON_SIGINT;
import static dev.redisreplication.node.config.Directives.SHUTDOWN_ON_SIGTERM;
import static dev.redisreplication.node.config.Directives.SHUTDOWN_TIMEOUT;

import dev.redisreplication.node.command.Awaited;
import dev.redisreplication.node.command.Client;
import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.command.Shutdown;
import dev.redisreplication.node.command.Suspension;
import dev.redisreplication.node.config.Directive;
import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.net.Timer;
import dev.redisreplication.node.replication.io.Leaving;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The end of the process, as in Redis: writes are held back until the replicas have everything, at most for
 * {@code shutdown-timeout}; then the data is made safe; then the process ends. When the data cannot be made safe the node
 * goes on. On the event loop, except where a method says otherwise.
 */
final class Ending implements Shutdown, Awaited, Signalled {
    private static final int LOOK_MILLIS = 10;
    private static final String FAILED = "ERR Errors trying to SHUTDOWN. Check logs.";

    private enum Phase {
        RUNNING,
        WAITING,
        OVER
    }

    private final Node node;
    private final Leaving leaving;
    private final Runnable exit;
    private final Set<Suspension> waiting = new LinkedHashSet<>();
    private Phase phase = Phase.RUNNING;
    private Options options = Options.NONE;
    private Timer timer;
    private volatile boolean signalled;

    /**
     * The end of {@code node}.
     *
     * @param leaving what it owes to its replicas and to the disk
     * @param exit is called when everything is done; it gives the sockets back and ends the process
     */
    Ending(Node node, Leaving leaving, Runnable exit) {
        this.node = node;
        this.leaving = leaving;
        this.exit = exit;
    }

    // ---- what asks for it

    @Override
    public boolean isSignalled() {
        return signalled;
    }

    @Override
    public void signal(String name) {
        signalled = true;
        Log.signal("Received " + name + " scheduling shutdown...");
        node.loop().execute(() -> {
            if (node.loading()) {
                Log.warning("Received " + name + " during loading, exiting now.");
                begin(new Options(false, true, true));
            } else {
                begin(configured(name));
            }
        });
    }

    private Options configured(String signal) {
        Directive<List<String>> directive = signal.equals("SIGINT") ? SHUTDOWN_ON_SIGINT : SHUTDOWN_ON_SIGTERM;
        Options configured = Options.NONE;
        for (String word : node.settings().get(directive)) {
            Options more = configured.with(word);
            configured = more == null ? configured : more; // "default" adds nothing
        }
        return configured;
    }

    @Override
    public void begin(Options asked, Suspension by) {
        if (phase != Phase.OVER) {
            waiting.add(by);
        }
        begin(asked);
    }

    /** The same when nobody waits for it. */
    void begin(Options asked) {
        if (phase != Phase.RUNNING) {
            return;
        }
        Log.warning("User requested shutdown...");
        // What is only half loaded must not replace what is on disk.
        options = node.loading() ? new Options(false, asked.now(), asked.force()) : asked;
        long seconds = node.settings().get(SHUTDOWN_TIMEOUT);
        boolean waits = !options.now() && seconds != 0 && leaving.begin();
        node.pauseWhileEnding(true); // also for what comes while the data are made safe, until the process is gone
        if (!waits) {
            finish();
            return;
        }
        phase = Phase.WAITING;
        long began = node.loop().now();
        long bound = TimeUnit.SECONDS.toMillis(seconds);
        Log.notice("Waiting for replicas before shutting down.");
        timer = node.loop().every(LOOK_MILLIS, () -> {
            if (phase == Phase.WAITING && (leaving.isDone() || node.loop().now() - began >= bound)) {
                finish();
            }
        });
    }

    @Override
    public boolean abort() {
        if (phase != Phase.WAITING) {
            return false;
        }
        cancel();
        Log.notice("Shutdown manually aborted.");
        return true;
    }

    // ---- how it ends

    private void finish() {
        String problem = leaving.makeSafe(options.save());
        if (problem != null && !options.force()) {
            Log.warning("Errors trying to shut down the server: " + problem + "; can't exit.");
            cancel();
            return;
        }
        if (problem != null) {
            Log.warning("The data may not be safe: " + problem + ". Exit anyway.");
        }
        stopLooking();
        phase = Phase.OVER;
        leaving.leave();
        exit.run();
    }

    /** The node goes on as if nothing had been asked. */
    private void cancel() {
        stopLooking();
        phase = Phase.RUNNING;
        signalled = false;
        leaving.stay();
        node.pauseWhileEnding(false);
        for (Suspension s : new ArrayList<>(waiting)) {
            node.suspensions().fail(s, FAILED);
        }
    }

    private void stopLooking() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    // ---- clients in SHUTDOWN

    @Override
    public Awaited waiting() {
        return this;
    }

    @Override
    public boolean mayBeUnblocked() {
        return false;
    }

    @Override
    public boolean endsWithRole() {
        return false;
    }

    @Override
    public void ended(Client client) {
        waiting.removeIf(s -> s.client() == client); // the shutdown goes on without it
    }
}
