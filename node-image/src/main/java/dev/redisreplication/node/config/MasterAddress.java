package dev.redisreplication.node.config;

/**
 * The directive {@code replicaof}.
 *
 * @param host name or address
 * @param port 1 to 65535
 */
public record MasterAddress(String host, int port) {
    /** Reads a value in canonical form; null for no master. */
    static MasterAddress parse(String canonical) {
        int blank = canonical.indexOf(' ');
        return blank < 0
                ? null
                : new MasterAddress(canonical.substring(0, blank), Integer.parseInt(canonical.substring(blank + 1)));
    }

    /** As the directive has it. */
    String text() {
        return host + " " + port;
    }
}
