/** MONITOR, SLOWLOG and LATENCY: what the server does, and what takes it long. */
package dev.redisreplication.node.command.watch;
