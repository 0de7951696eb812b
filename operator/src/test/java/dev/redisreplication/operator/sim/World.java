package dev.redisreplication.operator.sim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The virtual clock, the queue of what is to happen, and the network. One thread, one seed, one outcome. */
final class World {
    static final String[] NAMES = {"g-0", "g-1", "g-2", "g-3", "g-4", "g-5", "g-6", "g-7", "g-8"};
    /** Zones beyond the pods' ordinals. */
    static final int OPERATOR = 10;

    static final int OPERATOR_B = 11;
    static final int API = 12;
    static final int CLIENTS = 13;
    private static final int ZONES = 16;

    final SplittableRandom random;
    final Rules rules;
    final Checks checks;
    final boolean tracing;
    Group group;
    /** Microseconds. */
    long now;
    /** Largest delay of a message in the present weather. */
    int maxDelay = 400;
    /** spec.replicas. */
    int replicas = 3;

    final List<SimPod> pods = new ArrayList<>();
    final List<SimNode> nodes = new ArrayList<>();
    private final List<Conn> conns = new ArrayList<>();
    private final boolean[][] blocked = new boolean[ZONES][ZONES];
    /** Largest additional delay of a message on each path; microseconds. */
    private final int[][] slow = new int[ZONES][ZONES];

    private int ids;

    private long[] times = new long[256];
    private Runnable[] events = new Runnable[256];
    private long[] orders = new long[256];
    private int size;
    private long order;

    World(long seed, Rules rules, boolean tracing) {
        this.random = new SplittableRandom(seed);
        this.rules = rules;
        this.tracing = tracing;
        this.checks = new Checks(this);
    }

    int nextId() {
        return ++ids;
    }

    long wallMs() {
        return 1_000_000 + now / 1000;
    }

    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    long delay() {
        return 40 + random.nextInt(maxDelay);
    }

    /** How long a message is on its way. */
    long delay(Actor from, Actor to) {
        int more = slow[from.zone][to.zone];
        return delay() + (more == 0 ? 0 : random.nextInt(more));
    }

    void slow(int from, int to, int micros) {
        slow[from][to] = micros;
    }

    void trace(Supplier<String> what) {
        if (tracing) {
            System.out.printf("%10.3f ms  %s%n", now / 1000.0, what.get());
        }
    }

    void fail(String message) {
        trace(() -> "VIOLATION " + message);
        throw new Violation(message);
    }

    // --- time

    void at(long time, Runnable what) {
        if (size == times.length) {
            times = Arrays.copyOf(times, size * 2);
            orders = Arrays.copyOf(orders, size * 2);
            events = Arrays.copyOf(events, size * 2);
        }
        long mine = order++;
        int i = size++;
        while (i > 0) {
            int up = (i - 1) >>> 1;
            if (times[up] < time || (times[up] == time && orders[up] < mine)) {
                break;
            }
            move(up, i);
            i = up;
        }
        times[i] = time;
        orders[i] = mine;
        events[i] = what;
    }

    private void move(int from, int to) {
        times[to] = times[from];
        orders[to] = orders[from];
        events[to] = events[from];
    }

    /** Runs until that moment. */
    void run(long until) {
        while (size > 0 && times[0] <= until) {
            now = times[0];
            pop().run();
        }
        now = until;
    }

    private Runnable pop() {
        Runnable first = events[0];
        size--;
        long time = times[size];
        long mine = orders[size];
        int i = 0;
        while (true) {
            int child = 2 * i + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && before(child + 1, child)) {
                child++;
            }
            if (time < times[child] || (time == times[child] && mine < orders[child])) {
                break;
            }
            move(child, i);
            i = child;
        }
        times[i] = time;
        orders[i] = mine;
        events[i] = events[size];
        events[size] = null;
        return first;
    }

    private boolean before(int x, int y) {
        return times[x] < times[y] || (times[x] == times[y] && orders[x] < orders[y]);
    }

    // --- network

    boolean blocked(Actor from, Actor to) {
        return blocked[from.zone][to.zone];
    }

    boolean blocked(int from, int to) {
        return blocked[from][to];
    }

    /** The machine is gone, so nobody answers for it, not even its kernel. */
    boolean lost(Actor actor) {
        return blocked[actor.zone][actor.zone];
    }

    /** Nothing holds up what one sends to the other. */
    boolean quick(Actor from, Actor to) {
        return !blocked[from.zone][to.zone] && slow[from.zone][to.zone] == 0 && maxDelay <= 400;
    }

    void block(int from, int to, boolean on) {
        blocked[from][to] = on;
        if (!on) {
            flush();
        }
    }

    void healAll() {
        for (boolean[] row : blocked) {
            Arrays.fill(row, false);
        }
        for (int[] row : slow) {
            Arrays.fill(row, 0);
        }
        flush();
    }

    private void flush() {
        conns.removeIf(Conn::dead);
        for (Conn conn : List.copyOf(conns)) {
            conn.flush();
        }
    }

    /** Connects to whatever process is at the address then; {@code refused} gets false if nothing answered at all. */
    void connect(Actor from, String ip, Consumer<Conn> connected, Consumer<Boolean> refused) {
        at(now + 2 * delay(), () -> {
            SimPod pod = podAt(ip);
            boolean silent = pod == null || blocked[from.zone][pod.zone] || blocked[pod.zone][from.zone];
            if (silent) {
                from.later(400_000, () -> refused.accept(false));
            } else if (pod.node == null || !pod.node.alive) {
                from.exec(() -> refused.accept(true));
            } else if (from.alive) {
                Conn conn = new Conn(this, from, pod.node);
                conns.add(conn);
                if (conns.size() > 64) {
                    conns.removeIf(Conn::dead);
                }
                from.exec(() -> connected.accept(conn));
            }
        });
    }

    private SimPod podAt(String ip) {
        for (SimPod pod : pods) {
            if (pod.ip.equals(ip)) {
                return pod;
            }
        }
        return null;
    }

    void closeAll(Actor actor) {
        for (Conn conn : List.copyOf(conns)) {
            if (conn.a == actor || conn.b == actor) {
                conn.close(actor);
            }
        }
    }
}
