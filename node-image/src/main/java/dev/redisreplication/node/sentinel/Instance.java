package dev.redisreplication.node.sentinel;

import java.util.EnumSet;
import java.util.Set;

/** One process that is watched: a master, a replica of it, or another Sentinel that watches the same master. */
public abstract class Instance {
    /** What it is, in the words of events and replies. */
    enum Kind {
        MASTER("master"),
        REPLICA("slave"),
        SENTINEL("sentinel");

        final String word;

        Kind(String word) {
            this.word = word;
        }
    }

    /** What is known of it, in the order in which replies show it; the kind stands behind the first two. */
    enum State {
        S_DOWN,
        O_DOWN,
        MASTER_DOWN,
        FAILOVER_IN_PROGRESS,
        PROMOTED,
        RECONF_SENT,
        RECONF_INPROG,
        RECONF_DONE,
        FORCE_FAILOVER,
        SCRIPT_KILL_SENT,
        MASTER_REBOOT
    }

    final Kind kind;
    final Set<State> states = EnumSet.noneOf(State.class);
    String name;
    String runId = "";
    Address address;
    Link link;
    boolean gone;
    long lastHelloSent;
    long downSince;
    long objectivelyDownSince;
    long downAfter;

    Instance(Kind kind, String name, Address address, long downAfter, long now) {
        this.kind = kind;
        this.name = name;
        this.address = address;
        this.downAfter = downAfter;
        this.link = new Link(kind != Kind.SENTINEL, now);
        this.lastHelloSent = now;
    }

    boolean is(State state) {
        return states.contains(state);
    }

    boolean isDown() {
        return is(State.S_DOWN) || is(State.O_DOWN);
    }

    boolean isDataNode() {
        return kind != Kind.SENTINEL;
    }

    /** Where it is. */
    public Address address() {
        return address;
    }

    /** Its connections. */
    public Link link() {
        return link;
    }
}
