package dev.redisreplication.node.command;

import java.util.Arrays;

/** The name of a channel or a pattern: equal to another one of the same bytes. The bytes are not to be changed. */
@SuppressWarnings("ArrayRecordComponent") // equal by its content, see below
record Topic(byte[] bytes) {
    @Override
    public boolean equals(Object other) {
        return other instanceof Topic topic && Arrays.equals(bytes, topic.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }
}
