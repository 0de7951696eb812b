package dev.redisreplication.operator.sim;

import java.util.ArrayDeque;

/**
 * Something that runs: a process of its own with a clock of its own. While it is paused (SIGSTOP) everything meant for
 * it waits, and is handled in order when it goes on.
 */
abstract class Actor {
    final World world;
    final String name;
    /** Where it runs, for partitions. */
    final int zone;

    boolean alive = true;
    boolean paused;
    /** This clock's deviation in parts per million and its start. */
    private final long ppm;

    private final long skewMs;
    private final ArrayDeque<Runnable> inbox = new ArrayDeque<>();

    Actor(World world, String name, int zone) {
        this.world = world;
        this.name = name;
        this.zone = zone;
        this.ppm = world.random.nextInt(-500, 501);
        this.skewMs = world.random.nextInt(1_000_000);
    }

    /** Its own monotonic milliseconds. */
    final long ms() {
        return skewMs + (world.now + world.now * ppm / 1_000_000) / 1000;
    }

    final void exec(Runnable what) {
        if (!alive) {
            return;
        }
        if (paused) {
            inbox.add(what);
        } else {
            what.run();
        }
    }

    final void later(long micros, Runnable what) {
        world.at(world.now + micros, () -> exec(what));
    }

    final void resume() {
        paused = false;
        while (alive && !paused && !inbox.isEmpty()) {
            inbox.poll().run();
        }
    }

    abstract void message(Conn conn, Object message);

    /** The other side closed the connection, or is no more. */
    abstract void closed(Conn conn);
}
