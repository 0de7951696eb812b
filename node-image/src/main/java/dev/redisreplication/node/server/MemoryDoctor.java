package dev.redisreplication.node.server;

import java.util.ArrayList;
import java.util.List;

/** MEMORY DOCTOR: says what is not as it should be, and what helps. */
final class MemoryDoctor {
    private static final long LITTLE = 5 << 20;
    private static final long MANY_BYTES = 10 << 20;
    private static final long LARGE_CLIENT = 200 << 10;
    private static final double HIGH_PEAK = 1.5;
    private static final double HIGH_FRAGMENTATION = 1.4;

    private MemoryDoctor() {}

    /**
     * The report.
     *
     * @param peak the most bytes that were ever used
     * @param reserved bytes mapped for the data
     * @param clients how many there are
     */
    static String report(MemoryFigures now, long peak, long reserved, int clients) {
        if (now.data() < LITTLE) {
            return "There is too little data to say anything about its memory.\n";
        }
        List<String> found = new ArrayList<>();
        if (peak > HIGH_PEAK * now.used()) {
            found.add(
                    "Peak: at some time %s were used, now it is %s. The heap of the JVM may still be as large as it was."
                            .formatted(Sizes.human(peak), Sizes.human(now.used())));
        }
        if (reserved > HIGH_FRAGMENTATION * now.data() && reserved - now.data() > MANY_BYTES) {
            found.add(
                    "Fragmentation: %s are mapped for %s of data, as values of other sizes were there before. New values"
                                    .formatted(Sizes.human(reserved), Sizes.human(now.data()))
                            + " fill the holes; a restart closes them.");
        }
        if (clients > 0 && now.normalClients() / clients > LARGE_CLIENT) {
            found.add(
                    "Clients: their buffers take %s, more than 200K each. CLIENT LIST names those that do not read what they"
                                    .formatted(Sizes.human(now.normalClients()))
                            + " asked for; maxmemory-clients and client-output-buffer-limit bound them.");
        }
        if (now.replicas() > MANY_BYTES) {
            found.add("Replicas: %s wait for replicas that read more slowly than this node writes."
                    .formatted(Sizes.human(now.replicas())));
        }
        if (found.isEmpty()) {
            return "No problem with memory was found.\n";
        }
        StringBuilder text = new StringBuilder();
        found.forEach(problem -> text.append(" * ").append(problem).append('\n'));
        return text.toString();
    }
}
