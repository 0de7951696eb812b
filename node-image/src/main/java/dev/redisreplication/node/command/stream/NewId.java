package dev.redisreplication.node.command.stream;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.type.TypeError;

/** The id that XADD asks for: {@code *}, {@code milliseconds-*} or a whole one. */
record NewId(StreamId id, boolean anyTime, boolean anySequence) {

    private static final CommandError EXHAUSTED =
            new CommandError("ERR The stream has exhausted the last possible ID, unable to add more items");

    /** Reads argument {@code i}. */
    static NewId parse(Call call, int i) {
        String text = StreamId.text(call, i);
        if (text.equals("*")) {
            return new NewId(StreamId.MIN, true, true);
        }
        if (text.endsWith("-*")) {
            long milliseconds = StreamId.number(text.substring(0, text.length() - 2));
            return new NewId(new StreamId(milliseconds, 0), false, true);
        }
        return new NewId(StreamId.strict(call, i, 0), false, false);
    }

    /** Whether nothing is left to the server. */
    boolean isComplete() {
        return !anySequence;
    }

    /** Throws where the id is 0-0, which no entry can have. */
    void refuseZero() {
        if (isComplete() && id.equals(StreamId.MIN)) {
            throw TypeError.STREAM_ID_ZERO;
        }
    }

    /** The id to use in a stream whose largest id so far is {@code last}. */
    StreamId after(StreamId last, long now) {
        if (last.equals(StreamId.MAX)) {
            throw EXHAUSTED;
        }
        if (anyTime) {
            return Long.compareUnsigned(now, last.milliseconds()) > 0 ? new StreamId(now, 0) : last.next();
        }
        boolean sameTime = id.milliseconds() == last.milliseconds();
        StreamId chosen = anySequence && sameTime ? last.next() : id;
        if (chosen.compareTo(last) <= 0 || chosen.milliseconds() != id.milliseconds()) {
            throw TypeError.STREAM_ID_TOO_SMALL;
        }
        return chosen;
    }
}
