package dev.redisreplication.node.sentinel;

import java.util.function.Supplier;

/** What is configured for all masters. */
final class Globals {
    String announceIp = "";
    int announcePort;
    String sentinelUser = "";
    String sentinelPass = "";
    boolean denyScripts = true;
    boolean resolveHostnames;
    boolean announceHostnames;
    Supplier<String> requirePass = () -> "";

    /** The password that other Sentinels take: the one configured, or the one that this Sentinel itself takes. */
    String sentinelPass() {
        return sentinelPass.isEmpty() ? requirePass.get() : sentinelPass;
    }
}
