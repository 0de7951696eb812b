/** Sockets, files, scripts and timers of a Sentinel: carries out what its state machine wants. */
package dev.redisreplication.node.sentinel.io;
