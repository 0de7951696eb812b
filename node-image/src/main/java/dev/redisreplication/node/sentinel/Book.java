package dev.redisreplication.node.sentinel;

import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.sentinel.Instance.Kind;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;

/** All that a Sentinel knows, and how its parts say what is to be done. */
final class Book {
    /** What SENTINEL SIMULATE-FAILURE may ask for. */
    enum Failure {
        CRASH_AFTER_ELECTION,
        CRASH_AFTER_PROMOTION
    }

    private final Clock clock;
    private final IntUnaryOperator random;
    private final Consumer<Action> out;
    private final Map<Time, Long> times = new EnumMap<>(Time.class);

    final Globals globals = new Globals();
    final Map<String, Master> masters = new TreeMap<>();
    final Set<Failure> failures = EnumSet.noneOf(Failure.class);
    String myId = "";
    long epoch;
    /** When TILT began; 0 if there is none. */
    long tiltSince;

    /** The time of the event that is handled. */
    long now;

    Book(Clock clock, IntUnaryOperator random, Consumer<Action> out) {
        this.clock = clock;
        this.random = random;
        this.out = out;
        for (Time time : Time.values()) {
            times.put(time, time.initial);
        }
        begin();
    }

    /** An event is handled from here on. */
    void begin() {
        now = clock.monotonic();
    }

    long wall() {
        return clock.wall();
    }

    long time(Time which) {
        return times.get(which);
    }

    void time(Time which, long millis) {
        times.put(which, millis);
    }

    /** Whether an epoch is later than another one: Redis has them without a sign. */
    static boolean isLater(long epoch, long than) {
        return Long.compareUnsigned(epoch, than) > 0;
    }

    /** Whether an instance can be there: an address, or a name where names are looked up, and a port. */
    boolean isPlace(String host, int port) {
        boolean known = Address.isLiteral(host) || (globals.resolveHostnames && !host.isEmpty());
        return known && port >= 0 && port <= Address.LAST_PORT;
    }

    /** A number below {@code bound}. */
    int below(int bound) {
        return random.applyAsInt(bound);
    }

    boolean inTilt() {
        return tiltSince != 0;
    }

    // ---- what is to be done

    void act(Action action) {
        out.accept(action);
    }

    void save() {
        act(new Action.Save());
    }

    void say(Log.Level level, String text) {
        act(new Action.Say(level, text));
    }

    /** An event about an instance, whose address its text begins with. */
    void event(Log.Level level, String type, Master master, Instance about, String rest) {
        publish(level, type, master, described(master, about) + rest);
    }

    /** An event about an instance. */
    void event(Log.Level level, String type, Master master, Instance about) {
        event(level, type, master, about, "");
    }

    /** An event with a text of its own; what happens to a master, its script is told. */
    void publish(Log.Level level, String type, Master master, String text) {
        act(new Action.Publish(level, type, text));
        if (level == Log.Level.WARNING && master != null && !master.notificationScript.isEmpty()) {
            act(new Action.Run(master.notificationScript, List.of(type, text)));
        }
    }

    /** An instance in the words of events: {@code slave <name> <ip> <port> @ <master> <ip> <port>}. */
    private String described(Master master, Instance about) {
        String self = about.kind.word + " " + about.name + " " + place(about.address);
        return about.kind == Kind.MASTER ? self : self + " @ " + master.name + " " + place(master.address);
    }

    /** An address as events, commands and hello messages have it. */
    String place(Address address) {
        return host(address) + " " + address.port();
    }

    String host(Address address) {
        return address.shown(globals.announceHostnames);
    }

    /** Tells the script that follows switches of a master. */
    void reconfigured(Master master, String role, Address from, Address to) {
        if (!master.reconfigScript.isEmpty()) {
            act(new Action.Run(
                    master.reconfigScript,
                    List.of(
                            master.name,
                            role,
                            "start",
                            host(from),
                            Integer.toString(from.port()),
                            host(to),
                            Integer.toString(to.port()))));
        }
    }

    /** Another epoch has begun; it is kept before anybody is told. */
    void epoch(long next, Master master) {
        epoch = next;
        save();
        publish(Log.Level.WARNING, "+new-epoch", master, Long.toString(next));
    }
}
