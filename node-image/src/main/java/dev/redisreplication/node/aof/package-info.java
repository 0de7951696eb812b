/**
 * Making data last: the append-only directory of Redis 7 (manifest, base dump, increments), whose increments are the
 * effect log byte for byte, and dumps by SAVE, BGSAVE and save points. {@code Persistence} puts them together.
 */
package dev.redisreplication.node.aof;
