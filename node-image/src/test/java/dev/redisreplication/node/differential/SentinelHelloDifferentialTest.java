package dev.redisreplication.node.differential;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hello messages, sane and hostile, to a real Sentinel and to ours: what they know of each other, of epochs and of the master
 * afterwards. {@code -Dsentinel.hellos=N} says how many.
 */
class SentinelHelloDifferentialTest {
    private static final int HELLOS = Integer.getInteger("sentinel.hellos", 150);
    private static final String ONE = "1".repeat(40);
    private static final String TWO = "1".repeat(39) + "2";

    @TempDir
    private Path folder;

    private final Random random = new Random(HELLOS);

    private String oneOf(String... some) {
        return some[random.nextInt(some.length)];
    }

    /** Mostly right, since a message with two faults tells no more than one with the first. */
    private String mostly(String right, String... wrong) {
        return random.nextInt(6) > 0 ? right : oneOf(wrong);
    }

    private String hello(int round) {
        String id = oneOf(ONE, TWO, "1".repeat(36) + "%04d".formatted(round), "short" + round);
        boolean known = id.equals(ONE) || id.equals(TWO);
        List<String> fields = new ArrayList<>(List.of(
                // One that is known and says that it is nowhere, the real Sentinel forgets, and ours does not.
                known
                        ? oneOf("127.0.0.1", "127.0.0.2")
                        : mostly(oneOf("127.0.0.1", "127.0.0.2", "::1"), "nowhere", "", "127.0.0.256", "1.2.3.4.5"),
                // And of two that say they are in one place it forgets one, whichever that is.
                known
                        ? oneOf(id.equals(ONE) ? "11" : "12", id.equals(ONE) ? "21" : "22")
                        : mostly(oneOf("1", "2", "3"), "-1", "65536"),
                id,
                mostly("" + round / 4, "18446744073709551615".substring(0, 1 + random.nextInt(3))),
                mostly("mymaster", "other", ""),
                "127.0.0.1",
                random.nextInt(8) == 0 ? oneOf("5", "6") : "<master>",
                mostly("0", "" + round / 8)));
        if (random.nextInt(20) == 0) {
            fields.remove(random.nextInt(fields.size()));
        }
        if (random.nextInt(20) == 0) {
            fields.add(random.nextInt(fields.size()), oneOf("", "x", "1"));
        }
        return String.join(",", fields);
    }

    /** What is known after a message; without what a clock decides. */
    private static List<String> known(SentinelSide side) throws IOException {
        List<String> all = new ArrayList<>();
        Reply sentinels = side.wire(2).call("SENTINEL", "SENTINELS", "mymaster");
        for (Reply one : sentinels.sorted(1).items()) {
            all.add(of(one, "name", "ip", "port", "voted-leader"));
        }
        all.sort(null);
        all.add(side.plain(of(side.wire(2).call("SENTINEL", "MASTER", "mymaster"), "ip", "port", "config-epoch")));
        return all;
    }

    private static String of(Reply view, String... names) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < view.items().size(); i += 2) {
            if (List.of(names).contains(view.items().get(i).text())) {
                text.append(view.items().get(i).text())
                        .append('=')
                        .append(view.items().get(i + 1))
                        .append(' ');
            }
        }
        return text.toString();
    }

    @Test
    void bothHearTheSame() throws Exception {
        try (SentinelSide real = new SentinelSide(folder, "redis-sentinel", null);
                SentinelSide ours = new SentinelSide(folder, "node-sentinel", null)) {
            SoftAssertions all = new SoftAssertions();
            for (int i = 0; i < HELLOS && all.wasSuccess(); i++) {
                String hello = hello(i);
                String line = "PUBLISH __sentinel__:hello \"" + hello + "\"";
                all.assertThat(ours.ask(2, line)).as(line).isEqualTo(real.ask(2, line));
                all.assertThat(known(ours)).as("after %d: %s", i, hello).isEqualTo(known(real));
            }
            all.assertThat(events(ours)).as("events").isEqualTo(events(real));
            all.assertAll();
        }
    }

    private static List<String> events(SentinelSide side) throws IOException {
        return side.log().stream()
                .filter(line -> line.matches("\\S+ [+-].*"))
                .filter(line -> !line.contains("sdown") && !line.contains("slave"))
                .toList();
    }
}
