package dev.redisreplication.node.sentinel;

import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.resp.ErrorReply;
import dev.redisreplication.node.sentinel.Instance.State;
import dev.redisreplication.node.sentinel.Link.Channel;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;

/**
 * The state machine of one Sentinel: what happens comes in, what is to be done goes out as {@link Action actions}. It behaves as
 * Redis' own: SDOWN, ODOWN, epochs, votes, the failover and its events. Where that one waits for its next timer, this one goes on
 * at once. Not thread-safe: on the event loop.
 */
public final class Sentinel {
    private final Book book;
    private final Speaker speaker;
    private final Registry registry;
    private final Hello hello;
    private final Election election;
    private final DownDetection down;
    private final Failover failover;
    private final InfoReading info;
    private final Administration administration;
    private final Configuration configuration;
    private final Views views;
    private long lastTick;

    /**
     * One that watches nobody yet.
     *
     * @param port that others reach it at, where none is announced
     * @param random a number from 0 below its argument
     * @param out carries out what it wants, at once
     */
    public Sentinel(int port, Clock clock, IntUnaryOperator random, Consumer<Action> out) {
        book = new Book(clock, random, out);
        speaker = new Speaker(book);
        registry = new Registry(book, speaker);
        hello = new Hello(book, speaker, registry, port);
        election = new Election(book);
        down = new DownDetection(book, speaker);
        failover = new Failover(book, speaker, registry, election);
        info = new InfoReading(book, speaker, registry, failover, hello);
        administration = new Administration(book, speaker, registry, failover);
        configuration = new Configuration(book, registry);
        views = new Views(book);
    }

    /** What an operator of it may change. */
    public Administration administration() {
        return administration;
    }

    /** What is kept in the file. */
    public Configuration configuration() {
        return configuration;
    }

    /** What it tells about itself. */
    public Views views() {
        return views;
    }

    /** All is read: says whom it watches, and begins. */
    public void begin() {
        book.begin();
        lastTick = book.now;
        book.say(Log.Level.WARNING, "Sentinel ID is " + book.myId);
        book.masters.values().forEach(registry::announce);
        tick();
    }

    // ---- the clock

    /** To be called ten to twenty times a second, at intervals that differ a little from one Sentinel to the other. */
    public void tick() {
        book.begin();
        tilt();
        for (Master master : List.copyOf(book.masters.values())) {
            for (Instance instance : master.everybody()) {
                speaker.reconnect(master, instance);
                periodically(master, instance);
                if (!book.inTilt() && instance != master) {
                    down.look(master, instance);
                }
            }
            goOn(master, true);
        }
    }

    /** After a pause of this process nothing that it remembers is true any more: it looks for a while, and does nothing. */
    private void tilt() {
        long delta = book.now - lastTick;
        lastTick = book.now;
        if (delta > book.time(Time.TILT_TRIGGER)) {
            book.tiltSince = book.now;
            book.publish(Log.Level.WARNING, "+tilt", null, "#tilt mode entered");
        } else if (book.inTilt() && book.now - book.tiltSince >= book.time(Time.TILT_PERIOD)) {
            book.tiltSince = 0;
            book.publish(Log.Level.WARNING, "-tilt", null, "#tilt mode exited");
        }
    }

    private void periodically(Master master, Instance to) {
        Link link = to.link;
        if (link.commands != Channel.UP || speaker.isOverwhelmed(link)) {
            return;
        }
        if (to instanceof DataNode node && infoIsDue(master, node)) {
            speaker.info(master, node);
        }
        long pingPeriod = Math.min(to.downAfter, book.time(Time.PING_PERIOD));
        boolean due = book.now - link.lastPong > pingPeriod && book.now - link.lastPing > pingPeriod / 2;
        if (due || (link.extraPing != 0 && book.now >= link.extraPing)) {
            speaker.ping(master, to);
        }
        if (book.now - to.lastHelloSent > book.time(Time.PUBLISH_PERIOD)) {
            hello.send(master, to);
        }
    }

    private boolean infoIsDue(Master master, DataNode node) {
        boolean urgent =
                node instanceof Replica && (master.isDown() || master.inFailover() || node.masterLinkDown != 0);
        long period = book.time(Time.INFO_PERIOD);
        if (urgent) {
            period = Math.min(period, 1000);
        }
        boolean asked = node.infoAskedAt != 0 && book.now - node.infoAskedAt <= period;
        return !asked && (node.infoAt == 0 || book.now - node.infoAt > period);
    }

    /** Goes on with what is known of a master now. */
    private void goOn(Master master, boolean timed) {
        if (book.inTilt()) {
            return;
        }
        down.look(master, master);
        down.count(master);
        if (failover.beginIfNeeded(master)) {
            down.ask(master, true);
        }
        failover.goOn(master);
        if (timed || master.is(State.S_DOWN)) {
            down.ask(master, false);
        }
    }

    // ---- connections

    /**
     * A connection that {@link Action.Connect} asked for is made.
     *
     * @param remote IP address of the other side
     * @param local IP address of this side
     */
    public void connected(Master master, Instance to, boolean listens, String remote, String local) {
        book.begin();
        Link link = to.link;
        if (listens) {
            link.messages = Channel.UP;
            link.messagesSince = book.now;
            link.lastMessage = book.now;
        } else {
            link.commands = Channel.UP;
            link.commandsSince = book.now;
            link.localAddress = local;
            link.refused = false;
        }
        if (!to.address.ip().equals(remote)) {
            to.address = to.address.resolved(remote);
        }
        speaker.introduce(master, to, listens);
        book.event(Log.Level.DEBUG, listens ? "+pubsub-link" : "+cmd-link", master, to);
    }

    /**
     * A connection has ended, or could not be made.
     *
     * @param made whether it was one before
     */
    public void disconnected(Master master, Instance to, boolean listens, boolean made, String reason) {
        book.begin();
        Link link = to.link;
        if (listens) {
            link.messages = Channel.NONE;
        } else {
            speaker.dropped(link);
            link.refused |= !made;
        }
        String event = (listens ? "-pubsub-link" : "-cmd-link") + (made ? "" : "-reconnection");
        book.event(Log.Level.DEBUG, event, master, to, " #" + reason);
        if (!to.gone && made) {
            speaker.reconnect(master, to);
        }
    }

    /** A message has come on a connection that listens. */
    public void message(Instance from, String text) {
        book.begin();
        from.link.lastMessage = book.now;
        hello.receive(text);
    }

    /** A hello message has come from a client of this Sentinel, which is another Sentinel. */
    public void message(String text) {
        book.begin();
        hello.receive(text);
    }

    // ---- replies

    /** The reply to a command; an error is an {@link ErrorReply}. */
    public void replied(Question question, Object reply) {
        book.begin();
        Instance about = question.about();
        about.link.pending--;
        if (about.gone) {
            return;
        }
        Master master = question.master();
        switch (question.kind()) {
            case PING -> pong(master, about, reply instanceof ErrorReply e ? e.text() : String.valueOf(reply));
            case INFO -> {
                if (reply instanceof String text) {
                    info.read(master, (DataNode) about, text);
                } else {
                    ((DataNode) about).infoAskedAt = 0;
                }
            }
            case HELLO -> {
                if (reply instanceof ErrorReply) { // it did not leave: the next one is due at once
                    about.lastHelloSent = book.now - book.time(Time.PUBLISH_PERIOD);
                }
            }
            case IS_MASTER_DOWN -> verdict((OtherSentinel) about, reply);
            case ROLE -> speaker.info(master, (DataNode) about); // whether it has the role now, its INFO says
            case NONE -> {
                // Whether it was done shows later.
            }
        }
        if (book.masters.containsValue(master)) {
            goOn(master, false);
        }
    }

    private void pong(Master master, Instance from, String answer) {
        from.link.lastPong = book.now;
        if (answer.startsWith("PONG") || answer.startsWith("LOADING") || answer.startsWith("MASTERDOWN")) {
            from.link.lastAvailable = book.now;
            from.link.unansweredPing = 0;
            if (answer.startsWith("PONG")) {
                from.states.remove(State.MASTER_REBOOT);
            }
        } else if (answer.startsWith("BUSY") && from.is(State.S_DOWN) && from.states.add(State.SCRIPT_KILL_SENT)) {
            speaker.ask(master, from, Question.Kind.NONE, "SCRIPT", "KILL");
        }
    }

    private void verdict(OtherSentinel from, Object reply) {
        if (reply instanceof List<?> list
                && list.size() == 3
                && list.get(0) instanceof Long isDown
                && list.get(1) instanceof String vote
                && list.get(2) instanceof Long voteEpoch) {
            down.verdict(from, isDown == 1, vote, voteEpoch);
        }
    }

    /**
     * What is answered to SENTINEL IS-MASTER-DOWN-BY-ADDR.
     *
     * @param leader whom this Sentinel has voted for, or "*"
     */
    public record Verdict(boolean down, String leader, long leaderEpoch) {}

    /**
     * Another Sentinel asks what this one holds of a master, and for its vote.
     *
     * @param candidate who wants the vote, or "*"
     */
    public Verdict verdict(String host, int port, long epoch, String candidate) {
        book.begin();
        for (Master master : book.masters.values()) {
            if (!master.address.isAt(host, port)) {
                continue;
            }
            boolean isDown = !book.inTilt() && master.is(State.S_DOWN);
            if (candidate.equals("*")) {
                return new Verdict(isDown, "*", 0);
            }
            election.vote(master, epoch, candidate);
            return new Verdict(isDown, master.leader.isEmpty() ? "*" : master.leader, master.leaderEpoch);
        }
        return new Verdict(false, "*", 0);
    }

    /** An instance's address, or its name where it is one that is looked up. */
    public static String target(Instance instance) {
        return instance.address.host();
    }
}
