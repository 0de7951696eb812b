package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.redisreplication.node.config.ConfigException;
import dev.redisreplication.node.rdb.Mutations;
import dev.redisreplication.node.server.Server;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/**
 * Files of the node that are torn at every byte of their last kilobyte, or changed at random: the start succeeds, or ends with an
 * error that says where. What is refused stays as it was. {@code -Dfiles.torn.step=1} takes every byte, and
 * {@code -Dfiles.fuzz.rounds} says how many changes.
 */
class DamagedFilesTest {
    private static final int STEP = Integer.getInteger("files.torn.step", 101);
    private static final int ROUNDS = Integer.getInteger("files.fuzz.rounds", 60);
    private static final long SEED = Long.getLong("files.fuzz.seed", 1);
    private static final int LAST = 1024;

    @TempDir
    private Path folder;

    /** What a start came to. */
    private record Outcome(String error, long keys) {}

    private static Outcome start(Path directory, String... flags) {
        List<String> arguments = new ArrayList<>(
                List.of("--port", "0", "--bind", "127.0.0.1", "--save", "", "--dir", directory.toString()));
        arguments.addAll(List.of(flags));
        return assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            try (Server server = Server.start(arguments.toArray(String[]::new));
                    Jedis jedis = new Jedis("127.0.0.1", server.port(), 60_000)) {
                return new Outcome(null, jedis.dbSize());
            } catch (IOException | ConfigException e) {
                return new Outcome(e.getMessage(), 0);
            }
        });
    }

    private static void fill(Path directory, String... flags) throws Exception {
        List<String> arguments = new ArrayList<>(
                List.of("--port", "0", "--bind", "127.0.0.1", "--save", "", "--dir", directory.toString()));
        arguments.addAll(List.of(flags));
        try (Server server = Server.start(arguments.toArray(String[]::new));
                Jedis jedis = new Jedis("127.0.0.1", server.port(), 60_000)) {
            new Workload(3).run(jedis, 500);
            for (int i = 0; i < 60; i++) {
                jedis.set("key" + i, "value " + i);
            }
            jedis.multi().exec();
            jedis.save();
        }
    }

    private static byte[] increment(Path directory) throws IOException {
        return Files.readAllBytes(directory.resolve("appendonlydir/appendonly.aof.1.incr.aof"));
    }

    /** The files of a directory with their contents. */
    private static Map<String, ByteBuffer> files(Path directory) throws IOException {
        Map<String, ByteBuffer> all = new TreeMap<>();
        try (Stream<Path> each = Files.walk(directory)) {
            for (Path file : each.filter(Files::isRegularFile).toList()) {
                all.put(directory.relativize(file).toString(), ByteBuffer.wrap(Files.readAllBytes(file)));
            }
        }
        return all;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> each = Files.walk(from)) {
            for (Path file : each.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }

    private static void cut(Path file, long length) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(length);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> each = Files.walk(directory)) {
            for (Path file : each.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void anAppendOnlyFileIsCutAtItsLastWholeCommandOrRefused() throws Exception {
        Path whole = Files.createDirectories(folder.resolve("whole"));
        fill(whole, "--appendonly", "yes");
        long all = start(whole, "--appendonly", "yes").keys;
        byte[] bytes = increment(whole);
        long before = 0;
        for (int length = bytes.length - LAST; length <= bytes.length; length += STEP) {
            Path torn = folder.resolve("torn");
            copy(whole, torn);
            cut(torn.resolve("appendonlydir/appendonly.aof.1.incr.aof"), length);
            Map<String, ByteBuffer> files = files(torn);
            Outcome strict = start(torn, "--appendonly", "yes", "--aof-load-truncated", "no");
            if (strict.error != null) {
                assertThat(strict.error).contains("appendonly.aof.1.incr.aof ends in the middle of a command at byte ");
                assertThat(files(torn)).as("the files of %d bytes", length).isEqualTo(files);
            }
            Outcome mended = start(torn, "--appendonly", "yes");
            assertThat(mended.error).as("%d bytes", length).isNull();
            assertThat(mended.keys).as("%d bytes", length).isBetween(before, all);
            byte[] rest = increment(torn);
            int common = Math.min(length, rest.length); // a mark of the position may follow what was whole
            assertThat(Arrays.mismatch(Arrays.copyOf(rest, common), Arrays.copyOf(bytes, common)) < 0
                            || strict.error != null)
                    .isTrue();
            before = mended.keys;
            delete(torn);
        }
    }

    @Test
    void aTornDumpOrBaseIsRefusedAndStays() throws Exception {
        Path whole = Files.createDirectories(folder.resolve("whole"));
        fill(whole);
        byte[] dump = Files.readAllBytes(whole.resolve("dump.rdb"));
        for (int length = Math.max(0, dump.length - LAST); length < dump.length; length += STEP) {
            for (boolean base : new boolean[] {false, true}) {
                Path torn = folder.resolve("torn");
                Path file = torn.resolve(base ? "appendonlydir/b.1.base.rdb" : "dump.rdb");
                Files.createDirectories(file.getParent());
                Files.write(file, Arrays.copyOf(dump, length));
                Files.writeString(file.resolveSibling("appendonly.aof.manifest"), "file b.1.base.rdb seq 1 type b\n");
                Map<String, ByteBuffer> files = files(torn);
                Outcome outcome = start(torn, "--appendonly", base ? "yes" : "no");
                assertThat(outcome.error)
                        .as("%d bytes", length)
                        .contains("offset ")
                        .contains("cut short");
                assertThat(files(torn)).as("%d bytes", length).isEqualTo(files);
                delete(torn);
            }
        }
    }

    @Test
    void aTornManifestIsRefusedAndNothingIsDeleted() throws Exception {
        Path whole = Files.createDirectories(folder.resolve("whole"));
        fill(whole, "--appendonly", "yes");
        Path manifest = whole.resolve("appendonlydir/appendonly.aof.manifest");
        byte[] text = Files.readAllBytes(manifest);
        int lineEnd = new String(text, StandardCharsets.US_ASCII).indexOf('\n') + 1;
        for (int length = 0; length < text.length; length++) {
            if (length == lineEnd) {
                continue; // a whole manifest of a base alone
            }
            Files.write(manifest, Arrays.copyOf(text, length));
            Map<String, ByteBuffer> files = files(whole);
            assertThat(start(whole, "--appendonly", "yes").error)
                    .as("%d bytes", length)
                    .contains("manifest");
            assertThat(files(whole)).isEqualTo(files);
        }
        Files.write(manifest, text);
        assertThat(start(whole, "--appendonly", "yes").error).isNull();
    }

    @Test
    void anAppendOnlyFileThatIsChangedIsLoadedOrRefused() throws Exception {
        Path whole = Files.createDirectories(folder.resolve("whole"));
        fill(whole, "--appendonly", "yes");
        List<byte[]> corpus = List.of(
                increment(whole),
                ("*1\r\n$5\r\nMULTI\r\n*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n1\r\n*1\r\n$4\r\nEXEC\r\n#TS:1700000000\r\n"
                                + "*3\r\n$6\r\nSELECT\r\n$1\r\n1\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long seed = SEED * 1_000_000_007L + round;
            Path other = folder.resolve("other");
            copy(whole, other);
            Files.write(
                    other.resolve("appendonlydir/appendonly.aof.1.incr.aof"), Mutations.of(corpus, new Random(seed)));
            Map<String, ByteBuffer> files = files(other);
            Outcome outcome = start(other, "--appendonly", "yes");
            if (outcome.error != null) {
                refused++;
                assertThat(outcome.error)
                        .as("seed %d", seed)
                        .contains("appendonly.aof.1.incr.aof")
                        .contains(" byte ");
                assertThat(files(other)).as("seed %d", seed).isEqualTo(files);
            }
            delete(other);
        }
        System.out.println("fuzzing of append-only files: " + ROUNDS + " rounds, " + refused + " refused");
    }
}
