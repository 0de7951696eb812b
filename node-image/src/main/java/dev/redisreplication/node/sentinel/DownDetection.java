package dev.redisreplication.node.sentinel;

import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.sentinel.Instance.Kind;
import dev.redisreplication.node.sentinel.Instance.State;
import dev.redisreplication.node.sentinel.Link.Channel;

/** Who is down: by what this Sentinel sees (SDOWN), and by what enough of them see (ODOWN). */
final class DownDetection {
    private static final int VERDICTS_VALID = 5; // ask periods
    private static final int HELLOS_MISSED = 3;

    private final Book book;
    private final Speaker speaker;

    DownDetection(Book book, Speaker speaker) {
        this.book = book;
        this.speaker = speaker;
    }

    // ---- subjectively

    void look(Master master, Instance of) {
        renewDeaf(of);
        boolean down = of.link.silence(book.now) > of.downAfter || claimsToBeReplica(of) || staysRebooted(of);
        if (down && !of.is(State.S_DOWN)) {
            of.states.add(State.S_DOWN);
            of.downSince = book.now;
            book.event(Log.Level.WARNING, "+sdown", master, of);
            if (of == master) {
                askReplicas(master);
            }
        } else if (!down && of.is(State.S_DOWN)) {
            of.states.remove(State.S_DOWN);
            of.states.remove(State.SCRIPT_KILL_SENT);
            book.event(Log.Level.WARNING, "-sdown", master, of);
        }
    }

    /** What they have now is what a choice among them is made by. */
    private void askReplicas(Master master) {
        for (Replica replica : master.replicas.values()) {
            if (replica.link.commands == Channel.UP && !speaker.isOverwhelmed(replica.link)) {
                speaker.info(master, replica);
            }
        }
    }

    /** A connection that nothing comes from any more, while a new one might do. */
    private void renewDeaf(Instance of) {
        Link link = of.link;
        long least = book.time(Time.MIN_LINK_RECONNECT_PERIOD);
        if (link.commands == Channel.UP
                && book.now - link.commandsSince > least
                && link.unansweredPing != 0
                && book.now - link.unansweredPing > of.downAfter / 2
                && book.now - link.lastPong > of.downAfter / 2) {
            speaker.hangUp(link, false);
        }
        if (link.messages == Channel.UP
                && book.now - link.messagesSince > least
                && book.now - link.lastMessage > book.time(Time.PUBLISH_PERIOD) * HELLOS_MISSED) {
            speaker.hangUp(link, true);
        }
    }

    /** A master that says for long that it is a replica is none. */
    private boolean claimsToBeReplica(Instance of) {
        return of instanceof Master m
                && m.reportedRole == Kind.REPLICA
                && book.now - m.roleReportedAt > m.downAfter + book.time(Time.INFO_PERIOD) * 2;
    }

    /** A master that was started anew and does not serve yet. */
    private boolean staysRebooted(Instance of) {
        return of instanceof Master m && m.is(State.MASTER_REBOOT) && book.now - m.rebootedAt > m.rebootDownAfter;
    }

    // ---- objectively

    void count(Master master) {
        int votes = 0;
        if (master.is(State.S_DOWN)) {
            votes = 1;
            for (OtherSentinel sentinel : master.sentinels.values()) {
                votes += sentinel.is(State.MASTER_DOWN) ? 1 : 0;
            }
        }
        boolean down = votes >= master.quorum && votes > 0;
        if (down && !master.is(State.O_DOWN)) {
            book.event(Log.Level.WARNING, "+odown", master, master, " #quorum " + votes + "/" + master.quorum);
            master.states.add(State.O_DOWN);
            master.objectivelyDownSince = book.now;
        } else if (!down && master.is(State.O_DOWN)) {
            book.event(Log.Level.WARNING, "-odown", master, master);
            master.states.remove(State.O_DOWN);
        }
    }

    /**
     * Asks the others what they hold of a master that is down; in a failover, for their votes too.
     *
     * @param now whether or not they were asked a moment ago
     */
    void ask(Master master, boolean now) {
        for (OtherSentinel sentinel : master.sentinels.values()) {
            long since = book.now - sentinel.lastVerdictAt;
            if (since > book.time(Time.ASK_PERIOD) * VERDICTS_VALID) {
                sentinel.states.remove(State.MASTER_DOWN);
                sentinel.vote = "";
            }
            boolean due = now || since >= book.time(Time.ASK_PERIOD);
            if (master.is(State.S_DOWN) && due && !sentinel.link.isDown() && !speaker.isOverwhelmed(sentinel.link)) {
                ask(master, sentinel);
            }
        }
    }

    private void ask(Master master, OtherSentinel sentinel) {
        boolean candidate = master.phase != Master.Phase.NONE;
        speaker.ask(
                master,
                sentinel,
                Question.Kind.IS_MASTER_DOWN,
                "SENTINEL",
                "is-master-down-by-addr",
                book.host(master.address),
                Integer.toString(master.address.port()),
                Long.toUnsignedString(book.epoch),
                candidate ? book.myId : "*");
    }

    /** What another Sentinel has answered: whether it holds the master for down, and whom it voted for, or "*". */
    void verdict(OtherSentinel sentinel, boolean down, String vote, long voteEpoch) {
        sentinel.lastVerdictAt = book.now;
        if (down) {
            sentinel.states.add(State.MASTER_DOWN);
        } else {
            sentinel.states.remove(State.MASTER_DOWN);
        }
        if (!vote.equals("*")) {
            if (sentinel.voteEpoch != voteEpoch) {
                book.say(Log.Level.WARNING, sentinel.name + " voted for " + vote + " " + voteEpoch);
            }
            sentinel.vote = vote;
            sentinel.voteEpoch = voteEpoch;
        }
    }
}
