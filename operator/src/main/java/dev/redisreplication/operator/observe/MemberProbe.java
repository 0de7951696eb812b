package dev.redisreplication.operator.observe;

import java.io.IOException;
import java.net.ConnectException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Watches one pod's node over one live connection: asks INFO each tick, reconnects, and keeps what was last said. It never waits, so
 * a node that hangs holds up nobody. All of it happens on the mailbox' thread.
 */
public final class MemberProbe {

    /**
     * What is known of a node.
     *
     * @param troubleSince when the first sign of trouble was seen since the last answer, or before the process changed;
     *     monotonic ms, 0 for none
     */
    public record Seen(Link link, NodeFacts facts, long askedAt, long answeredAt, long troubleSince) {
        static final Seen NOTHING = new Seen(Link.NONE, null, 0, 0, 0);
    }

    /** Hears what changes. */
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
    private final Line.Opener lines;
    private final Listener listener;
    private Seen seen = Seen.NOTHING;
    private Line link;
    private String linkRunId = "";
    private boolean stopped;
    private String problem = "";
    private String unloadable = "";
    private Forbidden forbidden = new Forbidden("", 0);
    /** When the question was sent that the node has to answer in time; -1 for none. */
    private long askingSince = -1;

    private boolean poked;
    /** The connection has not answered yet. */
    private boolean fresh;

    private long nextAt = Long.MIN_VALUE;
    private long nextTryAt = Long.MIN_VALUE;

    MemberProbe(
            String name,
            String podUid,
            String address,
            Supplier<Settings> settings,
            Clock clock,
            Line.Opener lines,
            Listener listener) {
        this.name = name;
        this.podUid = podUid;
        this.address = address;
        this.settings = settings;
        this.clock = clock;
        this.lines = lines;
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
        Line to = link;
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

    /** Asks now, besides the tick. */
    public void askNow() {
        if (link != null) {
            var _ = ask(link);
        }
    }

    /**
     * Does what is due: connects, asks, gives up a node that does not answer.
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
        Line to = link;
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
    private void tryNewest(Line to, List<String> passwords, long now) {
        if (passwords.size() > 1 && now >= nextTryAt && !to.takes(passwords.getFirst())) {
            nextTryAt = now + TRY_EVERY_MS;
            to.tryPassword(passwords.getFirst());
        }
    }

    /** Whether the process now connected has taken this password. */
    boolean takes(String password) {
        Line to = link;
        return to != null && !linkRunId.isEmpty() && to.takes(password);
    }

    private Line connect(Settings settings) {
        fresh = true;
        try {
            linkRunId = "";
            link = lines.open(address, settings.port(), settings.passwords(), this::linkClosed);
        } catch (IOException e) {
            failed(e instanceof ConnectException ? Link.REFUSED : Link.TIMEOUT, e.getMessage());
        }
        if (stopped) {
            closeLink();
        }
        return link;
    }

    /** A connection that ended is no finding yet: the next turn, at once, tries a new one. */
    @SuppressWarnings("ReferenceEquality") // the very connection is meant
    private void linkClosed(Line closed, IOException cause, boolean connected) {
        if (link != closed || stopped) {
            return;
        }
        forget(closed);
        // Who answered, and will not let this process in, would not do so on another connection.
        if (fresh || cause instanceof NodeLink.Denied) {
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

    @SuppressWarnings("ReferenceEquality") // the very connection is meant
    private void forget(Line closed) {
        if (link == closed) {
            link = null;
            linkRunId = "";
            askingSince = -1;
        }
    }

    private CompletableFuture<Void> ask(Line to) {
        long askedAt = clock.millis();
        return to.ask().thenAccept(answer -> noted(to, askedAt, answer));
    }

    @SuppressWarnings("ReferenceEquality") // the very connection is meant
    private void noted(Line from, long askedAt, Line.Answer answer) {
        Seen before = seen;
        if (askedAt < before.askedAt() || link != from) {
            return;
        }
        NodeFacts facts = answer.facts();
        boolean sameProcess = before.facts() != null && before.facts().runId().equals(facts.runId());
        boolean news = before.link() != Link.OK
                || before.facts() == null
                || !before.facts().standing().equals(facts.standing())
                || !unloadable.equals(answer.unloadable());
        linkRunId = facts.runId();
        unloadable = answer.unloadable();
        seen = new Seen(Link.OK, facts, askedAt, clock.millis(), sameProcess ? 0 : before.troubleSince());
        fresh = false;
        problem = "";
        listener.answered(this, news);
    }

    private void failed(Link state, String why) {
        problem = String.valueOf(why);
        boolean changed = seen.link() != state;
        long since = seen.troubleSince() == 0 ? clock.millis() : seen.troubleSince();
        seen = new Seen(state, seen.facts(), seen.askedAt(), seen.answeredAt(), since);
        if (changed) {
            LOG.debugf("%s: %s (%s)", name, state, problem);
            listener.linkChanged(this);
        }
    }

    private void markTrouble() {
        if (seen.troubleSince() == 0) {
            seen = new Seen(seen.link(), seen.facts(), seen.askedAt(), seen.answeredAt(), clock.millis());
        }
    }

    private void closeLink() {
        Line to = link;
        if (to != null) {
            to.close();
        }
    }
}
