package dev.redisreplication.node.sentinel;

import dev.redisreplication.node.sentinel.Link.Channel;
import java.util.List;

/** What is said to instances: how a connection begins, and commands that are not part of a conversation of their own. */
final class Speaker {
    static final String HELLO_CHANNEL = "__sentinel__:hello";
    private static final int MOST_PENDING = 100;
    private static final long LEAST_PAUSE = 100; // milliseconds
    private static final int TRIES = 10;

    private final Book book;

    Speaker(Book book) {
        this.book = book;
    }

    /** Sends a command whose reply comes back as the answer to {@code kind}. */
    void ask(Master master, Instance to, Question.Kind kind, String... words) {
        to.link.pending++;
        List<String> renamed = List.of(words);
        String first = master.called(words[0]);
        if (to.isDataNode() && !first.equals(words[0])) {
            String[] changed = words.clone();
            changed[0] = first;
            renamed = List.of(changed);
        }
        book.act(new Action.Send(to.link, false, renamed, new Question(master, to, kind)));
    }

    /** Whether so many replies are missing that nothing more is asked. */
    boolean isOverwhelmed(Link link) {
        return link.pending >= MOST_PENDING * link.shared;
    }

    // ---- connections

    /** Connects what is not connected, if the last attempt is long enough ago. */
    void reconnect(Master master, Instance to) {
        Link link = to.link;
        if (!link.isDown() || to.address.port() == 0) {
            return;
        }
        if (link.commands == Channel.NONE && isTime(link.commandsTried, pause(to))) {
            link.commands = Channel.CONNECTING;
            link.commandsTried = book.now;
            book.act(new Action.Connect(master, to, false));
        }
        if (link.listens()
                && link.messages == Channel.NONE
                && isTime(link.messagesTried, book.time(Time.PING_PERIOD))) {
            link.messages = Channel.CONNECTING;
            link.messagesTried = book.now;
            book.act(new Action.Connect(master, to, true));
        }
    }

    private boolean isTime(long tried, long pause) {
        return tried == 0 || book.now - tried >= pause;
    }

    /** One that refuses is not held for down before it was tried several times: it may only be starting anew. */
    private long pause(Instance to) {
        long usual = book.time(Time.PING_PERIOD);
        boolean maySoonBeDown = to.link.refused && !to.is(Instance.State.S_DOWN);
        return maySoonBeDown ? Math.min(usual, Math.max(LEAST_PAUSE, to.downAfter / TRIES)) : usual;
    }

    /** The connection is made: says who we are, and begins. */
    void introduce(Master master, Instance to, boolean listens) {
        authenticate(master, to, listens);
        say(master, to, listens, "CLIENT", "SETNAME", "sentinel-" + shortId() + (listens ? "-pubsub" : "-cmd"));
        if (listens) {
            say(master, to, true, "SUBSCRIBE", HELLO_CHANNEL);
        } else {
            ping(master, to);
            // Sentinels that were started, or have switched, in one moment would ask in one rhythm, see a master go in
            // one
            // moment, and all want to lead: none would get the votes.
            to.link.extraPing = book.now + 1 + book.below((int) book.time(Time.PING_PERIOD));
        }
    }

    private String shortId() {
        return book.myId.substring(0, 8);
    }

    private void authenticate(Master master, Instance to, boolean listens) {
        String user = to.isDataNode() ? master.authUser : book.globals.sentinelUser;
        String password = to.isDataNode() ? master.authPass : book.globals.sentinelPass();
        if (password.isEmpty()) {
            return;
        }
        if (user.isEmpty()) {
            say(master, to, listens, "AUTH", password);
        } else {
            say(master, to, listens, "AUTH", user, password);
        }
    }

    private void say(Master master, Instance to, boolean listens, String... words) {
        if (!listens) {
            ask(master, to, Question.Kind.NONE, words);
            return;
        }
        String[] changed = words.clone();
        changed[0] = master.called(words[0]);
        book.act(new Action.Send(to.link, true, List.of(changed), new Question(master, to, Question.Kind.NONE)));
    }

    /** Closes both connections of a link; the next ones are tried at once. */
    void hangUp(Link link) {
        hangUp(link, false);
        hangUp(link, true);
    }

    /** Closes one connection of a link. */
    void hangUp(Link link, boolean listens) {
        Channel before = listens ? link.messages : link.commands;
        if (before == Channel.NONE) {
            return;
        }
        if (listens) {
            link.messages = Channel.NONE;
        } else {
            dropped(link);
        }
        book.act(new Action.Close(link, listens));
    }

    /** The connection for commands is no more; a PING without an answer stays one. */
    void dropped(Link link) {
        if (link.commands == Channel.UP) {
            link.droppedAt = book.now;
            link.haste = 1 + book.below(1000) / 1000.0;
            link.refused = false;
        }
        link.commands = Channel.NONE;
        link.pending = 0;
    }

    // ---- commands

    void ping(Master master, Instance to) {
        to.link.lastPing = book.now;
        to.link.extraPing = 0;
        if (to.link.unansweredPing == 0) {
            to.link.unansweredPing = book.now;
        }
        ask(master, to, Question.Kind.PING, "PING");
    }

    void info(Master master, DataNode to) {
        to.infoAskedAt = book.now;
        ask(master, to, Question.Kind.INFO, "INFO");
    }

    /**
     * Gives a node another master, or none: all in one transaction, and everybody who is connected has to come again, so
     * that no client goes on writing to what is a replica now.
     *
     * @param to null for none
     */
    void follow(Master master, DataNode node, Address to) {
        String host = to == null ? "NO" : book.host(to);
        String port = to == null ? "ONE" : Integer.toString(to.port());
        ask(master, node, Question.Kind.NONE, "MULTI");
        ask(master, node, Question.Kind.NONE, "SLAVEOF", host, port);
        ask(master, node, Question.Kind.NONE, "CONFIG", "REWRITE");
        ask(master, node, Question.Kind.NONE, "CLIENT", "KILL", "TYPE", "normal");
        ask(master, node, Question.Kind.NONE, "CLIENT", "KILL", "TYPE", "pubsub");
        ask(master, node, Question.Kind.ROLE, "EXEC");
    }
}
