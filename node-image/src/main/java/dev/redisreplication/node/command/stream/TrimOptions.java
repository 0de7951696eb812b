package dev.redisreplication.node.command.stream;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.EffectWriter;
import dev.redisreplication.node.type.Streams;

/**
 * {@code MAXLEN | MINID [= | ~] threshold [LIMIT count]} of XADD and XTRIM.
 *
 * @param maxLength how many entries stay, or -1: the threshold is {@code minId}
 * @param minId the first id that stays, or null
 * @param approximate whether only whole blocks go
 * @param limit how many entries may go at most; 0: any number
 * @param thresholdAt the argument with the threshold
 */
record TrimOptions(long maxLength, StreamId minId, boolean approximate, long limit, int thresholdAt) {

    private static final long DEFAULT_LIMIT = 10_000;

    private static final CommandError TWO_STRATEGIES =
            new CommandError("ERR syntax error, MAXLEN and MINID options at the same time are not compatible");
    private static final CommandError NEGATIVE_LENGTH = new CommandError("ERR The MAXLEN argument must be >= 0.");
    private static final CommandError NEGATIVE_LIMIT = new CommandError("ERR The LIMIT argument must be >= 0.");
    private static final CommandError LIMIT_ALONE =
            new CommandError("ERR syntax error, LIMIT cannot be used without specifying a trimming strategy");
    private static final CommandError NO_STRATEGY =
            new CommandError("ERR syntax error, XTRIM must be called with a trimming strategy");
    private static final CommandError LIMIT_EXACT =
            new CommandError("ERR syntax error, LIMIT cannot be used without the special ~ option");

    /** Reads the options one after the other, wherever they stand. */
    static final class Reader {
        private TrimOptions read;
        private long limit = -1;

        /** Reads the option at argument {@code i}; returns the argument behind it, or {@code i} if there is none. */
        int read(Call call, int i) {
            if (i + 1 == call.argc()) {
                return i;
            }
            boolean byLength = call.is(i, "MAXLEN");
            if (byLength || call.is(i, "MINID")) {
                return readThreshold(call, i, byLength);
            }
            if (!call.is(i, "LIMIT")) {
                return i;
            }
            limit = call.asLong(i + 1);
            if (limit < 0) {
                throw NEGATIVE_LIMIT;
            }
            return i + 2;
        }

        private int readThreshold(Call call, int i, boolean byLength) {
            if (read != null) {
                throw TWO_STRATEGIES;
            }
            int at = i + 1;
            boolean approximate = call.is(at, "~") && at + 1 < call.argc();
            if (approximate || (call.is(at, "=") && at + 1 < call.argc())) {
                at++;
            }
            long length = byLength ? call.asLong(at) : -1;
            if (byLength && length < 0) {
                throw NEGATIVE_LENGTH;
            }
            StreamId minId = byLength ? null : StreamId.strict(call, at, 0);
            read = new TrimOptions(length, minId, approximate, 0, at);
            return at + 1;
        }

        /**
         * What was read, or null.
         *
         * @param needed whether there must be something
         */
        TrimOptions done(Call call, boolean needed) {
            if (read == null && limit > 0) {
                throw LIMIT_ALONE;
            }
            if (read == null && needed) {
                throw NO_STRATEGY;
            }
            if (call.isReplayed()) {
                return read; // Redis leaves the limit in what it logs, where the threshold is exact and must be reached
            }
            if (read == null || !read.approximate) {
                if (limit >= 0) {
                    throw LIMIT_EXACT;
                }
                return read;
            }
            return new TrimOptions(
                    read.maxLength, read.minId, true, limit < 0 ? DEFAULT_LIMIT : limit, read.thresholdAt);
        }
    }

    /** Trims; returns how many entries went. */
    long apply(Call call, long stream) {
        if (minId == null) {
            long length = limit == 0 ? maxLength : Math.max(maxLength, Streams.length(stream) - limit);
            return Streams.trimToLength(call.db(), stream, length, approximate);
        }
        StreamId bound = limit == 0 ? minId : withinLimit(call, stream);
        return Streams.trimBelow(call.db(), stream, bound.milliseconds(), bound.sequence(), approximate);
    }

    /** The threshold, or a lower one before which lie no more than {@code limit} entries. */
    private StreamId withinLimit(Call call, long stream) {
        StreamIds ids = new StreamIds();
        ids.visit(call.db(), stream, StreamId.MIN, StreamId.MAX, false, limit + 1);
        return ids.count() <= limit || ids.last().compareTo(minId) > 0 ? minId : ids.last();
    }

    /**
     * Writes arguments {@code from} to {@code to} of the call (excluded) as they must be logged: what an approximate trim
     * has left is told exactly.
     */
    void effect(Call call, EffectWriter effect, int from, int to, long stream) {
        for (int i = from; i < to; i++) {
            if (approximate && i == thresholdAt - 1) {
                effect.arg("=");
            } else if (approximate && i == thresholdAt) {
                effect.arg(minId == null ? Long.toString(Streams.length(stream)) : first(call, stream));
            } else if (approximate && call.is(i, "LIMIT")) {
                i++; // only an approximate trim may have one
            } else {
                effect.arg(call.address(i), call.length(i));
            }
        }
    }

    /** How many arguments {@link #effect} leaves out. */
    int leftOut(Call call, int from, int to) {
        int left = 0;
        for (int i = from; approximate && i < to; i++) {
            left += i != thresholdAt && call.is(i, "LIMIT") ? 2 : 0;
        }
        return left;
    }

    private static String first(Call call, long stream) {
        StreamIds ids = new StreamIds();
        ids.visit(call.db(), stream, StreamId.MIN, StreamId.MAX, false, 1);
        return ids.count() == 0 ? StreamId.MAX.toString() : ids.last().toString();
    }
}
