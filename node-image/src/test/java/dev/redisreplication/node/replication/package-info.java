/** Tests of {@code replication}. */
package dev.redisreplication.node.replication;
