package dev.redisreplication.operator.observe;

import java.io.IOException;
import java.net.ConnectException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Watches one pod's node over one live connection, on a virtual thread of its own: asks INFO each tick, reconnects, and keeps
 * what was last said. A node that hangs holds up nobody but this probe.
 */
public final class MemberProbe {

    /**
     * What is known of a node.
     *
     * @param troubleSince when the first sign of trouble was seen since the last answer, or before the process changed;
     *     monotonic ms, 0 for none
     */
    public record Seen(Link link, NodeFacts facts, long askedAt, long answeredAt, long troubleSince) {}

    /** Hears what changes; called on the probe's threads, must not block. */
    public interface Listener {
        /**
         * The node answered.
         *
         * @param news whether it said anything new besides offsets and times
         */
        void answered(MemberProbe probe, boolean news);

        /** The state of the link changed. */
        void linkChanged(MemberProbe probe);
    }

    /** How a probe works. */
    public record Settings(int port, long tickMs, int timeoutMs, Supplier<String> password) {}

    private static final Logger LOG = Logger.getLogger(MemberProbe.class);

    private final String name;
    private final String podUid;
    private final String address;
    private final Supplier<Settings> settings;
    private final Clock clock;
    private final Listener listener;
    private volatile Seen seen = new Seen(Link.NONE, null, 0, 0, 0);
    private volatile NodeLink link;
    private volatile String linkRunId = "";
    private volatile boolean stopped;
    private volatile String problem = "";
    private Thread thread;

    MemberProbe(
            String name, String podUid, String address, Supplier<Settings> settings, Clock clock, Listener listener) {
        this.name = name;
        this.podUid = podUid;
        this.address = address;
        this.settings = settings;
        this.clock = clock;
        this.listener = listener;
    }

    void start() {
        thread = Thread.ofVirtual().name("probe-" + name).start(this::run);
    }

    /** Ends the probe and its connection. */
    void stop() {
        stopped = true;
        closeLink();
        LockSupport.unpark(thread);
    }

    /** Ends the pause before the next question. */
    void poke() {
        LockSupport.unpark(thread);
    }

    public String name() {
        return name;
    }

    public String podUid() {
        return podUid;
    }

    public String address() {
        return address;
    }

    public Seen seen() {
        return seen;
    }

    /** Why there is no connection, "" while there is one. */
    public String problem() {
        return problem;
    }

    /**
     * Sends an order on the very connection on which the process answered that the order is meant for.
     *
     * @param runId that process
     * @return its answer; failed when that connection is not there any more
     */
    public CompletableFuture<Object> order(String runId, String... command) {
        NodeLink to = link;
        if (to == null || !runId.equals(linkRunId)) {
            return CompletableFuture.failedFuture(new IOException(name + " is not connected as process " + runId));
        }
        return to.send(command);
    }

    /**
     * Asks now, besides the tick.
     *
     * @return whether the node answered within the time
     */
    public boolean askNow(long timeoutMs) {
        NodeLink to = link;
        if (to == null) {
            return false;
        }
        try {
            ask(to, timeoutMs);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void run() {
        while (!stopped) {
            long began = clock.millis();
            try {
                turn();
            } catch (RuntimeException e) {
                LOG.warnf(e, "%s: the probe failed", name);
                closeLink();
            }
            long left = settings.get().tickMs() - (clock.millis() - began);
            if (left > 0 && !stopped && (link != null || seen.link() != Link.OK)) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(left));
            }
        }
        closeLink();
    }

    private void turn() {
        NodeLink to = link;
        Settings now = settings.get();
        boolean fresh = to == null;
        if (fresh) {
            to = connect(now);
        }
        if (to == null) {
            return;
        }
        try {
            ask(to, now.timeoutMs());
        } catch (IOException e) {
            boolean silent = e.getCause() instanceof TimeoutException;
            // A connection that ended is no finding yet: the next turn, at once, tries a new one.
            if (fresh || silent) {
                failed(silent ? Link.TIMEOUT : Link.REFUSED, e);
            }
            to.close();
            forget(to);
        }
    }

    private NodeLink connect(Settings now) {
        try {
            NodeLink opened =
                    NodeLink.open(address, now.port(), now.password().get(), now.timeoutMs(), this::linkClosed);
            linkRunId = "";
            link = opened;
            return opened;
        } catch (ConnectException e) {
            failed(Link.REFUSED, e);
        } catch (IOException e) {
            failed(Link.TIMEOUT, e);
        }
        return null;
    }

    private void linkClosed(NodeLink closed) {
        forget(closed);
        markTrouble();
        LockSupport.unpark(thread);
    }

    private synchronized void forget(NodeLink closed) {
        if (link == closed) {
            link = null;
            linkRunId = "";
        }
    }

    private void ask(NodeLink to, long timeoutMs) throws IOException {
        long askedAt = clock.millis();
        Object answer = NodeLink.await(to.send("INFO", "replication", "persistence"), timeoutMs);
        if (!(answer instanceof String text)) {
            throw new IOException("INFO was refused: " + answer);
        }
        NodeFacts facts;
        try {
            facts = NodeFactsParser.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IOException("INFO makes no sense: " + e.getMessage(), e);
        }
        long answeredAt = clock.millis();
        boolean news;
        synchronized (this) {
            Seen before = seen;
            if (askedAt < before.askedAt() || link != to) {
                return;
            }
            boolean sameProcess =
                    before.facts() != null && before.facts().runId().equals(facts.runId());
            linkRunId = facts.runId();
            news = before.link() != Link.OK
                    || before.facts() == null
                    || !before.facts().standing().equals(facts.standing());
            seen = new Seen(Link.OK, facts, askedAt, answeredAt, sameProcess ? 0 : before.troubleSince());
        }
        problem = "";
        listener.answered(this, news);
    }

    private void failed(Link state, IOException e) {
        problem = String.valueOf(e.getMessage());
        boolean changed;
        synchronized (this) {
            changed = seen.link() != state;
            seen = new Seen(state, seen.facts(), seen.askedAt(), seen.answeredAt(), seen.troubleSince());
        }
        markTrouble();
        if (changed) {
            LOG.debugf("%s: %s (%s)", name, state, problem);
            listener.linkChanged(this);
        }
    }

    private synchronized void markTrouble() {
        if (seen.troubleSince() == 0) {
            seen = new Seen(seen.link(), seen.facts(), seen.askedAt(), seen.answeredAt(), clock.millis());
        }
    }

    private void closeLink() {
        NodeLink to = link;
        if (to != null) {
            to.close();
        }
    }
}
