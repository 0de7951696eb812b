package dev.redisreplication.node.command;

import dev.redisreplication.node.net.Loop;
import java.util.Map;
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
    /** Bytes read from the master. */
    public long replInput;
    /** Bytes written to replicas. */
    public long replOutput;
    /** Keys removed because their time was up. */
    public long expiredKeys;
    /** Keys evicted by maxmemory. */
    public long evictedKeys;
    /** Full resyncs given to replicas. */
    public long syncFull;
    /** Partial resyncs given. */
    public long syncPartialOk;
    /** Partial resyncs refused. */
    public long syncPartialErr;
    /** Requests that were not RESP. */
    public long protocolErrors;
    /** Errors that commands gave which came from the master or the append-only file. */
    public long unexpectedErrors;
    /** Error replies. */
    public long errorReplies;
    /** Changes since the last save of the data; never zeroed by RESETSTAT. */
    public long dirty;

    private final TreeMap<String, long[]> errors = new TreeMap<>();

    private final Loop loop;
    private long sentBefore;
    private long readsBefore;
    private long writesBefore;

    Stats(Loop loop) {
        this.loop = loop;
    }

    /** Bytes written to all connections. */
    public long netOutput() {
        return loop.bytesSent() - sentBefore;
    }

    /** Reads of sockets that gave something. */
    public long reads() {
        return loop.reads() - readsBefore;
    }

    /** Writes to sockets. */
    public long writes() {
        return loop.writes() - writesBefore;
    }

    private static final int SAMPLES = 16;
    private final long[] sampledCommands = new long[SAMPLES];
    private final long[] sampledInput = new long[SAMPLES];
    private final long[] sampledOutput = new long[SAMPLES];
    private int samples;
    private long sampledAt;
    private long commandsThen;
    private long inputThen;
    private long outputThen;
    private long peakMemory;

    /** Notes the rates since the last sample; {@code now} in monotonic milliseconds. */
    public void sample(long now) {
        long span = now - sampledAt;
        if (sampledAt != 0 && span > 0) {
            int i = samples++ % SAMPLES;
            sampledCommands[i] = Math.max(0, commands - commandsThen) * 1000 / span;
            sampledInput[i] = Math.max(0, netInput - inputThen) * 1000 / span;
            sampledOutput[i] = Math.max(0, netOutput() - outputThen) * 1000 / span;
        }
        sampledAt = now;
        commandsThen = commands;
        inputThen = netInput;
        outputThen = netOutput();
    }

    /** Commands in a second, of late. */
    public long commandsPerSecond() {
        return mean(sampledCommands);
    }

    /** Bytes read in a second, of late. */
    public long inputPerSecond() {
        return mean(sampledInput);
    }

    /** Bytes written in a second, of late. */
    public long outputPerSecond() {
        return mean(sampledOutput);
    }

    private static long mean(long[] values) {
        long sum = 0;
        for (long v : values) {
            sum += v;
        }
        return sum / SAMPLES;
    }

    /** Notes the memory used by data. */
    public void peak(long bytes) {
        peakMemory = Math.max(peakMemory, bytes);
    }

    /** The most memory that data used since the start. */
    public long peakMemory() {
        return peakMemory;
    }

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
    public Map<String, long[]> errors() {
        return errors;
    }

    void reset() {
        connectionsReceived = 0;
        connectionsRejected = 0;
        commands = 0;
        netInput = 0;
        sentBefore = loop.bytesSent();
        readsBefore = loop.reads();
        writesBefore = loop.writes();
        replInput = 0;
        replOutput = 0;
        expiredKeys = 0;
        evictedKeys = 0;
        syncFull = 0;
        syncPartialOk = 0;
        syncPartialErr = 0;
        errorReplies = 0;
        unexpectedErrors = 0;
        protocolErrors = 0;
        errors.clear();
    }
}
