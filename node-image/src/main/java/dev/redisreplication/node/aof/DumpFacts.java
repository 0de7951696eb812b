package dev.redisreplication.node.aof;

import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.history.Position;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the header of a dump says about its origin. */
final class DumpFacts {
    /** The version of Redis whose format and commands these are; Redis itself only prints it when loading. */
    private static final String REDIS_VERSION = "7.0.15";

    private DumpFacts() {}

    static Map<String, String> of(Node node, Position position, boolean base) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("redis-ver", REDIS_VERSION);
        facts.put("redis-bits", "64");
        facts.put("ctime", Long.toString(System.currentTimeMillis() / 1000));
        facts.put("used-mem", Long.toString(node.store().usedMemory()));
        if (position != null) {
            facts.putAll(position.facts());
        }
        facts.put("aof-base", base ? "1" : "0");
        return facts;
    }
}
