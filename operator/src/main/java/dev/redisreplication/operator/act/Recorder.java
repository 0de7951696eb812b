package dev.redisreplication.operator.act;

import dev.redisreplication.api.v1alpha1.RedisReplicationGroupStatus;
import dev.redisreplication.operator.act.Cluster.Stored;
import dev.redisreplication.operator.act.Cluster.Written;
import dev.redisreplication.operator.ledger.Ledger;
import dev.redisreplication.operator.observe.Mailbox;
import dev.redisreplication.operator.status.StatusViews;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * The one who has the status of a group and writes it. One write is under way at a time, each by compare-and-set. Only the group's loop
 * calls it.
 */
public final class Recorder {

    private static final Logger LOG = Logger.getLogger(Recorder.class);

    private final String group;
    private final Cluster cluster;
    private final Mailbox mailbox;
    private final Pass pass;
    private final Ledger ledger;
    private final Runnable changed;
    private Stored stored;
    private boolean writing;

    /** @param changed called when a write is over */
    public Recorder(String group, Cluster cluster, Mailbox mailbox, Pass pass, Ledger ledger, Runnable changed) {
        this.group = group;
        this.cluster = cluster;
        this.mailbox = mailbox;
        this.pass = pass;
        this.ledger = ledger;
        this.changed = changed;
    }

    /** Takes over the resource as somebody shows it, unless a newer one is known. */
    public void seen(Stored shown) {
        if (stored == null || shown.isNewerThan(stored)) {
            stored = shown;
            ledger.status(StatusViews.of(shown.status()));
        }
    }

    /** Whether the resource is known. */
    public boolean isReady() {
        return stored != null;
    }

    /** Whether a write is under way: no other one can begin. */
    public boolean isWriting() {
        return writing;
    }

    /** The status as last seen or written. */
    public RedisReplicationGroupStatus status() {
        return stored.status();
    }

    /**
     * Writes the status.
     *
     * @param then hears whether it was written for certain, and nobody has changed since what decisions depend on
     */
    public void write(RedisReplicationGroupStatus next, Consumer<Boolean> then) {
        if (writing || !pass.begin()) {
            return;
        }
        writing = true;
        var _ = cluster.write(stored, next)
                .whenComplete((written, failure) -> mailbox.post(() -> over(next, written, failure, then)));
    }

    private void over(RedisReplicationGroupStatus next, Written written, Throwable failure, Consumer<Boolean> then) {
        writing = false;
        try {
            if (failure != null) {
                LOG.warnf(failure, "%s: the status could not be written", group);
            }
            if (written != null && written.now() != null) {
                seen(written.now());
            }
            boolean done = written != null && written.done();
            then.accept(done && StatusViews.of(stored.status()).equals(StatusViews.of(next)));
        } finally {
            changed.run();
            pass.end();
        }
    }
}
