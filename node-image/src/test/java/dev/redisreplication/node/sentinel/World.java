package dev.redisreplication.node.sentinel;

import dev.redisreplication.node.config.ConfigException;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.UnaryOperator;

/**
 * Data nodes and Sentinels in one thread, with a clock that is moved by what happens next. Messages take a random while, and
 * arrive in order on one connection.
 */
final class World {
    private record Event(long at, long order, Runnable what) {}

    final Random random;
    final List<FakeNode> nodes = new ArrayList<>();
    final List<FakeSentinel> sentinels = new ArrayList<>();
    private final PriorityQueue<Event> events =
            new PriorityQueue<>((a, b) -> a.at != b.at ? Long.compare(a.at, b.at) : Long.compare(a.order, b.order));
    private long now = 1_000_000;
    private long order;
    /** Milliseconds that a message takes at most; more on a busy machine. */
    int longestDelay = 5;
    /** What becomes of replies and messages under way; null is no reply. */
    UnaryOperator<Object> noise = UnaryOperator.identity();

    World(long seed) {
        random = new Random(seed);
    }

    /** A master and its replicas, watched by so many Sentinels. */
    static World of(long seed, int replicas, int sentinels, int quorum, String... lines) throws ConfigException {
        World world = new World(seed);
        for (int i = 0; i <= replicas; i++) {
            world.nodes.add(new FakeNode(world, 6000 + i, i == 0 ? 0 : 6000));
        }
        for (int i = 0; i < sentinels; i++) {
            List<String> all = new ArrayList<>(List.of(
                    "monitor group 127.0.0.1 6000 " + quorum,
                    "down-after-milliseconds group 1000",
                    "failover-timeout group 10000"));
            all.addAll(List.of(lines));
            world.sentinels.add(new FakeSentinel(world, 7000 + i, all));
        }
        world.sentinels.forEach(FakeSentinel::begin);
        return world;
    }

    long now() {
        return now;
    }

    /** The one clock of this world. */
    Clock clock() {
        return new Clock() {
            @Override
            public long monotonic() {
                return now;
            }

            @Override
            public long wall() {
                return now;
            }
        };
    }

    long delay() {
        return 1L + random.nextInt(longestDelay);
    }

    void after(long millis, Runnable what) {
        events.add(new Event(now + millis, order++, what));
    }

    void run(long millis) {
        long end = now + millis;
        while (!events.isEmpty() && events.peek().at <= end) {
            Event next = events.poll();
            now = next.at;
            next.what.run();
        }
        now = end;
    }

    FakeNode node(int port) {
        return nodes.get(port - 6000);
    }

    Talker at(int port) {
        if (port >= 7000) {
            return port - 7000 < sentinels.size() ? sentinels.get(port - 7000) : null;
        }
        return port - 6000 < nodes.size() && port >= 6000 ? nodes.get(port - 6000) : null;
    }

    /** The only node that says it is a master, or null if there are none or several. */
    FakeNode onlyMaster() {
        List<FakeNode> masters =
                nodes.stream().filter(n -> n.alive && n.master == 0).toList();
        return masters.size() == 1 ? masters.getFirst() : null;
    }

    /** Whoever answers commands. */
    interface Talker {
        boolean alive();

        /** The reply, or null where none comes. */
        Object answer(Talk talk, List<String> words);

        List<Talk> talks();
    }

    /** A connection. */
    static final class Talk {
        final FakeSentinel from;
        final Talker to;
        final Action.Connect asked;
        final Link link;
        boolean open;
        boolean subscribed;
        long lastArrival;
        List<List<String>> queued;

        Talk(FakeSentinel from, Talker to, Action.Connect asked) {
            this.from = from;
            this.to = to;
            this.asked = asked;
            this.link = asked.to().link();
        }
    }
}
