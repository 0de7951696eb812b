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
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Group group;
    private final Writer writer;

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
        this.group = group;
        this.writer = writer;
    }

    /**
     * Sends the master a signal, waits until a write is accepted again and a new master is in the status, and counts.
     *
     * @param signal {@code KILL} or {@code STOP}
     * @throws IllegalStateException when that does not happen in a minute
     */
    public Outcome run(String signal) throws IOException {
        String from = group.status("master");
        Ledger ledger = writer.ledger();
        long pid = group.pid(from);
        Ledger.Snapshot before = ledger.watch();
        long start = System.nanoTime();
        if (signal.equals("KILL")) {
            group.kill(from);
        } else {
            group.signal(from, signal);
        }
        if (!Group.await(PATIENCE, () -> ledger.firstNewAck() != 0)) {
            throw new IllegalStateException("no write was accepted in " + PATIENCE.toSeconds() + " s after " + from
                    + " (process " + pid + ") got SIG" + signal + "; the client's last error: " + writer.trouble());
        }
        Duration time = Duration.ofNanos(ledger.firstNewAck() - start);
        if (!Group.await(PATIENCE, () -> {
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

    /** The operator's own account of the last change of master: {@code detect 5, term 12, ...} in milliseconds. */
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
        return Group.await(PATIENCE, group::isReady);
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
