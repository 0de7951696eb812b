package dev.redisreplication.operator.sim;

import java.util.ArrayDeque;

/**
 * A TCP connection: in order, nothing lost while both ends live; across a partition it just takes longer. What was sent
 * before a close still arrives.
 */
final class Conn {
    private static final Object CLOSE = "close";

    final Actor a;
    final Actor b;
    private final World world;
    private boolean openA = true;
    private boolean openB = true;
    private long lastToA;
    private long lastToB;
    private final ArrayDeque<Object> heldToA = new ArrayDeque<>();
    private final ArrayDeque<Object> heldToB = new ArrayDeque<>();
    /** Free for the one who made the connection. */
    Object tag;

    Conn(World world, Actor a, Actor b) {
        this.world = world;
        this.a = a;
        this.b = b;
    }

    Actor peer(Actor self) {
        return self == a ? b : a;
    }

    boolean open(Actor self) {
        return self == a ? openA : openB;
    }

    boolean dead() {
        return !openA && !openB;
    }

    void send(Actor from, Object message) {
        if (open(from)) {
            push(from, message);
        }
    }

    void close(Actor from) {
        if (!open(from)) {
            return;
        }
        push(from, CLOSE);
        if (from == a) {
            openA = false;
        } else {
            openB = false;
        }
    }

    private void push(Actor from, Object message) {
        boolean toB = from == a;
        ArrayDeque<Object> held = toB ? heldToB : heldToA;
        long at = Math.max(world.now + world.delay(from, peer(from)), (toB ? lastToB : lastToA) + 1);
        if (toB) {
            lastToB = at;
        } else {
            lastToA = at;
        }
        world.at(at, () -> {
            if (!held.isEmpty() || world.blocked(from, peer(from))) {
                held.add(message);
            } else {
                arrive(toB, message);
            }
        });
    }

    private void arrive(boolean toB, Object message) {
        Actor to = toB ? b : a;
        if (!to.alive || !open(to)) {
            reset(to, message);
            return;
        }
        to.exec(() -> {
            if (!open(to)) {
                return;
            }
            if (message == CLOSE) {
                close(to);
                to.closed(this);
            } else {
                to.message(this, message);
            }
        });
    }

    /** Something came for an end that is no more: its kernel says so. */
    private void reset(Actor to, Object message) {
        if (to == a) {
            openA = false;
        } else {
            openB = false;
        }
        if (message != CLOSE && open(peer(to)) && !world.lost(to)) {
            push(to, CLOSE);
        }
    }

    /** Hands over what a partition held, if it is over. */
    void flush() {
        while (!heldToB.isEmpty() && !world.blocked(a, b)) {
            arrive(true, heldToB.poll());
        }
        while (!heldToA.isEmpty() && !world.blocked(b, a)) {
            arrive(false, heldToA.poll());
        }
    }
}
