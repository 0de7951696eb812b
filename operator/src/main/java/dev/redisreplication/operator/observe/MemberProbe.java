package dev.redisreplication.operator.observe;

import java.io.IOException;
import java.net.ConnectException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Watches one pod's node over one live connection: asks INFO each tick, reconnects, and keeps what was last said. It never waits, so
 * a node that hangs holds up nobody.
 */
public final class MemberProbe {

    /**
     * What is known of a node.
     *
     * @param troubleSince when the first sign of trouble was seen since the last answer, or before the process changed;
     *     monotonic ms, 0 for none
     */
    public record Seen(Link link, NodeFacts facts, long askedAt, long answeredAt, long troubleSince) {}

    /** Hears what changes; called on the loop's thread, must not block. */
    public interface Listener {
        /**
         * The node answered.
         *
         * @param news whether it said anything new besides offsets and times
         */
        void answered(MemberProbe probe, boolean news);

        /** The state of the link changed. */
        void linkChanged(MemberProbe probe);

        /** A turn is due before its time. */
        void due();
    }

    /**
     * How a probe works.
     *
     * @param passwords that the node may take, the newest first
     */
    public record Settings(int port, long tickMs, int timeoutMs, List<String> passwords) {}

    /** The last order that the rules of the user forbade. */
    private record Forbidden(String reply, long at) {}

    private static final Logger LOG = Logger.getLogger(MemberProbe.class);
    /** A node looks at its passwords this often. */
    private static final long TRY_EVERY_MS = 1000;
    /** An order that is forbidden, and still wanted, is given again before that. */
    private static final long FORBIDDEN_FOR_MS = 5000;

    private final String name;
    private final String podUid;
    private final String address;
    private final Supplier<Settings> settings;
    private final Clock clock;
    private final NodeLoop loop;
    private final Listener listener;
    private volatile Seen seen = new Seen(Link.NONE, null, 0, 0, 0);
    private volatile NodeLink link;
    private volatile String linkRunId = "";
    private volatile boolean stopped;
    private volatile String problem = "";
    private volatile String unloadable = "";
    private volatile Forbidden forbidden = new Forbidden("", 0);
    /** When the question was sent that the node has to answer in time; -1 for none. */
    private volatile long askingSince = -1;

    private volatile boolean poked;
    /** Of the loop's thread: the connection has not answered yet; when to ask or to connect again. */
    private boolean fresh;

    private long nextAt = Long.MIN_VALUE;
    private long nextTryAt = Long.MIN_VALUE;

    MemberProbe(
            String name,
            String podUid,
            String address,
            Supplier<Settings> settings,
            Clock clock,
            NodeLoop loop,
            Listener listener) {
        this.name = name;
        this.podUid = podUid;
        this.address = address;
        this.settings = settings;
        this.clock = clock;
        this.loop = loop;
        this.listener = listener;
    }

    /** Ends the probe and its connection. */
    void stop() {
        stopped = true;
        closeLink();
    }

    /** The next turn shall ask, whatever its time. */
    void poke() {
        poked = true;
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

    /** Why the node could not load its data and waits to be told what to do; "" if it does not. */
    String unloadable() {
        return seen.link() == Link.OK ? unloadable : "";
    }

    /** In the node's words: why it does not let this process in, or what it forbids it; "" if neither. */
    String denial() {
        if (seen.link() == Link.DENIED) {
            return problem;
        }
        Forbidden last = forbidden;
        return last.reply().isEmpty() || clock.millis() - last.at() > FORBIDDEN_FOR_MS ? "" : last.reply();
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
        return to.send(command).thenApply(reply -> {
            if (reply instanceof NodeLink.Refusal refusal && refusal.isForbidden()) {
                forbidden = new Forbidden(refusal.message(), clock.millis());
            }
            return reply;
        });
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
            NodeLink.await(ask(to), timeoutMs);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Does what is due, on the loop's thread: connects, asks, gives up a node that does not answer.
     *
     * @param now the time
     * @param tick when the tick began that all members share
     * @return when the next turn is due at the latest
     */
    long turn(long now, long tick) {
        if (stopped) {
            return Long.MAX_VALUE;
        }
        Settings settings = this.settings.get();
        NodeLink to = link;
        if (to != null && askingSince >= 0) {
            if (now - askingSince < settings.timeoutMs()) {
                return askingSince + settings.timeoutMs();
            }
            failed(Link.TIMEOUT, "no answer within " + settings.timeoutMs() + " ms");
            forget(to);
            to.close();
            to = null;
            nextAt = now;
        }
        if (nextAt > now && !poked) {
            return nextAt;
        }
        poked = false;
        nextAt = tick + settings.tickMs();
        if (to == null) {
            to = connect(settings);
        }
        if (to == null) {
            return nextAt;
        }
        tryNewest(to, settings.passwords(), now);
        askingSince = now;
        var _ = ask(to).thenRun(() -> {
            askingSince = -1;
            if (poked) {
                listener.due();
            }
        });
        return now + settings.timeoutMs();
    }

    /** The connection may have been made with a password that has been replaced since. */
    private void tryNewest(NodeLink to, List<String> passwords, long now) {
        if (passwords.size() > 1 && now >= nextTryAt && !to.takes(passwords.getFirst())) {
            nextTryAt = now + TRY_EVERY_MS;
            to.tryPassword(passwords.getFirst());
        }
    }

    /** Whether the process now connected has taken this password. */
    boolean takes(String password) {
        NodeLink to = link;
        return to != null && !linkRunId.isEmpty() && to.takes(password);
    }

    private NodeLink connect(Settings settings) {
        fresh = true;
        try {
            NodeLink opened = NodeLink.open(loop, address, settings.port(), settings.passwords(), this::linkClosed);
            linkRunId = "";
            link = opened;
        } catch (IOException e) {
            failed(e instanceof ConnectException ? Link.REFUSED : Link.TIMEOUT, e.getMessage());
        }
        if (stopped) {
            closeLink();
        }
        return link;
    }

    /** A connection that ended is no finding yet: the next turn, at once, tries a new one. */
    private void linkClosed(NodeLink closed, IOException cause, boolean connected) {
        if (link != closed || stopped) {
            return;
        }
        forget(closed);
        if (fresh) {
            failed(stateAfter(cause, connected), cause.getMessage());
        } else {
            nextAt = clock.millis();
            markTrouble();
            listener.due();
        }
    }

    private static Link stateAfter(IOException cause, boolean connected) {
        if (cause instanceof NodeLink.Denied) {
            return Link.DENIED;
        }
        return connected || cause instanceof ConnectException ? Link.REFUSED : Link.TIMEOUT;
    }

    private synchronized void forget(NodeLink closed) {
        if (link == closed) {
            link = null;
            linkRunId = "";
            askingSince = -1;
        }
    }

    /** The result fails, and ends the connection, when the answer is of no use. */
    private CompletableFuture<Void> ask(NodeLink to) {
        long askedAt = clock.millis();
        return to.send("INFO", "replication", "persistence").thenAccept(answer -> {
            try {
                if (answer instanceof NodeLink.Refusal refusal
                        && NodeLink.refused(refusal.message()) instanceof NodeLink.Denied denied) {
                    fresh = true; // it answered, and would not do so on another connection
                    to.close(denied);
                    throw new IllegalArgumentException(refusal.message());
                }
                if (!(answer instanceof String text)) {
                    throw new IllegalArgumentException("INFO was refused: " + answer);
                }
                NodeFacts facts = NodeFactsParser.parse(text);
                unloadable = NodeFactsParser.unloadable(text);
                noted(to, askedAt, facts);
            } catch (IllegalArgumentException e) {
                to.close(new IOException("INFO makes no sense: " + e.getMessage(), e));
                throw e;
            }
        });
    }

    private void noted(NodeLink from, long askedAt, NodeFacts facts) {
        long answeredAt = clock.millis();
        boolean news;
        synchronized (this) {
            Seen before = seen;
            if (askedAt < before.askedAt() || link != from) {
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
        fresh = false;
        problem = "";
        listener.answered(this, news);
    }

    private void failed(Link state, String why) {
        problem = String.valueOf(why);
        boolean changed;
        synchronized (this) {
            changed = seen.link() != state;
            long since = seen.troubleSince() == 0 ? clock.millis() : seen.troubleSince();
            seen = new Seen(state, seen.facts(), seen.askedAt(), seen.answeredAt(), since);
        }
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
