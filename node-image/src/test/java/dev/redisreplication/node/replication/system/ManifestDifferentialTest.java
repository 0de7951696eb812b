package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
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
}
