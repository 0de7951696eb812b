package dev.redisreplication.sandbox.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redisreplication.sandbox.json.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Takes a group's master away while a client writes, and finds out what that cost. */
public final class Failover {
    /** How long each step may take unless told otherwise. */
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Group group;
    private final Writer writer;
    private final Duration patience;

    /**
     * What a failover cost.
     *
     * @param from the master that was taken away
     * @param to the one that was promoted
     * @param offset the offset at which it was
     * @param toFirstWrite from the signal to the first accepted write
     * @param steps the operator's own account of it in the status: {@code detect 5, term 12, ...} in milliseconds
     * @param acknowledged writes acknowledged before the signal
     * @param missing how many of these are gone
     * @param replicated how many of them a replica was known to have, too
     * @param replicatedMissing how many of those are gone
     */
    public record Outcome(
            String from,
            String to,
            String offset,
            Duration toFirstWrite,
            String steps,
            int acknowledged,
            int missing,
            int replicated,
            int replicatedMissing) {}

    public Failover(Group group, Writer writer) {
        this(group, writer, PATIENCE);
    }

    /** With another limit for each step. */
    public Failover(Group group, Writer writer, Duration patience) {
        this.group = group;
        this.writer = writer;
        this.patience = patience;
    }

    /**
     * Waits until the group is whole and has acknowledged writes since this call, some of them known to be at a replica:
     * before that, to kill a master shows nothing.
     *
     * @throws IllegalStateException when that does not happen in time
     */
    public void awaitWrites() {
        Ledger.Snapshot before = writer.ledger().snapshot();
        int acknowledged = before.acknowledged().cardinality();
        int replicated = before.replicated().cardinality();
        if (!Group.await(patience, () -> {
            Ledger.Snapshot now = writer.ledger().snapshot();
            return now.acknowledged().cardinality() > acknowledged
                    && now.replicated().cardinality() > replicated
                    && group.isReady();
        })) {
            Ledger.Snapshot now = writer.ledger().snapshot();
            throw new IllegalStateException("nothing to kill a master for: in " + patience.toSeconds() + " s "
                    + (now.acknowledged().cardinality() - acknowledged) + " writes were acknowledged, "
                    + (now.replicated().cardinality() - replicated) + " of them known at a replica, and the group is "
                    + group.status("phase") + "; the client's last error: " + trouble());
        }
    }

    private String trouble() {
        return writer.trouble().isEmpty() ? "none" : writer.trouble();
    }

    /**
     * Sends the master a signal, waits until a write is accepted again and a new master is in the status, and counts.
     *
     * @param signal {@code KILL} or {@code STOP}
     * @throws IllegalStateException when that does not happen in time, or when there is no master or no acknowledged write
     */
    public Outcome run(String signal) throws IOException {
        String from = group.status("master");
        if (from.isEmpty()) {
            throw new IllegalStateException("there is no master: the group is " + group.status("phase"));
        }
        Ledger ledger = writer.ledger();
        long pid = group.pid(from);
        Ledger.Snapshot before = ledger.watch();
        if (before.acknowledged().isEmpty()) {
            throw new IllegalStateException(
                    "no write has been acknowledged that could be lost; the client's last error: " + trouble());
        }
        long start = System.nanoTime();
        if (signal.equals("KILL")) {
            group.kill(from);
        } else {
            group.signal(from, signal);
        }
        if (!Group.await(patience, () -> ledger.firstNewAck() != 0)) {
            throw new IllegalStateException("no write was accepted in " + patience.toSeconds() + " s after " + from
                    + " (process " + pid + ") got SIG" + signal + "; the client's last error: " + trouble());
        }
        Duration time = Duration.ofNanos(ledger.firstNewAck() - start);
        if (!Group.await(patience, () -> {
            String master = group.status("master");
            return !master.isEmpty() && group.status("phase").matches("Ready|Degraded");
        })) {
            throw new IllegalStateException("writes are accepted, but the status names no master: "
                    + Json.write(group.resource().path("status")));
        }
        JsonNode last = Json.at(group.resource(), "status", "lastFailover");
        String to = Json.text(last, "to").isEmpty() ? group.status("master") : Json.text(last, "to");
        String offset = "";
        for (JsonNode candidate : last.path("candidates")) {
            if (Json.text(candidate, "name").equals(to)) {
                offset = Json.text(candidate, "offset");
            }
        }
        BitSet missing = writer.missing(before.acknowledged());
        BitSet known = (BitSet) missing.clone();
        known.and(before.replicated());
        return new Outcome(
                from,
                to,
                offset,
                time,
                steps(last),
                before.acknowledged().cardinality(),
                missing.cardinality(),
                before.replicated().cardinality(),
                known.cardinality());
    }

    /** The operator's own account of the last failover: {@code detect 5, term 12, ...} in milliseconds. */
    public String steps() {
        return steps(Json.at(group.resource(), "status", "lastFailover"));
    }

    private static String steps(JsonNode lastFailover) {
        List<String> steps = new ArrayList<>();
        lastFailover
                .path("milliseconds")
                .properties()
                .forEach(e -> steps.add(e.getKey() + " " + e.getValue().asText()));
        return String.join(", ", steps);
    }

    /** Waits for every member to be back and in step. */
    public boolean awaitReady() {
        return Group.await(patience, group::isReady);
    }

    /** Lets the client write for a while. */
    public static void write(Duration time) {
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
