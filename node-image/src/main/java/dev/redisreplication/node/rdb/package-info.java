/**
 * The RDB format: a reader for everything that Redis 2.8 to 8.0 writes for the node's data types, and a writer of version
 * 10 that Redis 7.0 loads. Knows bytes and values, not the keyspace; {@code StoreSaver} and {@code StoreLoader} are the
 * two bridges to it.
 */
package dev.redisreplication.node.rdb;
