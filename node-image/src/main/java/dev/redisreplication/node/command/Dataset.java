package dev.redisreplication.node.command;

import static dev.redisreplication.node.config.Directives.DATABASES;
import static dev.redisreplication.node.config.Directives.HASH_MAX_LISTPACK_ENTRIES;
import static dev.redisreplication.node.config.Directives.HASH_MAX_LISTPACK_VALUE;
import static dev.redisreplication.node.config.Directives.LFU_DECAY_TIME;
import static dev.redisreplication.node.config.Directives.LFU_LOG_FACTOR;
import static dev.redisreplication.node.config.Directives.MAXMEMORY_POLICY;
import static dev.redisreplication.node.config.Directives.SET_MAX_INTSET_ENTRIES;
import static dev.redisreplication.node.config.Directives.ZSET_MAX_LISTPACK_ENTRIES;
import static dev.redisreplication.node.config.Directives.ZSET_MAX_LISTPACK_VALUE;

import dev.redisreplication.node.config.Directive;
import dev.redisreplication.node.config.NodeSettings;
import dev.redisreplication.node.store.CompactLimits;
import dev.redisreplication.node.store.EvictionPolicy;
import dev.redisreplication.node.store.Store;
import dev.redisreplication.node.store.StoreListener;
import java.util.List;

/**
 * The data of this node, kept as the directives say. Which store has them changes while the node runs: after a full resync it
 * is another one. On the event loop, except where a method says otherwise.
 */
final class Dataset {
    private static final List<Directive<Long>> LIMITS = List.of(
            HASH_MAX_LISTPACK_ENTRIES,
            HASH_MAX_LISTPACK_VALUE,
            ZSET_MAX_LISTPACK_ENTRIES,
            ZSET_MAX_LISTPACK_VALUE,
            SET_MAX_INTSET_ENTRIES);

    private final NodeSettings settings;
    private Store store;

    Dataset(NodeSettings settings) {
        this.settings = settings;
        for (Directive<Long> limit : LIMITS) {
            settings.onChange(limit, entries -> store.limits(limits()));
        }
        settings.onChange(MAXMEMORY_POLICY, policy -> evictionOf(store));
        settings.onChange(LFU_LOG_FACTOR, factor -> evictionOf(store));
        settings.onChange(LFU_DECAY_TIME, minutes -> evictionOf(store));
    }

    /** The data; null before any were loaded. */
    Store store() {
        return store;
    }

    /** An empty store as the directives say it is to be. From any thread. */
    Store empty() {
        Store empty = new Store(settings.get(DATABASES).intValue());
        directed(empty);
        return empty;
    }

    /** Exchanges the data. Closing the store before is the caller's. */
    void exchange(Store next, StoreListener listener) {
        if (store != null) {
            next.countReadsFrom(store.hits(), store.misses());
        }
        store = next;
        store.listener(listener);
        directed(store);
    }

    private void directed(Store of) {
        of.limits(limits());
        evictionOf(of);
    }

    private void evictionOf(Store of) {
        of.policy(
                EvictionPolicy.of(settings.get(MAXMEMORY_POLICY)),
                settings.get(LFU_LOG_FACTOR),
                settings.get(LFU_DECAY_TIME));
    }

    private CompactLimits limits() {
        return new CompactLimits(
                settings.get(HASH_MAX_LISTPACK_ENTRIES),
                settings.get(HASH_MAX_LISTPACK_VALUE),
                settings.get(ZSET_MAX_LISTPACK_ENTRIES),
                settings.get(ZSET_MAX_LISTPACK_VALUE),
                settings.get(SET_MAX_INTSET_ENTRIES));
    }
}
