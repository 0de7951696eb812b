/**
 * The replication history: its names, offsets in it, and the log of effects that replicas and the append-only file are fed
 * from. Uses {@code memory} and {@code resp} only.
 */
package dev.redisreplication.node.history;
