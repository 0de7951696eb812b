package dev.redisreplication.node.command;

import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** What one client has subscribed to. Exists only while that is anything. */
final class Subscriptions {
    private final Map<PubSub.Space, Set<ByteBuffer>> names = new EnumMap<>(PubSub.Space.class);

    /** The names in one space, in the order they were subscribed to; to be changed by {@link PubSub} only. */
    Set<ByteBuffer> in(PubSub.Space space) {
        return names.computeIfAbsent(space, unused -> new LinkedHashSet<>());
    }

    int count(PubSub.Space space) {
        Set<ByteBuffer> all = names.get(space);
        return all == null ? 0 : all.size();
    }

    boolean isEmpty() {
        return names.values().stream().allMatch(Set::isEmpty);
    }
}
