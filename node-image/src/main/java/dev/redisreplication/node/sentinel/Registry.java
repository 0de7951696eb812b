package dev.redisreplication.node.sentinel;

import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.sentinel.Instance.Kind;
import java.util.ArrayList;
import java.util.List;

/** Who is watched: instances come, go, and move. */
final class Registry {
    private final Book book;
    private final Speaker speaker;

    Registry(Book book, Speaker speaker) {
        this.book = book;
        this.speaker = speaker;
    }

    /** Begins to watch a master; the caller has made sure that there is none of this name. */
    Master monitor(String name, Address address, int quorum) {
        Master master = new Master(
                name,
                address,
                quorum,
                book.time(Time.DEFAULT_DOWN_AFTER),
                book.time(Time.DEFAULT_FAILOVER_TIMEOUT),
                book.now);
        book.masters.put(name, master);
        return master;
    }

    /** Says that a master is watched. */
    void announce(Master master) {
        book.event(Log.Level.WARNING, "+monitor", master, master, " quorum " + master.quorum);
    }

    /** Watches a master no longer. */
    void remove(Master master) {
        book.event(Log.Level.WARNING, "-monitor", master, master);
        book.masters.remove(master.name);
        master.everybody().forEach(this::release);
        book.save();
    }

    /** A replica at this address, or null if it is known. */
    Replica addReplica(Master master, Address address) {
        if (master.replicaAt(address) != null) {
            return null;
        }
        Replica replica = new Replica(address, master.downAfter, book.now);
        master.replicas.put(replica.name, replica);
        return replica;
    }

    /** Another Sentinel; it shares the link of the same one under another master. */
    OtherSentinel addSentinel(Master master, String runId, Address address) {
        OtherSentinel sentinel = new OtherSentinel(runId, address, master.downAfter, book.now);
        master.sentinels.put(runId, sentinel);
        shareLink(master, sentinel);
        return sentinel;
    }

    private void shareLink(Master master, OtherSentinel sentinel) {
        for (Master other : book.masters.values()) {
            OtherSentinel same = other == master ? null : other.sentinels.get(sentinel.runId);
            if (same != null) {
                sentinel.link = same.link;
                sentinel.link.shared++;
                return;
            }
        }
    }

    /** Forgets an instance that its master does not list any more. */
    void release(Instance instance) {
        instance.gone = true;
        if (--instance.link.shared == 0) {
            speaker.hangUp(instance.link);
        }
    }

    /** A Sentinel is not where it was: nobody knows it, whichever master it was found by, until it is heard of again. */
    void forget(String runId) {
        for (Master master : book.masters.values()) {
            OtherSentinel sentinel = master.sentinels.remove(runId);
            if (sentinel != null) {
                release(sentinel);
            }
        }
    }

    /** A Sentinel has another address: it is looked for there, whichever master it was found by. */
    void moved(String runId, Address address) {
        for (Master master : book.masters.values()) {
            OtherSentinel sentinel = master.sentinels.get(runId);
            if (sentinel != null && !sentinel.address.isSame(address)) {
                sentinel.address = address;
                speaker.hangUp(sentinel.link);
            }
        }
    }

    /** Forgets what was learnt of a master, and begins anew. */
    void reset(Master master, boolean sentinelsToo) {
        master.replicas.values().forEach(this::release);
        master.replicas.clear();
        if (sentinelsToo) {
            master.sentinels.values().forEach(this::release);
            master.sentinels.clear();
        }
        speaker.hangUp(master.link);
        master.link = new Link(true, book.now);
        master.states.clear();
        master.leader = "";
        master.phase(Master.Phase.NONE, 0);
        master.failoverStart = 0;
        master.promoted = null;
        master.runId = "";
        master.infoAt = 0;
        master.infoAskedAt = 0;
        master.reportedRole = Kind.MASTER;
        master.roleReportedAt = book.now;
    }

    /** Forgets what was learnt of a master, Sentinels too, and says so. */
    void resetByUser(Master master) {
        reset(master, true);
        book.event(Log.Level.WARNING, "+reset-master", master, master);
    }

    /** The master is elsewhere from now on. Who was known stays known, and the old master is a replica. */
    void switchTo(Master master, Address next) {
        List<Address> known = new ArrayList<>();
        for (Replica replica : master.replicas.values()) {
            if (!replica.address.isSame(next)) {
                known.add(replica.address);
            }
        }
        if (!master.address.isSame(next)) {
            known.add(master.address);
        }
        reset(master, false);
        master.address = next;
        master.downSince = 0;
        master.objectivelyDownSince = 0;
        for (Address address : known) {
            Replica replica = addReplica(master, address);
            if (replica != null) {
                book.event(Log.Level.NOTICE, "+slave", master, replica);
            }
        }
        book.save();
    }
}
