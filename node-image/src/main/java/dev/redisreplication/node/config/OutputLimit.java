package dev.redisreplication.node.config;

/**
 * What may wait to be sent to one client.
 *
 * @param hard bytes, 0 for no bound
 * @param soft bytes, 0 for no bound
 * @param softMillis how long the soft bound may be exceeded
 */
public record OutputLimit(long hard, long soft, long softMillis) {
    /** Why a client is closed that exceeds it. */
    public static final String REASON = "it reads slower than client-output-buffer-limit allows";
}
