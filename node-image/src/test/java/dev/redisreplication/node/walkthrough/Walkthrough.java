package dev.redisreplication.node.walkthrough;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.assertj.core.api.SoftAssertions;

/**
 * A story that is told twice, by real servers and by ours, with the files of its folder in {@code deploy/compose}. What was
 * written down on the way must be the same.
 */
final class Walkthrough {
    /** The names of chapters in which attempts are repeated: what happened counts there, not how often. */
    static final String AGAIN = "again and again: ";

    /**
     * The names of chapters in which a replica with an append-only file gets a dump: Redis writes a base from memory, in the
     * background, which its log tells of; the node keeps the dump as the base, and knows after a restart where in the history it
     * was, so that it need not get another. The logs are not compared.
     */
    static final String TAKES_OVER = "a dump is taken over: ";

    private Walkthrough() {}

    /** What happens. */
    @FunctionalInterface
    interface Plot {
        void play(Cast cast) throws Exception;
    }

    /**
     * Has both casts play, the real one first, and compares what they wrote down.
     *
     * @param name of the walk-through and its folder
     * @param folder for the folders of the servers
     */
    static void play(String name, Path folder, Plot plot) throws Exception {
        play(name, false, folder, plot);
    }

    /** The same where masters have names, see {@link HostNames}. Skips the test where that cannot be. */
    static void playNamed(String name, Path folder, Plot plot) throws Exception {
        HostNames.assumePossible();
        play(name, true, folder, plot);
    }

    private static void play(String name, boolean named, Path folder, Plot plot) throws Exception {
        compare(told("redis", name, named, folder, plot), told("node", name, named, folder, plot));
    }

    private static Map<String, Object> told(String program, String name, boolean named, Path folder, Plot plot)
            throws Exception {
        try (Cast cast = new Cast(actor -> program, configuration(name), named, folder.resolve(program))) {
            plot.play(cast);
            return cast.records();
        }
    }

    /** The folder with the compose file of a walk-through, and the files of settings that it mounts. */
    static Path configuration(String name) {
        return Path.of("..", "deploy", "compose", name);
    }

    /** All records, those that differ named each. */
    static void compare(Map<String, Object> real, Map<String, Object> ours) {
        assertThat(ours.keySet()).isEqualTo(real.keySet());
        SoftAssertions all = new SoftAssertions();
        real.forEach((what, expected) -> {
            Object found = ours.get(what);
            if (what.startsWith(TAKES_OVER) && what.contains(": log of ")) {
                return;
            }
            if (what.startsWith(AGAIN) && expected instanceof List<?> events && found instanceof List<?> own) {
                all.assertThat(set(own)).as(what).isEqualTo(set(events));
            } else if (expected instanceof List<?> lines && found instanceof List<?> own && !own.equals(lines)) {
                all.fail(
                        "%s%nreal, not ours: %s%nours, not real: %s%nreal: %s%nours: %s",
                        what,
                        without(lines, own),
                        without(own, lines),
                        String.join("\n      ", strings(lines)),
                        String.join("\n      ", strings(own)));
            } else {
                all.assertThat(found).as(what).isEqualTo(expected);
            }
        });
        all.assertAll();
    }

    private static List<String> strings(List<?> list) {
        return list.stream().map(Object::toString).toList();
    }

    /**
     * Without an order, without the numbers that INFO gives to replicas as they come, and without what an attempt says that the
     * kernel had still taken for a server that was about to end.
     */
    private static TreeSet<String> set(List<?> list) {
        TreeSet<String> set = new TreeSet<>();
        list.forEach(each -> set.add(each.toString().replaceAll("^slave\\d+:", "slave:")));
        set.removeIf(each -> each.contains("Non blocking connect for SYNC fired the event"));
        return set;
    }

    private static List<String> without(List<?> list, List<?> those) {
        return list.stream()
                .filter(each -> !those.contains(each))
                .map(Object::toString)
                .toList();
    }
}
