/** Tests of {@code replication.io}. */
package dev.redisreplication.node.replication.io;
