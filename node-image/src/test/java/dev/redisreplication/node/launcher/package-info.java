/** Tests of {@code bin/redis-node}, the script that starts the node. */
package dev.redisreplication.node.launcher;
