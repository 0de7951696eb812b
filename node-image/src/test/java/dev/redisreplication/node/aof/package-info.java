/** Tests of {@code aof}. */
package dev.redisreplication.node.aof;
