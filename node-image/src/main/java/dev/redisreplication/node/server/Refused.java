package dev.redisreplication.node.server;

import dev.redisreplication.node.config.Directive;
import dev.redisreplication.node.log.Log;

/** What the log says of a change that was refused, in Redis' words. */
final class Refused {
    private Refused() {}

    static void log(Directive<?> directive) {
        Log.warning("Failed applying new configuration. Possibly related to new " + directive
                + " setting. Restoring previous settings.");
    }
}
