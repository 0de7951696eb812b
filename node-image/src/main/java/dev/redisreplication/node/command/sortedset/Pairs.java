package dev.redisreplication.node.command.sortedset;

import dev.redisreplication.node.resp.ReplyWriter;

/** Members, with their scores if wanted: RESP3 has an array of pairs for it, RESP2 a flat array. */
final class Pairs {
    private Pairs() {}

    /** Begins a reply of {@code size} members. */
    static void begin(ReplyWriter reply, long size, boolean withScores) {
        reply.array((int) (withScores && !reply.resp3() ? 2 * size : size));
    }

    /** One member. */
    static void write(ReplyWriter reply, boolean withScores, long member, int length, double score) {
        if (withScores && reply.resp3()) {
            reply.array(2);
        }
        reply.bulk(member, length);
        if (withScores) {
            reply.doubleValue(score);
        }
    }
}
