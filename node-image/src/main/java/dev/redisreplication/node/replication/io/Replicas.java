package dev.redisreplication.node.replication.io;

import static dev.redisreplication.node.config.Directives.CLIENT_OUTPUT_BUFFER_LIMIT;
import static dev.redisreplication.node.config.Directives.REPL_BACKLOG_SIZE;
import static dev.redisreplication.node.config.Directives.REPL_DISKLESS_SYNC;
import static dev.redisreplication.node.config.Directives.REPL_DISKLESS_SYNC_DELAY;
import static dev.redisreplication.node.config.Directives.REPL_DISKLESS_SYNC_MAX_REPLICAS;
import static dev.redisreplication.node.config.Directives.REPL_PING_REPLICA_PERIOD;
import static dev.redisreplication.node.config.Directives.REPL_TIMEOUT;

import dev.redisreplication.node.aof.Persistence;
import dev.redisreplication.node.command.Client;
import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.config.OutputLimit;
import dev.redisreplication.node.history.EffectLog;
import dev.redisreplication.node.history.History;
import dev.redisreplication.node.history.Position;
import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.rdb.DumpJob;
import dev.redisreplication.node.rdb.RdbForm;
import dev.redisreplication.node.replication.SyncBackoff;
import dev.redisreplication.node.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** All replicas of this node. */
public final class Replicas {
    private static final int PING_UNIT = 1000;
    /** How a dump without data is written. */
    private static final DumpJob.Options EMPTY = new DumpJob.Options(true, false, false);

    private final Node node;
    private final Replication replication;
    private final EffectLog log;
    private final List<ReplicaLink> links = new ArrayList<>();
    private final Waiters waiters;
    private final SyncBackoff backoff = new SyncBackoff();

    private long limitedAt = -1; // offset at which it was last looked who lags too far
    private long lastPing;
    private long waitingSince = -1;
    private long aloneSince;

    Replicas(Node node, Replication replication) {
        this.node = node;
        this.replication = replication;
        this.log = replication.log();
        this.waiters = new Waiters(node.suspensions());
        this.aloneSince = node.loop().now();
        this.lastPing = aloneSince;
    }

    public List<ReplicaLink> links() {
        return links;
    }

    public Waiters waiters() {
        return waiters;
    }

    boolean isEmpty() {
        return links.isEmpty();
    }

    /** Monotonic milliseconds since when nobody could need the backlog: this node has no replica and is none. */
    long aloneSince() {
        return aloneSince;
    }

    /** The link behind a client, made at its first REPLCONF. */
    public ReplicaLink of(Client client) {
        if (client.attachment() instanceof ReplicaLink link) {
            return link;
        }
        ReplicaLink link = new ReplicaLink(client, this, log, node.loop().now());
        client.attach(link);
        return link;
    }

    /**
     * PSYNC: goes on with the stream, or begins with a dump.
     *
     * @param nextByte number of the next byte wanted, counted from 1
     */
    public void psync(Client client, String replid, long nextByte) {
        ReplicaLink link = of(client);
        if (!link.runId().isEmpty()) {
            // Whoever comes anew has left its old connection, even if that one has not noticed: no second vote.
            new ArrayList<>(links)
                    .stream()
                            .filter(old -> old != link && old.runId().equals(link.runId()))
                            .forEach(old -> old.close("the same replica connected anew"));
        }
        Log.notice("Replica " + link.name() + " asks for synchronization");
        String refusal = whyNotFrom(link, replid, nextByte);
        add(link);
        if (refusal == null) {
            long offset = nextByte - 1;
            node.stats().syncPartialOk++;
            Log.notice("Partial resynchronization request from " + link.name() + " accepted. Sending "
                    + (log.end() - offset) + " bytes of backlog starting from offset " + nextByte + ".");
            link.resume(offset, replication.history());
            return;
        }
        if (!replid.equals("?")) {
            node.stats().syncPartialErr++;
        }
        sendAll(link, true);
    }

    /** Why a replica cannot go on from there, which is in the log then; or null. */
    private String whyNotFrom(ReplicaLink link, String replid, long nextByte) {
        History history = replication.history();
        boolean backlog = replication.isLogging() && nextByte - 1 >= log.start() && nextByte - 1 <= log.end();
        if (history.covers(replid, nextByte) && backlog) {
            return null;
        }
        String why;
        if (replid.equals("?")) {
            why = "Full resync requested by replica " + link.name();
        } else if (history.covers(replid, nextByte)) {
            why = "Unable to partial resync with replica " + link.name() + " for lack of backlog (Replica request was: "
                    + nextByte + ").";
        } else if (replid.equalsIgnoreCase(history.replid2())) {
            why = "Partial resynchronization not accepted: Requested offset for second ID was " + nextByte
                    + ", but I can reply up to " + history.secondOffset();
        } else {
            why = "Partial resynchronization not accepted: Replication ID mismatch (Replica asked for '"
                    + shown(replid) + "', my replication IDs are '" + history.replid() + "' and '"
                    + history.replid2() + "')";
        }
        Log.notice(why);
        return why;
    }

    private static String shown(String replid) {
        return replid.substring(0, Math.min(replid.length(), 100));
    }

    /** SYNC: a dump and the stream, without a word about the history. */
    public void sync(Client client) {
        ReplicaLink link = of(client);
        Log.notice("Replica " + link.name() + " asks for synchronization");
        add(link);
        sendAll(link, false);
    }

    private void add(ReplicaLink link) {
        links.add(link);
        aloneSince = node.loop().now();
        replication.startLogging();
    }

    private void sendAll(ReplicaLink link, boolean byPsync) {
        node.stats().syncFull++;
        long now = now();
        long pause = backoff.waitMillis(link.name(), now);
        link.awaitDump(byPsync, now + pause);
        if (link.wantsNoKeys()) {
            sendEmpty(link);
            return;
        }
        if (pause > 0) {
            Log.notice("Delay next full resync with replica " + link.name() + " for " + pause + " milliseconds");
            return; // the cron looks after it
        }
        if (waitingSince < 0) {
            waitingSince = now;
        }
        DumpJob running = replication.persistence().jobs().running();
        if (running != null) {
            Log.notice("Waiting for end of BGSAVE for SYNC");
        } else if (delayMillis(List.of(link)) > 0) {
            Log.notice("Delay next BGSAVE for diskless SYNC");
        }
        node.loop().after(0, this::provideDump);
    }

    private boolean diskless() {
        return node.settings().get(REPL_DISKLESS_SYNC);
    }

    /** How long more replicas may come that get the same dump. Those of a managed node come when they are sent. */
    private long delayMillis(List<ReplicaLink> waiting) {
        boolean stream = diskless() && waiting.stream().allMatch(ReplicaLink::knowsEndMark);
        long most = node.settings().get(REPL_DISKLESS_SYNC_MAX_REPLICAS);
        boolean enough = most > 0 && waiting.size() >= most;
        boolean waits = stream && !enough && !replication.isManaged();
        return waits ? node.settings().get(REPL_DISKLESS_SYNC_DELAY) * 1000 : 0;
    }

    /** A dump without data for one replica, apart from that of the others. */
    private void sendEmpty(ReplicaLink link) {
        Path file = replication.persistence().temporary("sync");
        replication.effects().forgetSelected();
        Position position = replication.position();
        try (Store empty = new Store(1)) {
            DumpJob job = new DumpJob(
                    node.loop(),
                    empty,
                    node.disk(),
                    file,
                    new RdbForm(position.facts()),
                    EMPTY,
                    new DumpJob.Listener() {
                        @Override
                        public void finished() {
                            // Looked at below, as is a failure.
                        }

                        @Override
                        public void failed(String reason) {
                            Log.warning("A dump for a replica could not be made: " + reason);
                        }
                    });
            Files.deleteIfExists(file);
            job.retain();
            job.finishNow();
            if (job.isComplete()) {
                link.attach(job, position.history(), position.offset(), true);
            } else {
                link.dumpFailed();
            }
            job.release();
        } catch (IOException e) {
            Log.warning("A dump for a replica could not be made: " + e.getMessage());
            link.dumpFailed();
        }
    }

    /** Gives those who wait for a dump the one that is being made, if the log still reaches back, or a new one. */
    private void provideDump() {
        long now = now();
        List<ReplicaLink> waiting =
                links.stream().filter(link -> link.needsDump(now)).toList();
        if (waiting.isEmpty()) {
            waitingSince = -1;
            return;
        }
        if (waitingSince < 0) {
            waitingSince = now;
        }
        DumpJob running = replication.persistence().jobs().running();
        if (running != null) {
            Position began = replication.persistence().jobs().began();
            // Without a position: begun before changes were logged, so nobody could go on from it.
            if (began != null && began.offset() >= log.start()) {
                waiting.forEach(link -> link.attach(running, began.history(), began.offset(), diskless()));
            }
            return;
        }
        if (now - waitingSince < delayMillis(waiting)) {
            return; // the cron asks again
        }
        startDump(waiting);
    }

    private void startDump(List<ReplicaLink> waiting) {
        Persistence persistence = replication.persistence();
        replication.effects().forgetSelected();
        Position position = replication.position();
        Path file = persistence.temporary("sync");
        boolean stream = diskless() && waiting.stream().allMatch(ReplicaLink::knowsEndMark);
        long pid = ProcessHandle.current().pid();
        Log.notice("Starting BGSAVE for SYNC with target: " + (stream ? "replicas sockets" : "disk"));
        try {
            DumpJob job = persistence.jobs().start(file, position, false, new DumpJob.Listener() {
                @Override
                public void progress() {
                    new ArrayList<>(links).forEach(ReplicaLink::sendDump);
                }

                @Override
                public void finished() {
                    if (!stream) {
                        Log.child("DB saved on disk");
                    }
                    Log.notice(
                            stream
                                    ? "Background RDB transfer terminated with success"
                                    : "Background saving terminated with success");
                    progress();
                    provideDump();
                }

                @Override
                public void failed(String reason) {
                    Log.warning((stream ? "Background transfer error: " : "Background saving error: ") + reason);
                    new ArrayList<>(links).forEach(ReplicaLink::dumpFailed);
                }
            });
            Log.notice(
                    (stream ? "Background RDB transfer started by pid " : "Background saving started by pid ") + pid);
            // Only open descriptors keep it: nothing is left behind by a crash.
            Files.deleteIfExists(file);
            waiting.forEach(link -> link.attach(job, position.history(), position.offset(), stream));
        } catch (IOException e) {
            Log.warning("A dump for replicas could not be begun: " + e.getMessage());
            waiting.forEach(ReplicaLink::dumpFailed);
        }
    }

    /** Phase REPLICAS: before the append-only file and before replies. */
    void feed() {
        for (int i = 0; i < links.size(); i++) {
            links.get(i).feed();
        }
        if (log.end() != limitedAt) {
            closeFlooded();
        }
    }

    /** Who lags too far ends, when the log grows or time goes by: what waits for it is kept for all in the log, once. */
    private void closeFlooded() {
        limitedAt = log.end();
        if (links.isEmpty()) {
            return;
        }
        OutputLimit limit = node.settings().get(CLIENT_OUTPUT_BUFFER_LIMIT).replica();
        long backlogSize = node.settings().get(REPL_BACKLOG_SIZE);
        long now = now();
        for (int i = links.size() - 1; i >= 0; i--) { // one that is closed takes itself out
            links.get(i).closeIfFlooded(limit, backlogSize, now);
        }
    }

    /** Monotonic milliseconds. */
    long now() {
        return node.loop().now();
    }

    void counted(long bytes) {
        node.stats().replOutput += bytes;
    }

    /** The oldest offset that a replica still needs. */
    long neededFrom() {
        long oldest = Long.MAX_VALUE;
        for (ReplicaLink link : links) {
            oldest = Math.min(oldest, link.cursor());
        }
        return oldest;
    }

    void lost(ReplicaLink link, String reason) {
        if (links.remove(link)) {
            aloneSince = node.loop().now();
            Log.warning("Connection with replica " + link.name() + " lost. (" + reason + ")");
        }
    }

    /**
     * A replica got everything, or was to get it, and it led to nothing: the next time it waits.
     *
     * @param streamed for how many milliseconds it was in the stream
     */
    void fedInVain(ReplicaLink link, long streamed, String why) {
        if (link.port() == 0) {
            return; // it has no name to be known by
        }
        int inARow = backoff.failed(link.name(), streamed, now());
        if (inARow > 1) {
            Log.warning(
                    "Full resyncs with replica " + link.name() + " lead to nothing, " + inARow + " in a row: " + why);
        }
    }

    /** A replica got a whole dump and ended the link without a word: it may be unable to read it. */
    void leftWithDump(ReplicaLink link) {
        fedInVain(link, 0, "it left without a word when it had the whole dump");
        if (node.store().timedHashes() > 0) {
            Log.warning("Replica " + link.name() + " left without a word when it had the whole dump, in which there are"
                    + " fields of hashes that expire: only Redis from 7.4 on can read them.");
        }
    }

    /** Ends all links without a word in the log: the process ends. */
    void end(String reason) {
        List<ReplicaLink> all = List.copyOf(links);
        links.clear();
        all.forEach(link -> link.close(reason));
    }

    void closeAll(String reason) {
        new ArrayList<>(links).forEach(link -> link.close(reason));
    }

    /** REPLCONF ACK. */
    public void acknowledged(ReplicaLink link, long offset) {
        link.acknowledge(offset, node.loop().now());
        if (replication.failover().isOn()) {
            node.loop().execute(replication.failover()::check); // it exchanges what this command runs in
        }
        waiters.check();
    }

    /** How many have everything up to an offset. */
    public int countAcked(long offset) {
        int count = 0;
        for (ReplicaLink link : links) {
            if (link.isOnline() && link.acked() >= offset) {
                count++;
            }
        }
        return count;
    }

    /** How many have everything up to an offset in their append-only files, on disk. */
    public int countAofAcked(long offset) {
        int count = 0;
        for (ReplicaLink link : links) {
            if (link.isOnline() && link.aofAcked() >= offset) {
                count++;
            }
        }
        return count;
    }

    /** Whether every one has acknowledged all there is. */
    boolean haveEverything() {
        return links.stream().allMatch(link -> link.acked() == log.end());
    }

    /** How many were introduced with this term. */
    int countOfTerm(long term) {
        return (int) links.stream().filter(link -> link.term() == term).count();
    }

    /** Says in the log who lacks what, in Redis' words. */
    void reportLags() {
        if (links.isEmpty()) {
            return;
        }
        long now = node.loop().now();
        int lagging = 0;
        for (ReplicaLink link : links) {
            if (link.acked() != log.end()) {
                lagging++;
                Log.warning("Lagging replica " + link.name() + " reported offset "
                        + (log.end() - link.acked()) + " behind master, lag="
                        + (link.isOnline() ? link.secondsSinceAck(now) : 0) + ", state=" + link.stateName() + ".");
            }
        }
        Log.notice((links.size() - lagging) + " of " + links.size() + " replicas are in sync when shutting down.");
    }

    /** The dump that was being made will not be completed: whoever waits for it begins anew. */
    void dumpIsGivenUp() {
        links.stream().filter(ReplicaLink::getsDump).toList().forEach(ReplicaLink::dumpFailed);
    }

    /** How many are online and acknowledged within so many seconds. */
    int countGood(long maxLagSeconds) {
        long now = node.loop().now();
        int count = 0;
        for (ReplicaLink link : links) {
            if (link.isOnline() && link.secondsSinceAck(now) <= maxLagSeconds) {
                count++;
            }
        }
        return count;
    }

    /** The clock readings that the managed replicas of a term returned. */
    long[] echoes(long term) {
        return links.stream()
                .filter(link -> link.isOnline() && link.term() == term)
                .mapToLong(ReplicaLink::echo)
                .toArray();
    }

    /** Once a second. */
    void cron() {
        long now = node.loop().now();
        if (!links.isEmpty() || replication.link() != null) {
            aloneSince = now;
        }
        links.forEach(ReplicaLink::signOfLife);
        long period = node.settings().get(REPL_PING_REPLICA_PERIOD) * PING_UNIT;
        if (replication.mayPing() && !links.isEmpty() && now - lastPing >= period) {
            lastPing = now;
            replication.effects().appendSignal("PING");
        }
        long timeout = node.settings().get(REPL_TIMEOUT);
        for (ReplicaLink link : new ArrayList<>(links)) {
            if (link.isOnline() && !link.isSilent() && link.secondsSinceAck(now) > timeout) {
                Log.warning("Disconnecting timedout replica (streaming sync): " + link.name());
                link.close("no acknowledgement for " + timeout + " seconds");
            } else if (link.isStuck(timeout * 1000, now)) {
                Log.warning("Disconnecting timedout replica (full sync): " + link.name());
                link.close("it took nothing of its dump for " + timeout + " seconds");
            }
        }
        closeFlooded();
        provideDump();
    }
}
