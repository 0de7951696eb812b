package dev.redisreplication.operator.sim;

import dev.redisreplication.operator.observe.ManagedRole;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What must always be true, looked at with the eye of one who sees everything. */
final class Checks {
    private final World world;
    private final Map<Long, SimNode> masters = new HashMap<>();
    private final List<Entry> written = new ArrayList<>();
    /** By term: processes, and their members, whose fence was confirmed and which answered when the promotion was decided. */
    private final Map<Long, Set<String>> considered = new HashMap<>();

    /** By term: members that let the operator in by no password when the promotion was decided. */
    private final Map<Long, Set<String>> denied = new HashMap<>();

    /** Terms in which one of them had served all along. */
    private final Set<Long> live = new HashSet<>();

    /** By term: spec.replicas at that moment. */
    private final Map<Long, Integer> members = new HashMap<>();

    private long newestMaster;
    private long newestAck;
    /** Somebody restored status from a copy: terms may come again, and what status says of histories is not true. */
    boolean statusWentBack;

    /** Nothing goes wrong, members are just told to end: nothing may be lost. */
    boolean onlyGraceful;

    /** Nothing fails but operators, and masters are moved: nothing may be lost. */
    boolean onlyPlanned;

    private SimNode owes;

    int acks;
    int losses;
    int promotions;
    long lastAckAt;

    Checks(World world) {
        this.world = world;
    }

    /** Invariant 1, by acknowledged writes: none of an older term once a newer master is there. */
    void acknowledged(SimNode node, Entry entry) {
        acks++;
        lastAckAt = world.now;
        if (entry.term < newestMaster || entry.term < newestAck) {
            world.fail("%s acknowledged write %d, but there is a master of term %d"
                    .formatted(node, entry.write, newestMaster));
        }
        newestAck = entry.term;
        entry.acked = true;
        written.add(entry);
    }

    /** Invariant 1, by leases: one at a time. */
    void leased(SimNode node) {
        if (!node.hasLease()) {
            return;
        }
        if (node.leaseLeft() > Faults.LONGEST_LEASE_MS) {
            world.fail(node + " has a lease of " + node.leaseLeft() + " ms, longer than any that is granted");
        }
        for (SimNode other : world.nodes) {
            if (other != node && other.alive && other.hasLease()) {
                world.fail("two leases: " + node + " and " + other);
            }
        }
    }

    /** Invariants 1 (no lease is left), 2 (one master a term, terms grow), 3 and 4 (the best one), losses. */
    void promoted(SimNode node, boolean servedBefore) {
        promotions++;
        long term = node.term();
        world.trace(() -> "promoted " + node);
        SimNode before = masters.put(term, node);
        if (before != null && before != node && !(statusWentBack && !before.alive)) {
            world.fail("term " + term + " has two masters: " + before + " and " + node);
        }
        if (term < newestMaster) {
            // A late order of an operator that is none any more: harmless without a lease.
            return;
        }
        newestMaster = term;
        for (SimNode other : world.nodes) {
            if (other != node && other.alive && other.hasLease()) {
                world.fail(node + " is promoted while " + other + " holds a lease");
            }
        }
        for (SimNode other : world.nodes) {
            if (other != node && !statusWentBack && comparable(other, term)) {
                compare(node, other, "fenced");
            } else if (other != node && !statusWentBack && shutOut(other, term)) {
                compare(node, other, "only shut out");
            }
        }
        if (!servedBefore) {
            allWereAsked(node);
        }
        losses(node);
        owes = null;
    }

    /** Invariant 7: nothing that this master acknowledged may be missing on the next one, a replica has it all. */
    void owes(SimNode master) {
        owes = master;
    }

    /** A master was told to end, and a replica has its data or will have it soon. */
    void handsOver(SimNode master) {
        if (!onlyGraceful) {
            return;
        }
        owes(master);
        world.at(world.now + 5_000_000, () -> {
            if (master.alive && master.isHandingOver()) {
                world.fail(master + " was not relieved, though a replica could have all of its data");
            }
        });
    }

    /** Liveness of the lease: a master whose majority of replicas answers keeps it, whatever became of earlier questions. */
    void withoutLease(SimNode master, long ttl, long answeredForMicros) {
        if (answeredForMicros > (2 * ttl + 300) * 1000) {
            world.fail("%s has no lease though most of its replicas could answer for %d ms"
                    .formatted(master, answeredForMicros / 1000));
        }
    }

    /** When there is none that served all along, the data on any disk may be the best: all have to be compared. */
    private void allWereAsked(SimNode node) {
        if (live.contains(node.term())) {
            return;
        }
        Set<String> asked = considered.getOrDefault(node.term(), Set.of());
        for (int i = 0; i < members.getOrDefault(node.term(), 0); i++) {
            if (i != node.pod.ordinal && !asked.contains(World.NAMES[i])) {
                world.fail("restarted " + node + " is promoted though " + World.NAMES[i] + " was not asked");
            }
        }
    }

    void decided(long term, Set<String> processes, Set<String> shutOut, int replicas, boolean anyLive) {
        if (anyLive) {
            live.add(term);
        }
        considered.put(term, processes);
        denied.put(term, shutOut);
        members.put(term, replicas);
    }

    private boolean comparable(SimNode other, long term) {
        return other.alive
                && considered.getOrDefault(term, Set.of()).contains(other.runId)
                && !other.pod.orphan
                && !other.pod.deleting
                && !other.isEnding()
                && other.role() == ManagedRole.FENCED
                && other.term() == term
                && other.pod.ordinal < Math.min(world.replicas, members.getOrDefault(term, world.replicas));
    }

    /** It runs and stays, and nobody can ask what it has. */
    private boolean shutOut(SimNode other, long term) {
        return other.alive
                && denied.getOrDefault(term, Set.of()).contains(other.pod.name())
                && !other.pod.orphan
                && !other.pod.deleting
                && !other.isEnding();
    }

    private void compare(SimNode node, SimNode other, String how) {
        Entry mine = node.data();
        Entry its = other.data();
        if (its != mine && its.has(mine) && hasWrites(its, mine)) {
            world.fail(node + " is promoted though " + other + " is " + how + " and has all of it and more");
        }
        if (mine.isEmpty() && !its.isEmpty() && !its.foreign) {
            world.fail("empty " + node + " is promoted though " + other + " has data");
        }
        if (mine.foreign && !its.foreign && !its.isEmpty()) {
            world.fail(node + " is of a foreign history and promoted though " + other + " is not");
        }
    }

    private static boolean hasWrites(Entry data, Entry beyond) {
        for (Entry at = data; at != beyond && at != null; at = at.previous) {
            if (at.write != 0 && !at.lost) {
                return true;
            }
        }
        return false;
    }

    private void losses(SimNode node) {
        int replicas = members.getOrDefault(node.term(), world.replicas);
        for (Entry entry : written) {
            if (entry.lost || node.data().has(entry) || statusWentBack) {
                continue;
            }
            entry.lost = true;
            losses++;
            if (onlyPlanned) {
                world.fail(
                        "%s is promoted without acknowledged write %d, though all lived".formatted(node, entry.write));
            }
            if (owes != null) {
                world.fail("%s is promoted without acknowledged write %d of %s, which a replica could have had"
                        .formatted(node, entry.write, owes));
            }
            boolean everywhere = Long.bitCount(entry.holders & ((1L << replicas) - 1)) == replicas;
            for (SimNode other : world.nodes) {
                boolean present = other != node && !other.pod.orphan && !other.pod.deleting && other.pod.node == other;
                present &= !other.isEnding();
                if (!present || other.pod.ordinal >= replicas || !other.data().has(entry)) {
                    continue;
                }
                if (comparable(other, node.term()) || shutOut(other, node.term())) {
                    world.fail("%s is promoted without acknowledged write %d, which %s has"
                            .formatted(node, entry.write, other));
                }
                if (everywhere) {
                    world.fail("%s is promoted without acknowledged write %d, which all had and %s still has"
                            .formatted(node, entry.write, other));
                }
            }
        }
    }

    /** A replica takes what its master has only if it continues what it has itself. */
    void applied(SimNode replica, Entry entry) {
        if (entry.previous != replica.data()) {
            world.fail(replica + " diverged silently: it applies @" + entry.offset + " on top of something else");
        }
    }

    /** Invariant 3: a full sync comes from a master of a term, never from an empty restarted node. */
    void fullSync(SimNode replica, SimNode source, Wire.FullSync full) {
        world.trace(() -> replica + " full sync from " + source);
        if (masters.get(replica.term()) != source) {
            world.fail(replica + " is overwritten by " + source + ", which is not the master of its term");
        }
    }

    /** Invariant 2, as the API server sees it. */
    void statusWritten(long before, long after) {
        if (after < before) {
            world.fail("status.term went from " + before + " to " + after);
        }
    }
}
