package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Manifests beside a real redis-server: what one writes the other reads, and what one refuses the other refuses. */
class ManifestDifferentialTest {
    private static final String INCREMENT = "file i.aof seq 1 type i\n";

    @TempDir
    private Path folder;

    private static final List<String> MANIFESTS = List.of(
            INCREMENT,
            "# a comment\n" + INCREMENT,
            "#" + "x".repeat(5000) + "\n" + INCREMENT,
            INCREMENT + "\n",
            "\n" + INCREMENT,
            "",
            INCREMENT.strip(),
            "file i.aof seq 1 type i later field\n",
            "file i.aof seq 1 type i later\n",
            "file i.aof seq 1 kind i\n",
            "name i.aof seq 1 type i\n",
            "FILE i.aof SEQ 1 TYPE i\n",
            "seq 1 type incr file i.aof\n",
            "file \"i.aof\" seq 1 type i\n",
            "file 'i.aof' seq 1 type i\n",
            "file \"\\x69.aof\" seq 1 type i\n",
            "file \"i.aof seq 1 type i\n",
            "  file  i.aof\tseq 1 type i \r\n",
            "file i.aof seq 0 type i\n",
            "file i.aof seq x type i\n",
            "file i.aof seq 1 type z\n",
            "file ../i.aof seq 1 type i\n",
            "file i.aof seq 2 type i\nfile j.aof seq 1 type i\n",
            "file i.aof seq 2 type i\nfile j.aof seq 2 type i\n",
            "file i.aof seq 2 type i\nfile j.aof seq 3 type i\n",
            "file i.aof seq 2 type b\nfile j.aof seq 1 type i\n",
            "file i.aof seq 1 type b\nfile j.aof seq 2 type b\n",
            "file gone.aof seq 9 type h\n" + INCREMENT);

    @Test
    void bothReadAndRefuseTheSame() throws Exception {
        try (ServerProcess probe = ServerProcess.redis(folder.resolve("probe"))) {
            assertThat(probe.isAlive()).isTrue(); // there is a real server, or the test was skipped
        }
        for (int i = 0; i < MANIFESTS.size(); i++) {
            String text = MANIFESTS.get(i);
            String real = realOutcome(folder.resolve("real" + i), text);
            String ours = ourOutcome(folder.resolve("ours" + i), text);
            assertThat(ours).as("manifest: " + text).isEqualTo(real);
        }
    }

    private static void write(Path directory, String manifest) throws IOException {
        Path files = Files.createDirectories(directory.resolve("appendonlydir"));
        Files.writeString(files.resolve("appendonly.aof.manifest"), manifest, StandardCharsets.ISO_8859_1);
        Files.writeString(files.resolve("i.aof"), "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n1\r\n");
        Files.writeString(files.resolve("j.aof"), "*3\r\n$3\r\nSET\r\n$1\r\nb\r\n$1\r\n1\r\n");
    }

    private static String realOutcome(Path directory, String manifest) throws Exception {
        write(directory, manifest);
        try (ServerProcess server = ServerProcess.redis(directory, "--appendonly", "yes")) {
            return server.call("MGET", "a", "b").toString();
        } catch (RuntimeException e) {
            return "refused";
        }
    }

    private static String ourOutcome(Path directory, String manifest) throws Exception {
        write(directory, manifest);
        return InProcess.outcome(directory);
    }

    @Test
    void aNameWithABlankIsReadByBoth() throws Exception {
        String[] flags = {"--appendonly", "yes", "--appendfilename", "my \"file\".aof"};
        Path directory = folder.resolve("blank");
        try (ServerProcess node = ServerProcess.node(directory, flags)) {
            node.call("SET", "a", "1");
            node.call("BGREWRITEAOF");
            node.awaitInfo("aof_rewrite_in_progress", "0");
            node.kill();
            node.start();
            assertThat(node.call("GET", "a")).isEqualTo("1");
            node.kill();
        }
        try (ServerProcess real = ServerProcess.redis(directory, flags)) {
            assertThat(real.call("GET", "a")).isEqualTo("1");
            real.call("BGREWRITEAOF");
            real.awaitInfo("aof_rewrite_in_progress", "0");
            real.call("SET", "b", "2");
            real.kill();
        }
        try (ServerProcess node = ServerProcess.node(directory, flags)) {
            assertThat(node.call("MGET", "a", "b").toString()).isEqualTo("[1, 2]");
        }
        try (Stream<Path> files = Files.list(directory.resolve("appendonlydir"))) {
            assertThat(files.count()).as("base, increment and manifest").isEqualTo(3);
        }
    }

    /** The files of an append-only directory in steps of its life: on each server the same, byte for byte. */
    @Test
    void manifestsAreThoseOfRedis() throws Exception {
        List<String> real = life("redis");
        assertThat(life("node")).isEqualTo(real);
    }

    private List<String> life(String program) throws Exception {
        Path directory = folder.resolve(program + "-life");
        List<String> steps = new ArrayList<>();
        try (ServerProcess server = ServerProcess.of(program, directory)) {
            server.call("SET", "a", "1");
            server.call("CONFIG", "SET", "appendonly", "yes");
            whole(server, "1 base", steps);
            rewritten(server, steps);
            server.call("CONFIG", "SET", "appendonly", "no");
            steps.add(files(directory));
            server.call("CONFIG", "SET", "appendonly", "yes");
            whole(server, "3 base", steps);
            server.call("CONFIG", "SET", "appendonly", "no");
            rewritten(server, steps); // a base only; the increments go on behind the last one all the same
            server.call("CONFIG", "SET", "appendonly", "yes");
            whole(server, "again", steps);
            for (String name : files(directory)
                    .lines()
                    .findFirst()
                    .orElseThrow()
                    .replaceAll("[\\[\\]]", "")
                    .split(", ", -1)) {
                Files.delete(directory.resolve("appendonlydir").resolve(name));
            }
            Files.delete(directory.resolve("appendonlydir")); // somebody takes it away
            rewritten(server, steps);
        }
        try (ServerProcess server = ServerProcess.of(program, directory, "--appendonly", "yes")) {
            assertThat(server.call("GET", "a")).isEqualTo("1");
            steps.add(files(directory));
            rewritten(server, steps);
            server.kill();
            server.start();
            steps.add(files(directory));
            rewritten(server, steps);
            server.stop();
            steps.add(files(directory));
        }
        // What the node wrote when it counted both kinds in one row.
        Path older = folder.resolve(program + "-older");
        Path files = Files.createDirectories(older.resolve("appendonlydir"));
        Files.writeString(
                files.resolve("appendonly.aof.manifest"),
                "file b.2.base.aof seq 2 type b\nfile i.1.incr.aof seq 1 type i\n");
        Files.writeString(files.resolve("b.2.base.aof"), "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n1\r\n");
        Files.writeString(files.resolve("i.1.incr.aof"), "*3\r\n$3\r\nSET\r\n$1\r\nb\r\n$1\r\n1\r\n");
        try (ServerProcess server = ServerProcess.of(program, older, "--appendonly", "yes")) {
            assertThat(server.call("MGET", "a", "b").toString()).isEqualTo("[1, 1]");
            rewritten(server, steps);
        }
        // An empty one from the start.
        Path empty = folder.resolve(program + "-empty");
        try (ServerProcess server = ServerProcess.of(program, empty, "--appendonly", "yes")) {
            steps.add(files(empty));
            steps.add("rewrites at the start: " + server.info("aof_rewrites"));
            Path following = folder.resolve(program + "-following");
            try (ServerProcess replica = ServerProcess.of(
                    program, following, "--appendonly", "yes", "--replicaof", "127.0.0.1 " + server.port())) {
                replica.awaitCaughtUp(server);
                whole(replica, "of what the master sent", steps);
                steps.add("rewrites of a replica: " + replica.info("aof_rewrites"));
            }
            rewritten(server, steps);
        }
        return steps;
    }

    private static void rewritten(ServerProcess server, List<String> steps) throws Exception {
        long before = Long.parseLong(server.info("aof_rewrites"));
        server.call("BGREWRITEAOF");
        server.awaitInfo("aof_rewrites", Long.toString(before + 1));
        whole(server, "rewritten", steps);
    }

    private static void whole(ServerProcess server, String what, List<String> steps) throws Exception {
        server.awaitInfo("aof_rewrite_in_progress", "0");
        assertThat(server.info("aof_last_bgrewrite_status")).as(what).isEqualTo("ok");
        Awaitility.await("history is removed").atMost(ServerProcess.PATIENCE).until(() -> !files(server.directory())
                .contains("type h"));
        steps.add(files(server.directory()));
    }

    /** The manifest and the names beside it. */
    private static String files(Path directory) throws IOException {
        Path folder = directory.resolve("appendonlydir");
        try (Stream<Path> all = Files.list(folder)) {
            String names = all.map(file -> file.getFileName().toString())
                    .sorted()
                    .toList()
                    .toString();
            return names + "\n" + Files.readString(folder.resolve("appendonly.aof.manifest"));
        }
    }
}
