package dev.redisreplication.cluster;

import java.util.Map;

/** The images under test, built once in a run. */
final class Images {
    private static boolean built;

    private Images() {}

    /** Builds both by {@code deploy/images/build}, unless an earlier test did. */
    static synchronized void build() {
        if (!built) {
            Shell.run(15, Map.of(), "deploy/images/build");
            built = true;
        }
    }
}
