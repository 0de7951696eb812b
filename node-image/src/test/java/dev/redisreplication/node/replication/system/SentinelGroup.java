package dev.redisreplication.node.replication.system;

import dev.redisreplication.node.net.Certificates;
import dev.redisreplication.node.net.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.awaitility.Awaitility;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** A master with two replicas and three Sentinels with quorum 2, each of the kind that is asked for. */
final class SentinelGroup implements AutoCloseable {
    static final String NAME = "group";

    final List<ServerProcess> servers = new ArrayList<>();
    final List<ServerProcess> sentinels = new ArrayList<>();
    private final Path folder;
    private final long downAfter;
    private final Certificates certificates;
    private final boolean severable;
    private final Guard guard;
    private final Map<ServerProcess, CutOff> cutOffs = new HashMap<>();
    /** Where the others reach each process: the port for TLS where that is used. */
    private final Map<ServerProcess, Integer> reached = new HashMap<>();

    /**
     * What clients have to know, and who watches.
     *
     * @param servers lines of each server's file
     * @param sentinels lines of each Sentinel's file
     * @param serverPassword of the default user there, or null
     * @param sentinelPassword of the default user there, or null
     */
    record Guard(List<String> servers, List<String> sentinels, String serverPassword, String sentinelPassword) {
        static final Guard NONE = new Guard(List.of(), List.of(), null, null);
    }

    SentinelGroup(Path folder, IntFunction<String> serverOf, IntFunction<String> sentinelOf, long downAfter)
            throws IOException {
        this(folder, serverOf, sentinelOf, downAfter, null, false, Guard.NONE);
    }

    /**
     * Starts all of them, and waits until each knows the others.
     *
     * @param serverOf program of each server, as {@link ServerProcess#configured} takes it
     * @param sentinelOf program of each Sentinel
     * @param downAfter milliseconds
     * @param certificates what all use among themselves, with certificates at both ends; null for no TLS
     */
    SentinelGroup(
            Path folder,
            IntFunction<String> serverOf,
            IntFunction<String> sentinelOf,
            long downAfter,
            Certificates certificates)
            throws IOException {
        this(folder, serverOf, sentinelOf, downAfter, certificates, false, Guard.NONE);
    }

    private SentinelGroup(
            Path folder,
            IntFunction<String> serverOf,
            IntFunction<String> sentinelOf,
            long downAfter,
            Certificates certificates,
            boolean severable,
            Guard guard)
            throws IOException {
        this.folder = folder;
        this.downAfter = downAfter;
        this.certificates = certificates;
        this.severable = severable;
        this.guard = guard;
        for (int i = 0; i < 3; i++) {
            servers.add(server(i, serverOf.apply(i)));
        }
        servers.get(1).awaitCaughtUp(servers.get(0));
        servers.get(2).awaitCaughtUp(servers.get(0));
        for (int i = 0; i < 3; i++) {
            sentinels.add(sentinel(i, sentinelOf.apply(i)));
        }
        awaitSettled();
    }

    /**
     * A group whose servers can be cut off from each other and from the Sentinels ({@link #cutOff}). A master of it takes no
     * writes while no replica is there.
     */
    static SentinelGroup severable(
            Path folder, IntFunction<String> serverOf, IntFunction<String> sentinelOf, long downAfter)
            throws IOException {
        return new SentinelGroup(folder, serverOf, sentinelOf, downAfter, null, true, Guard.NONE);
    }

    /** A group of which each process has these lines in its file. */
    static SentinelGroup guarded(
            Path folder, IntFunction<String> serverOf, IntFunction<String> sentinelOf, long downAfter, Guard guard)
            throws IOException {
        return new SentinelGroup(folder, serverOf, sentinelOf, downAfter, null, false, guard);
    }

    private ServerProcess server(int i, String program) throws IOException {
        List<String> lines = new ArrayList<>(List.of("save \"\"", "repl-diskless-sync-delay 0"));
        if (severable) {
            lines.addAll(List.of("min-replicas-to-write 1", "min-replicas-max-lag 2"));
        }
        if (i > 0) {
            lines.add("replicaof 127.0.0.1 " + reached.get(servers.get(0)));
        }
        lines.addAll(guard.servers);
        return process("server-" + i, program, lines, guard.serverPassword);
    }

    private ServerProcess sentinel(int i, String program) throws IOException {
        List<String> lines = new ArrayList<>(List.of(
                "sentinel monitor " + NAME + " 127.0.0.1 " + reached.get(servers.get(0)) + " 2",
                "sentinel down-after-milliseconds " + NAME + " " + downAfter,
                "sentinel failover-timeout " + NAME + " 10000"));
        lines.addAll(guard.sentinels);
        ServerProcess sentinel = process("sentinel-" + i, program, lines, guard.sentinelPassword);
        hasten(sentinel);
        return sentinel;
    }

    /**
     * How long a failover takes does not change by it; how long an old master waits until it is a replica does. And a machine
     * that is so busy that it pauses a Sentinel puts it into no TILT.
     */
    static void hasten(ServerProcess sentinel) {
        sentinel.call("SENTINEL", "DEBUG", "INFO-PERIOD", "1000", "PUBLISH-PERIOD", "500", "TILT-TRIGGER", "90000");
    }

    private ServerProcess process(String name, String program, List<String> lines, String password) throws IOException {
        Path own = Files.createDirectories(folder.resolve(name));
        int port = FreePort.next();
        List<String> all = new ArrayList<>(List.of("port " + port, "bind 127.0.0.1", "dir " + own));
        all.addAll(lines);
        int others = port;
        CutOff cutOff = null;
        if (severable && !program.endsWith("-sentinel")) {
            cutOff = new CutOff(port);
            others = cutOff.port();
            all.addAll(List.of("replica-announce-ip 127.0.0.1", "replica-announce-port " + others));
        }
        if (certificates != null) {
            others = FreePort.next();
            String[] flags = certificates.flags(others, "--tls-replication", "yes");
            for (int i = 0; i < flags.length; i += 2) {
                all.add(flags[i].substring(2) + " " + flags[i + 1]);
            }
        }
        ServerProcess made = ServerProcess.configured(
                List.of(), program, Files.write(own.resolve("redis.conf"), all), port, password);
        reached.put(made, others);
        if (cutOff != null) {
            cutOffs.put(made, cutOff);
        }
        return made;
    }

    /** Nobody but the test reaches this server any more, and it reaches nobody: it is the master. */
    void cutOff(ServerProcess master) {
        cutOffs.get(master).cut();
    }

    /** All reach it again. */
    void heal(ServerProcess server) {
        cutOffs.get(server).heal();
    }

    /** The server that a Sentinel names, or null if it does not answer. */
    ServerProcess named(ServerProcess sentinel) {
        try {
            Object reply = sentinel.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME);
            if (!(reply instanceof List<?> address)) {
                throw new IllegalStateException(sentinel + " knows no master: " + reply + " " + sentinel.call("ROLE"));
            }
            String port = (String) address.get(1);
            return servers.stream()
                    .filter(s -> port.equals("" + reached.get(s)))
                    .findFirst()
                    .orElseThrow();
        } catch (JedisException e) {
            return null;
        }
    }

    /** Waits until all is well in the eyes of each Sentinel, and returns the master. */
    ServerProcess awaitSettled() {
        Awaitility.await("one master, two replicas, three Sentinels")
                .atMost(ServerProcess.PATIENCE)
                .ignoreExceptionsInstanceOf(JedisException.class) // one that is busy
                .until(() -> sentinels.stream().map(this::named).distinct().count() == 1
                        && sentinels.stream().allMatch(SentinelGroup::isContent));
        return named(sentinels.getFirst());
    }

    private static boolean isContent(ServerProcess sentinel) {
        Map<String, Object> master = sentinel.map("SENTINEL", "MASTER", NAME);
        List<?> replicas = (List<?>) sentinel.call("SENTINEL", "REPLICAS", NAME);
        List<?> others = (List<?>) sentinel.call("SENTINEL", "SENTINELS", NAME);
        return master.get("flags").equals("master")
                && replicas.size() == 2
                && replicas.stream()
                        .allMatch(r -> has(r, "flags", "slave")
                                && has(r, "master-link-status", "ok")
                                && has(r, "master-port", (String) master.get("port")))
                && others.size() == 2
                && others.stream().allMatch(s -> has(s, "flags", "sentinel"));
    }

    private static boolean has(Object view, String name, String value) {
        if (!(view instanceof List<?> fields)) {
            throw new IllegalStateException("no names and values, but: " + view);
        }
        int at = fields.indexOf(name);
        return at >= 0 && value.equals(fields.get(at + 1));
    }

    /** Writes to the master that a Sentinel names, until one takes it that is not {@code old}; milliseconds that took. */
    long millisToWrite(ServerProcess old, String key, long from) {
        int asked = 0;
        while (System.nanoTime() - from < ServerProcess.PATIENCE.toNanos()) {
            ServerProcess master = named(sentinels.get(asked++ % sentinels.size()));
            if (master != null && master != old && writes(master, key)) {
                return (System.nanoTime() - from) / 1_000_000;
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("no write was taken within " + ServerProcess.PATIENCE);
    }

    /** Whether it takes a write. */
    static boolean writes(ServerProcess master, String key) {
        try (Jedis jedis = master.connect()) {
            return "OK".equals(jedis.set(key, "v"));
        } catch (JedisException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        sentinels.forEach(ServerProcess::close);
        servers.forEach(ServerProcess::close);
        for (CutOff cutOff : cutOffs.values()) {
            cutOff.close();
        }
    }
}
