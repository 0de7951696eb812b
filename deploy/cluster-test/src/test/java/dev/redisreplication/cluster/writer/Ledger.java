package dev.redisreplication.cluster.writer;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was acknowledged, and when writes were refused. All times are milliseconds since the epoch.
 *
 * <p>A write counts as acknowledged when its own reply came, and as replicated when a WAIT behind it named at least one
 * replica.
 */
final class Ledger {

    /** A time without accepted writes: the last reply before it, the first failure, the first reply after it. */
    record Gap(long lastOk, long firstFailure, long firstOk, String failure) {

        String json() {
            return "{\"lastOk\":%d,\"firstFailure\":%d,\"firstOk\":%d,\"failure\":%s}"
                    .formatted(lastOk, firstFailure, firstOk, Json.quote(failure));
        }
    }

    private final BitSet acknowledged = new BitSet();
    private final BitSet replicated = new BitSet();
    private final List<Gap> gaps = new ArrayList<>();
    private final Map<String, Integer> failures = new TreeMap<>();
    private long lastOk;
    private long firstFailure;
    private String failure = "";

    synchronized void acknowledged(int number, long now) {
        acknowledged.set(number);
        if (firstFailure != 0) {
            gaps.add(new Gap(lastOk, firstFailure, now, failure));
            firstFailure = 0;
        }
        lastOk = now;
    }

    synchronized void replicated(int number) {
        replicated.set(number);
    }

    synchronized void failed(String why, long now) {
        String kind = why.length() > 60 ? why.substring(0, 60) : why;
        failures.merge(kind, 1, Integer::sum);
        if (firstFailure == 0) {
            firstFailure = now;
            failure = why;
        }
    }

    synchronized BitSet acknowledged() {
        return (BitSet) acknowledged.clone();
    }

    synchronized BitSet replicated() {
        return (BitSet) replicated.clone();
    }

    synchronized String json() {
        return "\"acknowledged\":%d,\"replicated\":%d,\"lastOk\":%d,\"refusedSince\":%d,\"gaps\":%s,\"failures\":%s"
                .formatted(
                        acknowledged.cardinality(),
                        replicated.cardinality(),
                        lastOk,
                        firstFailure,
                        gaps.stream().map(Gap::json).toList(),
                        Json.object(failures));
    }
}
