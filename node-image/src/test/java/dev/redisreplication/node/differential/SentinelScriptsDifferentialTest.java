package dev.redisreplication.node.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.replication.system.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Scripts of Sentinels, as processes: ours and a real one run the same script on the same occasions, each in its own folder. A
 * change by SENTINEL SET is an occasion for the script that notifies.
 */
class SentinelScriptsDifferentialTest {
    /** Writes down what it is called with, waits while it is told to, and ends as it is told to. */
    private static final String SCRIPT = """
            #!/bin/sh
            echo "$#|$0|$*" >> heard
            while [ -e hold ]; do sleep 0.5; done
            exit $(cat status)
            """;

    @TempDir
    private static Path folder;

    private static Path script;
    private static SentinelSide real;
    private static SentinelSide ours;

    @BeforeAll
    static void start() throws IOException {
        script = executable("notify", SCRIPT);
        String[] lines = {
            "sentinel deny-scripts-reconfig no",
            "sentinel down-after-milliseconds mymaster 600000",
            "sentinel notification-script mymaster " + script,
            "sentinel client-reconfig-script mymaster " + script
        };
        real = new SentinelSide(folder, "redis-sentinel", null, lines);
        ours = new SentinelSide(folder, "node-sentinel", null, lines);
    }

    private static Path executable(String name, String text) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @AfterAll
    static void stop() {
        for (SentinelSide side : new SentinelSide[] {real, ours}) {
            if (side != null) {
                side.close();
            }
        }
    }

    @BeforeEach
    void nothingIsLeft() throws IOException {
        for (SentinelSide side : List.of(real, ours)) {
            Files.deleteIfExists(file(side, "hold"));
            side.ask(2, "SENTINEL DEBUG script-retry-delay 1 script-max-runtime 600000");
            awaitQueue(side, 0);
            Files.deleteIfExists(file(side, "heard"));
            Files.writeString(file(side, "status"), "0");
        }
    }

    private static Path file(SentinelSide side, String name) {
        return side.sentinel.directory().resolve(name);
    }

    private static void awaitQueue(SentinelSide side, int length) {
        Awaitility.await("so many scripts wait or run: " + length)
                .atMost(ServerProcess.PATIENCE)
                .until(() -> side.sentinel.info("sentinel_scripts_queue_length").equals("" + length));
    }

    /** What the script was called with. */
    private static List<String> heard(SentinelSide side) throws IOException {
        Path heard = file(side, "heard");
        return Files.exists(heard)
                ? Files.readAllLines(heard).stream().map(side::plain).toList()
                : List.of();
    }

    private static List<String> scriptEvents(SentinelSide side, int from) throws IOException {
        List<String> all = side.log();
        return all.subList(from, all.size()).stream()
                .filter(line -> line.contains("script"))
                .map(line -> line.replaceFirst("(-script-timeout \\S+) \\d+", "$1 <pid>"))
                .toList();
    }

    @Test
    void theyHearTheSameOfAnEventAndOfASwitch() throws Exception {
        String hello = "PUBLISH __sentinel__:hello 127.0.0.1,1,%s,0,mymaster,127.0.0.1,%s,%d";
        for (SentinelSide side : List.of(real, ours)) {
            side.ask(2, "SENTINEL SET mymaster quorum 1");
            awaitQueue(side, 0); // what runs beside each other has no order
            side.ask(2, hello.formatted("1".repeat(40), "5", 1));
            awaitQueue(side, 0);
            side.ask(2, hello.formatted("1".repeat(40), "<master>", 2));
            awaitQueue(side, 0);
        }
        assertThat(heard(ours).stream().sorted())
                .isEqualTo(heard(real).stream().sorted().toList());
        assertThat(heard(ours))
                .contains("7|" + script + "|mymaster observer start 127.0.0.1 <master> 127.0.0.1 5")
                .contains("2|" + script + "|+set master mymaster 127.0.0.1 <master> quorum 1");
    }

    @Test
    void oneThatFailsIsRunAgainTenTimesInAll() throws Exception {
        assertThat(endsWith(ours, "1")).isEqualTo(endsWith(real, "1"));
        assertThat(heard(ours)).hasSameSizeAs(heard(real)).hasSize(10);
    }

    @Test
    void oneThatFailsForGoodIsNotRunAgain() throws Exception {
        assertThat(endsWith(ours, "2")).isEqualTo(endsWith(real, "2"));
        assertThat(heard(ours)).hasSameSizeAs(heard(real)).hasSize(1);
    }

    private static List<String> endsWith(SentinelSide side, String status) throws IOException {
        int from = side.log().size();
        Files.writeString(file(side, "status"), status);
        side.ask(2, "SENTINEL SET mymaster quorum 1");
        awaitQueue(side, 0);
        return scriptEvents(side, from);
    }

    @Test
    void oneThatHangsIsKilledEachTime() throws Exception {
        assertThat(hangs(ours)).isEqualTo(hangs(real));
        assertThat(heard(ours)).hasSameSizeAs(heard(real)).hasSize(10);
    }

    private static List<String> hangs(SentinelSide side) throws IOException {
        int from = side.log().size();
        side.ask(2, "SENTINEL DEBUG script-max-runtime 100");
        Files.createFile(file(side, "hold"));
        side.ask(2, "SENTINEL SET mymaster quorum 1");
        awaitQueue(side, 0);
        Files.delete(file(side, "hold"));
        return scriptEvents(side, from).stream().distinct().toList(); // a late look at the clock says it once more
    }

    @Test
    void soManyRunBesideEachOtherAndSoManyWait() throws Exception {
        for (SentinelSide side : List.of(real, ours)) {
            Files.createFile(file(side, "hold"));
            for (int i = 0; i < 16; i++) { // these run
                side.ask(2, "SENTINEL SET mymaster quorum 1" + i);
            }
            Awaitility.await("all of them run")
                    .atMost(ServerProcess.PATIENCE)
                    .until(() -> side.sentinel.info("sentinel_running_scripts").equals("16"));
            for (int i = 0; i < 260; i++) { // of these the first ones give way
                side.ask(2, "SENTINEL SET mymaster quorum 1000" + i);
            }
            assertThat(side.sentinel.info("sentinel_scripts_queue_length")).isEqualTo("256");
            assertThat(side.sentinel.info("sentinel_running_scripts")).isEqualTo("16");
        }
        for (int protocol : new int[] {2, 3}) {
            String line = "SENTINEL PENDING-SCRIPTS";
            assertThat(ours.ask(protocol, line)).isEqualTo(real.ask(protocol, line));
        }
        for (SentinelSide side : List.of(real, ours)) {
            Files.delete(file(side, "hold"));
            awaitQueue(side, 0);
        }
        assertThat(heard(ours).stream().sorted())
                .isEqualTo(heard(real).stream().sorted().toList());
        assertThat(heard(ours)).hasSize(256);
    }

    @Test
    void whichFileIsAScriptIsTheSame() throws Exception {
        Path text = Files.writeString(folder.resolve("text"), "no program");
        for (SentinelSide side : List.of(real, ours)) {
            Files.copy(script, file(side, "relative"), StandardCopyOption.COPY_ATTRIBUTES);
        }
        for (String option : List.of("notification-script", "client-reconfig-script")) {
            for (String value :
                    List.of("/bin/nothing", text.toString(), "relative", "./relative", "", "/bin/true", "" + script)) {
                String line = "SENTINEL SET mymaster " + option + " \"" + value + "\"";
                assertThat(ours.ask(2, line)).as(line).isEqualTo(real.ask(2, line));
                line = "SENTINEL MASTER mymaster";
                assertThat(ours.ask(2, line)).as(line).isEqualTo(real.ask(2, line));
            }
        }
    }
}
