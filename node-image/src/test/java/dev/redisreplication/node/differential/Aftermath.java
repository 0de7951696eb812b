package dev.redisreplication.node.differential;

import dev.redisreplication.node.config.ConfigException;
import dev.redisreplication.node.server.Server;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/**
 * A node that logs, and a replica of it: what a program has left behind on the master is to be on the replica, in the
 * append-only file and in a dump as well, and in a real server that has played the same program.
 */
final class Aftermath implements Closeable {
    private static final int DATABASES = 16;

    /** When and how often an entry was delivered: who reads it again counts it, and nobody else hears of that, as in Redis. */
    private static final Pattern DELIVERY = Pattern.compile("(\\*\\[\\$\\d+-\\d+(?: \\$\\S*)?) :\\d+ :\\d+]");

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

    /**
     * Starts both.
     *
     * @param followed whether the replica follows from now on, and gets all as a stream; or while it is compared only, and gets it
     *     as a dump
     */
    static Aftermath open(boolean followed) throws IOException, ConfigException {
        Path folder = Files.createTempDirectory("aftermath");
        Server master = node(folder, "master", "--appendonly", "yes");
        Server replica = node(folder, "replica");
        Aftermath all = new Aftermath(folder, master, replica, followed);
        if (followed) {
            all.follow();
        }
        return all;
    }

    private static Server node(Path folder, String name, String... flags) throws IOException, ConfigException {
        List<String> all = new ArrayList<>(List.of("--port", "0", "--bind", "127.0.0.1", "--save", ""));
        all.addAll(List.of("--repl-diskless-sync-delay", "0"));
        all.addAll(List.of("--repl-ping-replica-period", "3600", "--repl-timeout", "7200")); // no PING moves an offset
        all.addAll(List.of("--enable-debug-command", "yes", "--dir"));
        all.add(Files.createDirectory(folder.resolve(name)).toString());
        all.addAll(List.of(flags));
        return Server.start(all.toArray(String[]::new));
    }

    Server master() {
        return master;
    }

    private void follow() throws IOException {
        try (Wire wire = new Wire(replica.port())) {
            wire.call("REPLICAOF", "127.0.0.1", "" + master.port());
        }
        awaitReplica();
    }

    private void leave() throws IOException {
        try (Wire wire = new Wire(replica.port())) {
            wire.call("REPLICAOF", "NO", "ONE");
        }
        try (Wire wire = new Wire(master.port())) {
            Awaitility.await("the replica is gone")
                    .until(() -> wire.call("INFO", "replication").text().contains("connected_slaves:0"));
        }
    }

    /** One command on the replica, once it has all that was logged until now. */
    Reply onReplica(String... command) throws IOException {
        awaitReplica();
        try (Wire wire = new Wire(replica.port())) {
            return wire.call(command);
        }
    }

    /**
     * Compares the data of the real server with the node's, and with its replica's, dump's and log's; the node's also by what a
     * digest does not take in: groups of streams, and libraries of functions.
     *
     * @return what differs, in words, or null
     */
    String compare(int redisPort) throws IOException {
        try (Wire redis = new Wire(redisPort);
                Wire ours = new Wire(master.port())) {
            deleteExpired(redis);
            deleteExpired(ours);
            String right = digest(redis);
            String left = digest(ours);
            return right.equals(left) ? compare(ours) : "redis " + right + ", node " + left;
        }
    }

    /** The same without the real server, for programs that it plays otherwise. */
    String compare() throws IOException {
        try (Wire ours = new Wire(master.port())) {
            deleteExpired(ours);
            return compare(ours);
        }
    }

    private String compare(Wire ours) throws IOException {
        String live = state(ours);
        String replicated = ofReplica();
        if (!replicated.equals(live)) {
            return "node\n" + live + "replica\n" + replicated;
        }
        for (String file : List.of("RELOAD", "LOADAOF")) {
            Reply reply = ours.call("DEBUG", file);
            String loaded = reply.isError() ? reply.text() : state(ours);
            if (!loaded.equals(live)) {
                return "node\n" + live + file + "\n" + loaded;
            }
        }
        return null;
    }

    private String ofReplica() throws IOException {
        if (!followed) {
            follow();
        }
        awaitReplica();
        String state;
        try (Wire wire = new Wire(replica.port())) {
            state = state(wire);
        }
        if (!followed) {
            leave();
        }
        return state;
    }

    /** What has expired counts in a digest until it is deleted, which whoever looks for all keys does. */
    private static void deleteExpired(Wire server) throws IOException {
        for (int db = 0; db < DATABASES; db++) {
            server.call("SELECT", "" + db);
            String cursor = "0";
            do {
                cursor = server.call("SCAN", cursor, "COUNT", "1000")
                        .items()
                        .getFirst()
                        .text();
            } while (!cursor.equals("0"));
        }
    }

    private static String digest(Wire server) throws IOException {
        return server.call("DEBUG", "DIGEST").text();
    }

    private static String state(Wire server) throws IOException {
        StringBuilder state = new StringBuilder(digest(server)).append('\n');
        for (int db = 0; db < DATABASES; db++) {
            server.call("SELECT", "" + db);
            for (Reply key : server.call("SCAN", "0", "COUNT", "1000000", "TYPE", "stream")
                    .items()
                    .get(1)
                    .sorted(1)
                    .items()) {
                Reply stream = server.call("XINFO", "STREAM", key.text(), "FULL", "COUNT", "0");
                String text = stream.without("seen-time", "active-time").toString();
                state.append(db + " " + key.text() + " "
                                + DELIVERY.matcher(text).replaceAll("$1]"))
                        .append('\n');
            }
        }
        for (int db = 0; db < DATABASES; db++) {
            server.call("SELECT", "" + db);
            for (Reply key : server.call("SCAN", "0", "COUNT", "1000000", "TYPE", "hash")
                    .items()
                    .get(1)
                    .sorted(1)
                    .items()) {
                state.append(times(server, db, key.text()));
            }
        }
        Reply libraries = server.call("FUNCTION", "LIST", "WITHCODE").sorted(1);
        return state.append(libraries).append('\n').toString();
    }

    /** The times of a hash's fields: a digest says only whether there are some. */
    private static String times(Wire server, int db, String key) throws IOException {
        List<String> fields = new ArrayList<>();
        server.call("HKEYS", key).items().forEach(field -> fields.add(field.text()));
        if (fields.isEmpty()) {
            return "";
        }
        Collections.sort(fields);
        List<String> command = new ArrayList<>(List.of("HPEXPIRETIME", key, "FIELDS", "" + fields.size()));
        command.addAll(fields);
        return db + " " + key + " " + server.call(command) + "\n";
    }

    /** Until the replica has all that the master has logged. */
    private void awaitReplica() throws IOException {
        try (Wire from = new Wire(master.port());
                Wire to = new Wire(replica.port())) {
            Awaitility.await("the replica is fed").until(() -> {
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
        RealRedis.delete(folder);
    }
}
