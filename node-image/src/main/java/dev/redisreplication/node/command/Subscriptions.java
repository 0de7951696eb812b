package dev.redisreplication.node.command;

import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** What one client has subscribed to. Exists only while that is anything. */
final class Subscriptions {
    private final Map<Space, Set<Topic>> topics = new EnumMap<>(Space.class);

    /** The names in one space, in the order they were subscribed to; to be changed by {@link PubSub} only. */
    Set<Topic> in(Space space) {
        return topics.computeIfAbsent(space, _ -> new LinkedHashSet<>());
    }

    int count(Space space) {
        Set<Topic> all = topics.get(space);
        return all == null ? 0 : all.size();
    }

    boolean isEmpty() {
        return topics.values().stream().allMatch(Set::isEmpty);
    }
}
