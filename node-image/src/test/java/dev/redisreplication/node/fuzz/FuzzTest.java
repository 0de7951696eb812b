package dev.redisreplication.node.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.redisreplication.node.aof.FileTarget;
import dev.redisreplication.node.rdb.Mutations;
import dev.redisreplication.node.replication.io.StreamTarget;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the node reads from others leads to nothing but clean errors: good inputs, changed at random, in this process.
 * {@code -Dfuzz.rounds} says how many times more than usual, {@code -Dfuzz.seed} which. With {@code -Pfuzz -Dfuzz.seconds} Jazzer looks for
 * so long, in a process of its own, for inputs that take other ways through the code; {@code -Dfuzz.corpus} is a folder to go on from.
 */
class FuzzTest {
    private static final String ENGINE = "com.code_intelligence.jazzer.Jazzer";
    private static final int SECONDS = Integer.getInteger("fuzz.seconds", 0);
    private static final int TIMES = Integer.getInteger("fuzz.rounds", 1);
    private static final long SEED = Long.getLong("fuzz.seed", 1);

    @TempDir
    private Path folder;

    enum What {
        REQUESTS(RequestTarget.class, RequestTarget::fuzzerTestOneInput, Seeds::requests, 20_000),
        MASTER(MasterTarget.class, MasterTarget::fuzzerTestOneInput, Seeds::master, 3_000),
        DUMPS(DumpTarget.class, DumpTarget::fuzzerTestOneInput, Seeds::dumps, 1_000),
        FILES(FileTarget.class, FileTarget::fuzzerTestOneInput, Seeds::files, 1_500),
        STREAMS(StreamTarget.class, StreamTarget::fuzzerTestOneInput, Seeds::streams, 3_000);

        private final Class<?> target;
        private final Consumer<byte[]> one;
        private final Supplier<List<byte[]>> seeds;
        private final int rounds;

        What(Class<?> target, Consumer<byte[]> one, Supplier<List<byte[]>> seeds, int rounds) {
            this.target = target;
            this.one = one;
            this.seeds = seeds;
            this.rounds = rounds;
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingButCleanErrors(What what) throws Exception {
        if (SECONDS > 0) {
            guided(what);
            return;
        }
        List<byte[]> good = what.seeds.get();
        good.forEach(what.one);
        AtomicLong seed = new AtomicLong();
        long began = System.nanoTime();
        int rounds = what.rounds * TIMES;
        assertTimeoutPreemptively(
                Duration.ofSeconds(120L * TIMES),
                () -> {
                    for (int round = 0; round < rounds; round++) {
                        seed.set(SEED * 1_000_000_007L + round);
                        try {
                            what.one.accept(Mutations.of(good, new Random(seed.get())));
                        } catch (RuntimeException | Error e) {
                            throw new AssertionError(what + ", seed " + seed, e);
                        }
                    }
                },
                () -> what + ", seed " + seed + " takes its time");
        System.out.println(
                "fuzzing of " + what + ": " + rounds + " inputs in " + (System.nanoTime() - began) / 1_000_000 + " ms");
    }

    private void guided(What what) throws Exception {
        assumeTrue(isThere(), "needs Jazzer on the class path: -Pfuzz");
        Path corpus = Files.createDirectories(
                Path.of(System.getProperty("fuzz.corpus", folder.toString())).resolve(what.name()));
        List<byte[]> good = what.seeds.get();
        for (int i = 0; i < good.size(); i++) {
            Files.write(corpus.resolve("seed" + i), good.get(i));
        }
        Path log = corpus.resolveSibling(what + ".log");
        Process engine = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        ENGINE,
                        "--target_class=" + what.target.getName(),
                        "--instrumentation_includes=dev.redisreplication.**",
                        "--reproducer_path=" + corpus.getParent(),
                        "-artifact_prefix=" + corpus.getParent() + "/",
                        "-rss_limit_mb=1500",
                        "-timeout=120",
                        "-print_final_stats=1",
                        "-max_total_time=" + SECONDS,
                        corpus.toString()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(engine.waitFor(SECONDS + 600L, TimeUnit.SECONDS)).isTrue();
        } finally {
            engine.destroyForcibly();
        }
        String said = Files.readString(log, StandardCharsets.ISO_8859_1);
        assertThat(engine.exitValue()).as(said).isZero();
        String figures = said.lines()
                .filter(line -> line.matches("#\\d+\\s+DONE.*"))
                .findFirst()
                .orElse("");
        assertThat(figures).as(said).contains("cov:");
        System.out.println("fuzzing of " + what + ": " + figures);
    }

    private static boolean isThere() {
        try {
            Class.forName(ENGINE, false, FuzzTest.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
