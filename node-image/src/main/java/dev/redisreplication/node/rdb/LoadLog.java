package dev.redisreplication.node.rdb;

import dev.redisreplication.node.log.Log;
import java.util.Locale;
import java.util.Map;

/** What the log says of a dump that was loaded, in Redis' words. From any thread. */
public final class LoadLog {
    private static final double MEGABYTE = 1 << 20;
    private static final String NUMBER = "\\d{1,18}";

    private LoadLog() {}

    /**
     * Says where the dump is from, how old it is, and how many keys it has.
     *
     * @param base whether it is the base of an append-only file
     */
    public static void loaded(DumpFile.Loaded dump, boolean base) {
        Map<String, String> facts = dump.facts();
        String version = facts.get("redis-ver");
        if (version != null) {
            Log.notice("Loading RDB produced by version " + version);
        }
        String made = facts.getOrDefault("ctime", "");
        if (made.matches(NUMBER)) {
            long age = System.currentTimeMillis() / 1000 - Long.parseLong(made);
            Log.notice("RDB age " + Math.max(0, age) + " seconds");
        }
        String memory = facts.getOrDefault("used-mem", "");
        if (memory.matches(NUMBER)) {
            double megabytes = Long.parseLong(memory) / MEGABYTE;
            Log.notice(String.format(Locale.ROOT, "RDB memory usage when created %.2f Mb", megabytes));
        }
        if (base) {
            Log.notice("RDB is base AOF");
        }
        Log.notice("Done loading RDB, keys loaded: " + dump.keys() + ", keys expired: 0."); // loading expires nothing
    }
}
