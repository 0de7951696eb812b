package dev.redisreplication.node.sentinel;

import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.sentinel.Instance.State;
import dev.redisreplication.node.sentinel.Master.Phase;

/** How a failover goes on, one phase after the other. */
final class Failover {
    private static final int ASKING_MILLIS = 500;
    private static final int PAUSE = 2; // failover timeouts between two attempts

    private final Book book;
    private final Speaker speaker;
    private final Registry registry;
    private final Election election;

    Failover(Book book, Speaker speaker, Registry registry, Election election) {
        this.book = book;
        this.speaker = speaker;
        this.registry = registry;
        this.election = election;
    }

    // ---- its beginning

    /** Begins one if the master is down and it is time; says whether it has. */
    boolean beginIfNeeded(Master master) {
        if (!master.is(State.O_DOWN) || master.inFailover()) {
            return false;
        }
        long pause = master.failoverTimeout * PAUSE;
        if (master.failoverStart != 0 && book.now - master.failoverStart < pause) {
            sayDelay(master, pause);
            return false;
        }
        begin(master);
        return true;
    }

    private void sayDelay(Master master, long pause) {
        if (master.delayLoggedFor != master.failoverStart) {
            master.delayLoggedFor = master.failoverStart;
            long wall = book.wall() + master.failoverStart + pause - book.now;
            book.say(
                    Log.Level.WARNING,
                    "Next failover delay: I will not start a failover before " + WallTime.text(wall));
        }
    }

    /** Begins one; without agreement where somebody asked for it. */
    void begin(Master master) {
        master.phase(Phase.WAIT_START, book.now);
        master.states.add(State.FAILOVER_IN_PROGRESS);
        master.failoverEpoch = ++book.epoch;
        book.publish(Log.Level.WARNING, "+new-epoch", master, Long.toString(book.epoch));
        book.event(Log.Level.WARNING, "+try-failover", master, master);
        master.failoverStart = book.now + book.below(Election.SPREAD);
    }

    // ---- its course

    /** Goes as far as it can now. */
    void goOn(Master master) {
        Phase before;
        do {
            before = master.phase;
            switch (master.phase) {
                case WAIT_START -> waitForVotes(master);
                case SELECT_SLAVE -> select(master);
                case SEND_SLAVEOF_NOONE -> promote(master);
                case WAIT_PROMOTION -> waitForPromotion(master);
                case RECONF_SLAVES -> reconfigure(master);
                case NONE, UPDATE_CONFIG -> {
                    // Nothing to wait for.
                }
            }
        } while (master.phase != before && master.phase != Phase.NONE && master.phase != Phase.UPDATE_CONFIG);
        if (master.phase == Phase.UPDATE_CONFIG) {
            end(master);
        }
    }

    private void waitForVotes(Master master) {
        String leader = election.leader(master, master.failoverEpoch);
        if (!book.myId.equalsIgnoreCase(leader) && !master.is(State.FORCE_FAILOVER)) {
            long patience = Math.min(book.time(Time.ELECTION_TIMEOUT), master.failoverTimeout);
            if (book.now - master.failoverStart > patience) {
                book.event(Log.Level.WARNING, "-failover-abort-not-elected", master, master);
                abort(master);
            }
            return;
        }
        book.event(Log.Level.WARNING, "+elected-leader", master, master);
        crashAfter(Book.Failure.CRASH_AFTER_ELECTION);
        master.phase(Phase.SELECT_SLAVE, book.now);
        book.event(Log.Level.WARNING, "+failover-state-select-slave", master, master);
    }

    private void crashAfter(Book.Failure failure) {
        if (book.failures.contains(failure)) {
            book.act(new Action.Crash());
        }
    }

    private void select(Master master) {
        if (isStillAsking(master)) {
            return;
        }
        Replica best = Selection.of(book).best(master);
        if (best == null) {
            book.event(Log.Level.WARNING, "-failover-abort-no-good-slave", master, master);
            abort(master);
            return;
        }
        book.event(Log.Level.WARNING, "+selected-slave", master, best);
        best.states.add(State.PROMOTED);
        master.promoted = best;
        master.phase(Phase.SEND_SLAVEOF_NOONE, book.now);
        book.event(Log.Level.NOTICE, "+failover-state-send-slaveof-noone", master, best);
    }

    /** Whether one that may be the best has not said yet what it has since the master went; for a moment only. */
    private boolean isStillAsking(Master master) {
        return master.is(State.S_DOWN)
                && book.now - master.phaseSince < ASKING_MILLIS
                && master.replicas.values().stream()
                        .anyMatch(r -> !r.isDown() && !r.link.isDown() && r.infoAt < master.downSince);
    }

    private void promote(Master master) {
        if (master.promoted.link.isDown()) {
            abortIfLate(master);
            return;
        }
        speaker.follow(master, master.promoted, null);
        book.event(Log.Level.NOTICE, "+failover-state-wait-promotion", master, master.promoted);
        master.phase(Phase.WAIT_PROMOTION, book.now);
    }

    /** That it is a master is said by its INFO, see {@link #promoted}. */
    private void waitForPromotion(Master master) {
        abortIfLate(master);
    }

    private void abortIfLate(Master master) {
        if (book.now - master.phaseSince > master.failoverTimeout) {
            book.event(Log.Level.WARNING, "-failover-abort-slave-timeout", master, master);
            abort(master);
        }
    }

    /** The chosen replica says that it is a master: from here on it is the one that clients are led to. */
    void promoted(Master master) {
        master.configEpoch = master.failoverEpoch;
        master.phase(Phase.RECONF_SLAVES, book.now);
        book.save();
        book.event(Log.Level.WARNING, "+promoted-slave", master, master.promoted);
        crashAfter(Book.Failure.CRASH_AFTER_PROMOTION);
        book.event(Log.Level.WARNING, "+failover-state-reconf-slaves", master, master);
        book.reconfigured(master, "leader", master.address, master.promoted.address);
    }

    private void reconfigure(Master master) {
        long busy = master.replicas.values().stream()
                .filter(r -> r.is(State.RECONF_SENT) || r.is(State.RECONF_INPROG))
                .count();
        for (Replica replica : master.replicas.values()) {
            if (busy >= master.parallelSyncs) {
                break;
            }
            if (replica.is(State.PROMOTED) || replica.is(State.RECONF_DONE)) {
                continue;
            }
            if (replica.is(State.RECONF_SENT)
                    && book.now - replica.reconfiguredAt > book.time(Time.SLAVE_RECONF_TIMEOUT)) {
                book.event(Log.Level.NOTICE, "-slave-reconf-sent-timeout", master, replica);
                replica.states.remove(State.RECONF_SENT);
                replica.states.add(State.RECONF_DONE);
                continue;
            }
            if (!replica.is(State.RECONF_SENT) && !replica.is(State.RECONF_INPROG) && !replica.link.isDown()) {
                send(master, replica, "+slave-reconf-sent");
                replica.reconfiguredAt = book.now;
                busy++;
            }
        }
        look(master);
    }

    private void send(Master master, Replica replica, String event) {
        speaker.follow(master, replica, master.promoted.address);
        replica.states.add(State.RECONF_SENT);
        book.event(Log.Level.NOTICE, event, master, replica);
    }

    /** Whether all that can follow the new master do. */
    private void look(Master master) {
        if (master.promoted.is(State.S_DOWN)) {
            return;
        }
        boolean open = master.replicas.values().stream()
                .anyMatch(r -> !r.is(State.PROMOTED) && !r.is(State.RECONF_DONE) && !r.is(State.S_DOWN));
        boolean late = book.now - master.phaseSince > master.failoverTimeout;
        if (open && !late) {
            return;
        }
        if (late) {
            book.event(Log.Level.WARNING, "+failover-end-for-timeout", master, master);
        }
        book.event(Log.Level.WARNING, "+failover-end", master, master);
        master.phase(Phase.UPDATE_CONFIG, book.now);
        if (late) {
            tellAll(master);
        }
    }

    /** The last attempt to tell those that were not reached, whatever becomes of it. */
    private void tellAll(Master master) {
        for (Replica replica : master.replicas.values()) {
            boolean told = replica.is(State.PROMOTED) || replica.is(State.RECONF_DONE) || replica.is(State.RECONF_SENT);
            if (!told && !replica.link.isDown()) {
                send(master, replica, "+slave-reconf-sent-be");
            }
        }
    }

    // ---- its end

    private void end(Master master) {
        Address next = master.promoted.address;
        book.publish(
                Log.Level.WARNING,
                "+switch-master",
                master,
                master.name + " " + book.place(master.address) + " " + book.place(next));
        registry.switchTo(master, next);
    }

    private void abort(Master master) {
        master.states.remove(State.FAILOVER_IN_PROGRESS);
        master.states.remove(State.FORCE_FAILOVER);
        master.phase(Phase.NONE, book.now);
        if (master.promoted != null) {
            master.promoted.states.remove(State.PROMOTED);
            master.promoted = null;
        }
    }
}
