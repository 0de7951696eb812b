package dev.redisreplication.node.differential;

import dev.redisreplication.node.config.ConfigException;
import dev.redisreplication.node.server.Server;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A node that logs, and a replica of it: what a program has left behind on the master is to be on the replica, in the
 * append-only file and in a dump as well, and in a real server that has played the same program.
 */
final class Aftermath implements Closeable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Longer than a key lives on after the same key of the other server, which got its command first. */
    private static final Duration LAG = Duration.ofSeconds(2);

    private final Path folder;
    private final Server master;
    private final Server replica;
    private final boolean followed;

    private Aftermath(Path folder, Server master, Server replica, boolean followed) {
        this.folder = folder;
        this.master = master;
        this.replica = replica;
        this.followed = followed;
    }

    /** Starts both, and waits until the replica is fed: what follows reaches it as a stream. */
    static Aftermath open() throws IOException, ConfigException {
        return open(true);
    }

    /** The replica follows while it is compared only, for programs that would see it: all reaches it as a dump. */
    static Aftermath openAlone() throws IOException, ConfigException {
        return open(false);
    }

    private static Aftermath open(boolean followed) throws IOException, ConfigException {
        Path folder = Files.createTempDirectory("aftermath");
        Server master = node(folder, "master", "--appendonly", "yes");
        Server replica = node(folder, "replica");
        Aftermath all = new Aftermath(folder, master, replica, followed);
        if (followed) {
            all.follow();
        }
        return all;
    }

    private void follow() throws IOException {
        try (Wire wire = new Wire(replica.port())) {
            wire.call("REPLICAOF", "127.0.0.1", "" + master.port());
        }
        awaitReplica();
    }

    private String digestOfReplica() throws IOException {
        awaitReplica();
        try (Wire wire = new Wire(replica.port())) {
            return digest(wire);
        }
    }

    private String onceFollowed() throws IOException {
        follow();
        String digest = digestOfReplica();
        try (Wire wire = new Wire(replica.port())) {
            wire.call("REPLICAOF", "NO", "ONE");
        }
        try (Wire wire = new Wire(master.port())) {
            Awaitility.await("the replica is gone")
                    .atMost(PATIENCE)
                    .until(() -> wire.call("INFO", "replication").text().contains("connected_slaves:0"));
        }
        return digest;
    }

    private static Server node(Path folder, String name, String... flags) throws IOException, ConfigException {
        List<String> all = new ArrayList<>(List.of("--port", "0", "--bind", "127.0.0.1", "--save", ""));
        all.addAll(List.of("--enable-debug-command", "yes", "--dir"));
        all.add(Files.createDirectory(folder.resolve(name)).toString());
        all.addAll(List.of(flags));
        return Server.start(all.toArray(String[]::new));
    }

    /** The master's port. */
    int port() {
        return master.port();
    }

    /** One command on the replica, once it has all that was logged until now. */
    Reply onReplica(String... command) throws IOException {
        awaitReplica();
        try (Wire wire = new Wire(replica.port())) {
            return wire.call(command);
        }
    }

    /**
     * Compares the digests. Time stands still for neither server: what has expired is deleted first, the comparison begins
     * anew when a key's time came to its end meanwhile, and a key may live a moment longer on the node than on the server
     * that got the same command before it.
     *
     * @return what differs, in words, or null
     */
    String compare(int redisPort) throws IOException {
        try (Wire redis = new Wire(redisPort);
                Wire ours = new Wire(master.port())) {
            String right = once(redis, ours);
            String differs = compare(ours, right);
            while (differs != null && !digest(redis).equals(right)) {
                right = once(redis, ours);
                differs = compare(ours, right);
            }
            return differs;
        }
    }

    /** The real server's digest, once the node has the same, or after a while. */
    private static String once(Wire redis, Wire ours) throws IOException {
        long end = System.nanoTime() + LAG.toNanos();
        String right = digest(redis);
        while (!digest(ours).equals(right) && System.nanoTime() < end) {
            right = digest(redis);
        }
        return right;
    }

    private String compare(Wire ours, String right) throws IOException {
        String live = digest(ours);
        String replicated = followed ? digestOfReplica() : onceFollowed();
        String dumped = reloaded(ours, "RELOAD");
        String logged = reloaded(ours, "LOADAOF");
        String all = "redis " + right + ", node " + live + ", replica " + replicated + ", dump " + dumped + ", log "
                + logged;
        boolean same = Stream.of(live, replicated, dumped, logged).allMatch(right::equals);
        return same ? null : all;
    }

    private static String digest(Wire server) throws IOException {
        int databases = 16;
        for (int db = 0; db < databases; db++) {
            server.call("SELECT", "" + db);
            server.call("KEYS", "*");
        }
        return server.call("DEBUG", "DIGEST").text();
    }

    private static String reloaded(Wire server, String how) throws IOException {
        Reply reply = server.call("DEBUG", how);
        return reply.isError() ? reply.text() : digest(server);
    }

    /** Until the replica has all that the master has logged. */
    private void awaitReplica() throws IOException {
        try (Wire from = new Wire(master.port());
                Wire to = new Wire(replica.port())) {
            Awaitility.await("the replica is fed").atMost(PATIENCE).until(() -> {
                String state = to.call("INFO", "replication").text();
                return state.contains("master_link_status:up")
                        && offset(state)
                                == offset(from.call("INFO", "replication").text());
            });
        }
    }

    private static long offset(String info) {
        return Long.parseLong(info.replaceFirst("(?s).*\r\nmaster_repl_offset:(\\d+)\r\n.*", "$1"));
    }

    @Override
    public void close() throws IOException {
        replica.close();
        master.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
