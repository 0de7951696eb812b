package dev.redisreplication.node.log;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Holds lines of the log back that come again and again: of those that differ in numbers only (times, ports, ids, offsets),
 * a few are written in each stretch of time, and afterwards how many were left out. Not thread-safe.
 */
final class LogLimit {
    private static final int WRITTEN = 20; // lines of a kind
    private static final long STRETCH = 10_000; // milliseconds
    private static final int KINDS = 256; // remembered, the oldest is forgotten first
    private static final int LOOKED_AT = 120; // characters at the beginning of a line, which say its kind

    private static final class Kind {
        private final long since;
        private int lines;

        Kind(long since) {
            this.since = since;
        }
    }

    private final Map<String, Kind> kinds = new LinkedHashMap<>();

    /**
     * Whether the line is to be written.
     *
     * @param now monotonic milliseconds
     * @param summary is given a line about each kind of which lines were left out, when its time is over
     */
    boolean takes(String line, long now, Consumer<String> summary) {
        endOver(now, summary);
        return ++kinds.computeIfAbsent(kind(line), _ -> new Kind(now)).lines <= WRITTEN;
    }

    /** In the order in which they began, so that the first ones end first. */
    private void endOver(long now, Consumer<String> summary) {
        var all = kinds.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<String, Kind> oldest = all.next();
            Kind kind = oldest.getValue();
            if (now - kind.since < STRETCH && kinds.size() < KINDS) {
                return;
            }
            all.remove();
            if (kind.lines > WRITTEN) {
                summary.accept((kind.lines - WRITTEN) + " more lines like this were left out within "
                        + (now - kind.since) / 1000 + " seconds: " + oldest.getKey());
            }
        }
    }

    /** How many kinds are remembered. */
    int kinds() {
        return kinds.size();
    }

    private static String kind(String line) {
        StringBuilder kind = new StringBuilder(LOOKED_AT);
        boolean number = false;
        for (int i = 0; i < line.length() && i < LOOKED_AT; i++) {
            char c = line.charAt(i);
            if (c < '0' || c > '9') {
                kind.append(c);
            } else if (!number) {
                kind.append('#');
            }
            number = c >= '0' && c <= '9';
        }
        return kind.toString();
    }
}
