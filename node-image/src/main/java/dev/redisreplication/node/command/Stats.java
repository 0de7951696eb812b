package dev.redisreplication.node.command;

import java.util.TreeMap;

/** Counters of the whole node for INFO. Written by the event loop; zeroed by CONFIG RESETSTAT. */
public final class Stats {
    /** Connections accepted. */
    public long connectionsReceived;
    /** Connections refused, by maxclients or protected mode. */
    public long connectionsRejected;
    /** Commands executed. */
    public long commands;
    /** Bytes read from clients. */
    public long netInput;
    /** Bytes written to clients. */
    public long netOutput;
    /** Bytes read from the master. */
    public long replInput;
    /** Bytes written to replicas. */
    public long replOutput;
    /** Keys removed because their time was up. */
    public long expiredKeys;
    /** Keys evicted by maxmemory. */
    public long evictedKeys;
    /** Lookups that found a key. */
    public long keyspaceHits;
    /** Lookups that found none. */
    public long keyspaceMisses;
    /** Full resyncs given to replicas. */
    public long syncFull;
    /** Partial resyncs given. */
    public long syncPartialOk;
    /** Partial resyncs refused. */
    public long syncPartialErr;
    /** Error replies. */
    public long errorReplies;
    /** Changes since the last save of the data; never zeroed by RESETSTAT. */
    public long dirty;

    private final TreeMap<String, long[]> errors = new TreeMap<>();

    void countError(String code) {
        errorReplies++;
        long[] count = errors.get(code);
        if (count == null) {
            if (errors.size() >= 128) { // as Redis bounds it: codes may come from scripts
                return;
            }
            count = new long[1];
            errors.put(code, count);
        }
        count[0]++;
    }

    /** Error replies by their code. */
    public TreeMap<String, long[]> errors() {
        return errors;
    }

    void reset() {
        connectionsReceived = 0;
        connectionsRejected = 0;
        commands = 0;
        netInput = 0;
        netOutput = 0;
        replInput = 0;
        replOutput = 0;
        expiredKeys = 0;
        evictedKeys = 0;
        keyspaceHits = 0;
        keyspaceMisses = 0;
        syncFull = 0;
        syncPartialOk = 0;
        syncPartialErr = 0;
        errorReplies = 0;
        errors.clear();
    }
}
