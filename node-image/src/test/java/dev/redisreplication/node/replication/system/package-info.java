/** Whole nodes and real redis-servers, over sockets: replication in both directions, restarts, managed mode. */
package dev.redisreplication.node.replication.system;
