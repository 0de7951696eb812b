package dev.redisreplication.node.command;

import dev.redisreplication.node.net.Loop;
import java.util.Arrays;
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
    /** Fields of hashes removed because their time was up. */
    public long expiredFields;
    /** Keys evicted by maxmemory. */
    public long evictedKeys;
    /** Clients closed by maxmemory-clients. */
    public long evictedClients;
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
    /** Dumps begun, by SAVE, BGSAVE and save points. */
    public long dumps;
    /** Rewrites of the append-only file begun. */
    public long rewrites;
    /** Times that the append-only file was to be forced to the disk while that was still under way. */
    public long delayedSyncs;
    /** Dumps of a master that are being loaded asynchronously, as Redis calls it ({@code async_loading}); never zeroed. */
    public int asyncLoads;
    /** Changes since the last save of the data; never zeroed by RESETSTAT. */
    public long dirty;

    /** What users might not do, by {@link Denial.Reason}. */
    public final long[] denials = new long[Denial.Reason.values().length];

    private final TreeMap<String, long[]> errors = new TreeMap<>();

    private CommandStats[] commandStats = {};
    private long errorsBefore;
    private final Loop loop;
    private long sentBefore;
    private long readsBefore;
    private long writesBefore;

    Stats(Loop loop) {
        this.loop = loop;
    }

    /** How many rows are counted, each for itself. */
    void rows(int count) {
        commandStats = new CommandStats[count];
        Arrays.setAll(commandStats, i -> new CommandStats());
    }

    /** Figures of the command of {@code row}. */
    public CommandStats of(CommandRow row) {
        return commandStats[row.index];
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

    private final Rate commandRate = new Rate();
    private final Rate inputRate = new Rate();
    private final Rate outputRate = new Rate();
    private final Rate replInputRate = new Rate();
    private final Rate replOutputRate = new Rate();
    private final ExpiryStats expiry = new ExpiryStats();
    private final ExceededTime exceededTime = new ExceededTime();
    private long sampledAt;
    private long peakMemory;
    private long lastLoadKeys;

    /** Notes what the dump held that was just loaded. */
    public void loaded(long keys) {
        lastLoadKeys = keys;
    }

    /** Keys that the last dump brought which was loaded; never zeroed. */
    public long lastLoadKeys() {
        return lastLoadKeys;
    }

    /** Notes the rates since the last sample; {@code now} in monotonic milliseconds. */
    public void sample(long now) {
        long span = sampledAt == 0 ? 0 : now - sampledAt;
        sampledAt = now;
        commandRate.sample(commands, span);
        inputRate.sample(netInput + replInput, span);
        outputRate.sample(netOutput(), span);
        replInputRate.sample(replInput, span);
        replOutputRate.sample(replOutput, span);
    }

    /** Commands in a second, of late. */
    public long commandsPerSecond() {
        return commandRate.mean();
    }

    /** Bytes read in a second, of late; from the master as well. */
    public long inputPerSecond() {
        return inputRate.mean();
    }

    /** Bytes written in a second, of late; to replicas as well. */
    public long outputPerSecond() {
        return outputRate.mean();
    }

    /** Bytes read from the master in a second, of late. */
    public long replInputPerSecond() {
        return replInputRate.mean();
    }

    /** Bytes written to replicas in a second, of late. */
    public long replOutputPerSecond() {
        return replOutputRate.mean();
    }

    /** The search for keys whose time is over. */
    public ExpiryStats expiry() {
        return expiry;
    }

    /** Times with more memory than maxmemory. */
    public ExceededTime exceededTime() {
        return exceededTime;
    }

    /** Notes the memory used: all of it, as {@code used_memory} says it. */
    public void peak(long bytes) {
        peakMemory = Math.max(peakMemory, bytes);
    }

    /** The most memory that was found to be used since the start. */
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

    /** The errors so far are not by the command that runs. */
    void commandBegins() {
        errorsBefore = errorReplies;
    }

    /**
     * A command ends: whether any error was counted since the last one began or ended. It is by this one, then, be it its own answer or
     * that of a client whose wait it has ended.
     */
    boolean commandFailed() {
        boolean failed = errorReplies != errorsBefore;
        errorsBefore = errorReplies;
        return failed;
    }

    /** Error replies by their code. */
    public Map<String, long[]> errors() {
        return errors;
    }

    void reset() {
        for (CommandStats each : commandStats) {
            each.reset();
        }
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
        expiredFields = 0;
        evictedKeys = 0;
        evictedClients = 0;
        syncFull = 0;
        syncPartialOk = 0;
        syncPartialErr = 0;
        errorReplies = 0;
        errorsBefore = 0;
        unexpectedErrors = 0;
        protocolErrors = 0;
        delayedSyncs = 0;
        dumps = 0;
        rewrites = 0;
        expiry.reset();
        exceededTime.reset();
        errors.clear();
        Arrays.fill(denials, 0);
    }
}
