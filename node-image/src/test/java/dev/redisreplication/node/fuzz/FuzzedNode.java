package dev.redisreplication.node.fuzz;

import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.config.ConfigException;
import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.rdb.RdbForm;
import dev.redisreplication.node.replication.io.Replication;
import dev.redisreplication.node.resp.NativeBuffer;
import dev.redisreplication.node.server.Parts;
import dev.redisreplication.node.server.Server;
import dev.redisreplication.node.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** One node in this process, whose parts get input by input; with empty data before each. It lasts as long as the process. */
public final class FuzzedNode {
    /** What leads beyond the data: to other servers, to files, or to the end of the process. */
    private static final Pattern ELSEWHERE =
            Pattern.compile("(?i)shutdown|debug|migrate|replicaof|slaveof|failover|config"
                    + "|lease|save|rewrite|client|acl|monitor|sync|sentinel");

    private static FuzzedNode only;

    private final Path folder;
    private final Server server;

    private FuzzedNode() throws IOException, ConfigException {
        folder = Files.createTempDirectory("fuzzed");
        server = Server.start(
                "--port",
                "0",
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--loglevel",
                "warning",
                "--dir",
                folder.toString(),
                "--replicaof",
                "127.0.0.1 1");
    }

    /** What is done with the parts, on the event loop. */
    @FunctionalInterface
    public interface Task {
        void run(Node node, Replication replication) throws IOException;
    }

    private static synchronized FuzzedNode only() {
        try {
            only = only == null ? new FuzzedNode() : only;
            return only;
        } catch (IOException | ConfigException e) {
            throw new IllegalStateException(e);
        }
    }

    /** From now on this process logs nothing: most inputs are refused, and each refusal has its line. */
    public static void quiet() throws IOException {
        Log.open("/dev/null", "warning");
    }

    /** The same, for a target that needs the node: starting it takes longer than an input may. */
    public static void ready() throws IOException {
        quiet();
        only();
    }

    /** Whether the input names a command that is not about data. */
    public static boolean leadsElsewhere(byte[] input) {
        return ELSEWHERE.matcher(new String(input, StandardCharsets.ISO_8859_1)).find();
    }

    /** A file with these bytes, the one that the node is to read. */
    public static Path file(byte[] bytes) {
        try {
            return Files.write(only().folder.resolve("input"), bytes);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs a task; the data that it leaves behind hold together. */
    public static void run(Task task) {
        Server server = only().server;
        CompletableFuture<Void> done = new CompletableFuture<>();
        Parts.execute(server, () -> {
            try {
                empty(server.node());
                task.run(server.node(), Parts.replication(server));
                write(server.node().store());
                done.complete(null);
            } catch (IOException | RuntimeException | Error e) {
                done.completeExceptionally(e);
            }
        });
        try {
            done.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e instanceof ExecutionException ? e.getCause() : e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void empty(Node node) {
        Store before = node.store();
        node.store(node.newStore());
        before.close();
    }

    private static void write(Store store) {
        RdbForm dump = new RdbForm(Map.of());
        try (NativeBuffer out = new NativeBuffer(4096)) {
            dump.into(out, null);
            dump.begin(List.of(), store.timedHashes() > 0);
            for (int i = 0; i < store.databases(); i++) {
                int db = i;
                long cursor = 0;
                do {
                    cursor = store.db(i).scan(cursor, 100, entry -> dump.entry(store.db(db), db, entry));
                } while (cursor != 0);
            }
            dump.end();
        }
    }
}
