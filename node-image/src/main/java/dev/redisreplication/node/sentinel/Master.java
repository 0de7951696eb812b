package dev.redisreplication.node.sentinel;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A master that is watched, with its replicas, the other Sentinels and what is configured for all of them. */
public final class Master extends DataNode {
    /** How far a failover is; the names are those of {@code failover-state} in replies. */
    enum Phase {
        NONE("none"),
        WAIT_START("wait_start"),
        SELECT_SLAVE("select_slave"),
        SEND_SLAVEOF_NOONE("send_slaveof_noone"),
        WAIT_PROMOTION("wait_promotion"),
        RECONF_SLAVES("reconf_slaves"),
        UPDATE_CONFIG("update_config");

        final String word;

        Phase(String word) {
            this.word = word;
        }
    }

    final Map<String, Replica> replicas = new LinkedHashMap<>();
    final Map<String, OtherSentinel> sentinels = new LinkedHashMap<>();
    final Map<String, String> renamed = new TreeMap<>();
    int quorum;
    int parallelSyncs = 1;
    long failoverTimeout;
    long rebootDownAfter;
    String authUser = "";
    String authPass = "";
    String notificationScript = "";
    String reconfigScript = "";
    long configEpoch;

    /** Whom this Sentinel voted for, or "". */
    String leader = "";

    long leaderEpoch;
    long rebootedAt;

    Phase phase = Phase.NONE;
    long phaseSince;
    long failoverEpoch;
    /** No other failover begins for a while after this; 0: at once. */
    long failoverStart;

    long delayLoggedFor;
    Replica promoted;

    Master(String name, Address address, int quorum, long downAfter, long failoverTimeout, long now) {
        super(Kind.MASTER, name, address, downAfter, now);
        this.quorum = quorum;
        this.failoverTimeout = failoverTimeout;
    }

    /** Its name, as {@code sentinel monitor} gave it. */
    public String name() {
        return name;
    }

    boolean inFailover() {
        return is(State.FAILOVER_IN_PROGRESS);
    }

    void phase(Phase next, long now) {
        phase = next;
        phaseSince = now;
    }

    /** Where clients find the master: the promoted replica, as soon as it has become one. */
    public Address current() {
        boolean switched = inFailover() && promoted != null && phase.compareTo(Phase.RECONF_SLAVES) >= 0;
        return switched ? promoted.address : address;
    }

    /** The replica at an address, or null. */
    Replica replicaAt(Address at) {
        for (Replica replica : replicas.values()) {
            if (replica.address.isSame(at)) {
                return replica;
            }
        }
        return null;
    }

    /** All that are watched because of it, itself the first. */
    List<Instance> everybody() {
        List<Instance> all = new ArrayList<>(1 + replicas.size() + sentinels.size());
        all.add(this);
        all.addAll(replicas.values());
        all.addAll(sentinels.values());
        return all;
    }

    /** A command under the name that its nodes know it by. */
    String called(String command) {
        return renamed.getOrDefault(command.toLowerCase(Locale.ROOT), command);
    }

    void downAfter(long millis) {
        everybody().forEach(instance -> instance.downAfter = millis);
    }
}
