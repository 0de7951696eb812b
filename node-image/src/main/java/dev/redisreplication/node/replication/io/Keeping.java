package dev.redisreplication.node.replication.io;

import static dev.redisreplication.node.config.Directives.REPLICA_IGNORE_DISK_WRITE_ERRORS;
import static dev.redisreplication.node.config.Directives.STOP_WRITES_ON_BGSAVE_ERROR;

import dev.redisreplication.node.aof.Persistence;
import dev.redisreplication.node.config.Settings;
import dev.redisreplication.node.history.EffectLog;

/** Whether this node can keep what it has logged, and how far it may say so. On the event loop. */
final class Keeping {
    private final Settings settings;
    private final Persistence persistence;
    private final EffectLog log;
    private final Runnable written;
    /** See {@link #acknowledgeable}. */
    private long keptOffset;

    /** @param written called when the disk was handed something: whether it is kept decides what is accepted next */
    Keeping(Settings settings, Persistence persistence, EffectLog log, Runnable written) {
        this.settings = settings;
        this.persistence = persistence;
        this.log = log;
        this.written = written;
    }

    /** Hands the disk what is new. */
    void write() {
        if (persistence.logPhase()) {
            written.run();
        }
    }

    /**
     * Why this node cannot keep data: its append-only file or its dumps cannot be written, as far as its settings let that
     * refuse writes. Null while all is well.
     */
    String problem() {
        boolean dumpsCount = settings.get(STOP_WRITES_ON_BGSAVE_ERROR);
        String problem = persistence.isLogging() || dumpsCount ? persistence.problem() : null;
        if (problem != null) {
            return problem;
        }
        return dumpsCount && persistence.dumpsFail() ? "the last dump could not be saved" : null;
    }

    /**
     * The offset up to which this node may tell its master that it has the data. A replica that cannot keep what it applies stands
     * still here, lest WAIT count it, unless replica-ignore-disk-write-errors is set.
     */
    long acknowledgeable() {
        write(); // what cannot be written shows before it is acknowledged
        if (problem() == null || settings.get(REPLICA_IGNORE_DISK_WRITE_ERRORS)) {
            keptOffset = log.end();
        }
        return Math.min(keptOffset, log.end());
    }

    /** The data were exchanged by a dump, which may itself be what cannot be kept. */
    void startAnew() {
        keptOffset = 0;
    }
}
