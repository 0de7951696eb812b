package dev.redisreplication.operator.act;

import dev.redisreplication.operator.observe.FenceView;
import dev.redisreplication.operator.observe.History;
import dev.redisreplication.operator.observe.ManagedRole;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads the answer to LEASE FENCE: names and values in turn. */
final class FenceReply {

    private FenceReply() {}

    /**
     * Reads a node's answer.
     *
     * @param receivedAt monotonic ms
     * @return empty when the answer is not a confirmation of that process and term
     */
    static Optional<FenceView> parse(String member, String runId, long term, long receivedAt, Object reply) {
        if (!(reply instanceof List<?> items)) {
            return Optional.empty();
        }
        Map<String, String> fields = new HashMap<>();
        for (int i = 0; i + 1 < items.size(); i += 2) {
            fields.put(String.valueOf(items.get(i)), String.valueOf(items.get(i + 1)));
        }
        try {
            if (!runId.equals(fields.get("run-id")) || term != Long.parseLong(fields.getOrDefault("term", "-1"))) {
                return Optional.empty();
            }
            ManagedRole before =
                    ManagedRole.valueOf(fields.getOrDefault("role-before", "").toUpperCase(Locale.ROOT));
            String synced = fields.get("synced");
            return Optional.of(new FenceView(
                    member,
                    receivedAt,
                    votedAt(fields, receivedAt),
                    before,
                    synced == null ? before == ManagedRole.MASTER || before == ManagedRole.REPLICA : "1".equals(synced),
                    runId,
                    new History(
                            fields.getOrDefault("replid", ""),
                            fields.getOrDefault("replid2", ""),
                            Long.parseLong(fields.getOrDefault("second-offset", "-1"))),
                    Long.parseLong(fields.getOrDefault("offset", "0"))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * The ages count until the moment of the answer, which was not later than its receipt: so the result is the vote's time or
     * later, never earlier.
     */
    private static long votedAt(Map<String, String> fields, long receivedAt) {
        String vote = fields.get("vote-age-ms");
        if (vote != null) {
            long age = Long.parseLong(vote);
            return age < 0 ? FenceView.NEVER : receivedAt - age;
        }
        // A node of an earlier version: it cannot have voted after it last heard a master.
        long silent = Long.parseLong(fields.getOrDefault("master-silent-ms", "-1"));
        return silent < 0 ? receivedAt : receivedAt - silent;
    }
}
