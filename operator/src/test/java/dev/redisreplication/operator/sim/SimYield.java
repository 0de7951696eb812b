package dev.redisreplication.operator.sim;

import dev.redisreplication.operator.observe.ManagedRole;
import dev.redisreplication.operator.sim.Rules.Rule;
import java.util.ArrayList;
import java.util.List;

/** How a node holds writes back for a planned switchover. */
final class SimYield {
    private enum Phase {
        NONE,
        STILL,
        FENCED
    }

    /** The node looks at its clock so often, and may be a few looks late. */
    private static final long LATE_MS = 100;

    private record Held(Conn conn, Wire.Write write) {}

    private final SimNode node;
    private final List<Held> held = new ArrayList<>();
    private Phase phase = Phase.NONE;
    private long bound;
    private long end;
    private long lookedAt;

    SimYield(SimNode node) {
        this.node = node;
    }

    boolean begin(Wire.Yield order) {
        if (!node.leads(order.term()) || node.isEnding()) {
            return false;
        }
        if (phase != Phase.STILL) {
            node.world.trace(() -> node + " holds writes back");
            bound = order.millis();
            enter(Phase.STILL);
        }
        return true;
    }

    private void enter(Phase next) {
        phase = next;
        end = node.ms() + bound;
        lookedAt = node.ms();
        node.tickOn();
    }

    boolean resume(Wire.Resume order) {
        if (!node.leads(order.term())) {
            return false;
        }
        if (phase == Phase.STILL) {
            over();
        }
        return true;
    }

    boolean isOn() {
        return phase != Phase.NONE;
    }

    boolean isStill() {
        return phase == Phase.STILL;
    }

    /** Milliseconds, 0 if it does not hold writes back for this. */
    long left() {
        return phase == Phase.STILL ? Math.max(1, end - node.ms()) : 0;
    }

    /** Whether the write waits now. */
    boolean holds(Conn conn, Wire.Write write) {
        boolean holds = phase == Phase.FENCED
                || (phase == Phase.STILL && node.world.rules.keep(Rule.A_YIELDING_MASTER_HOLDS_WRITES_BACK));
        if (holds) {
            held.add(new Held(conn, write));
        }
        return holds;
    }

    void fenced() {
        if (phase == Phase.STILL) {
            enter(Phase.FENCED);
            if (!node.world.rules.keep(Rule.WHAT_IS_HELD_WAITS_FOR_A_ROLE)) {
                release();
            }
        }
    }

    /** Clients are sent to the new master. */
    void follows() {
        List<Held> waiting = List.copyOf(held);
        held.clear();
        phase = Phase.NONE;
        waiting.forEach(each -> each.conn().close(node));
    }

    void leased() {
        if (phase == Phase.FENCED) {
            over();
        }
    }

    void tick() {
        long now = node.ms();
        boolean stoodStill = now - lookedAt > LATE_MS;
        lookedAt = now;
        if (phase == Phase.NONE) {
            return;
        }
        if (!stoodStill && now > end + LATE_MS) {
            node.world.fail(node + " holds clients back for longer than " + bound + " ms");
        }
        if (!node.world.rules.keep(Rule.A_PAUSE_HAS_AN_END)) {
            return;
        }
        if (phase == Phase.STILL && (now >= end || node.isOnItsOwn())) {
            over();
        } else if (phase == Phase.FENCED && now >= end) {
            if (node.role() == ManagedRole.FENCED) {
                follows();
            } else {
                over();
            }
        }
    }

    private void over() {
        node.world.trace(() -> node + " takes writes again");
        phase = Phase.NONE;
        release();
    }

    private void release() {
        List<Held> waiting = List.copyOf(held);
        held.clear();
        for (Held each : waiting) {
            if (each.conn().open(node)) {
                each.conn().send(node, new Wire.WriteReply(each.write().id(), node.write(each.write())));
            }
        }
    }
}
