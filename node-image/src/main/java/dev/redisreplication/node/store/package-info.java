/**
 * The keyspace and the three structures that carry every data type outside the heap: a hash table (the keyspace itself,
 * large sets and hashes), a block (a few packed elements) and a counted tree of blocks (lists, sorted sets, streams).
 * Expiry, snapshots, accounting and freeing are written here, once for all types. Knows nothing of the wire.
 */
package dev.redisreplication.node.store;
