/**
 * Sockets and the one event loop that reads, executes and writes. {@link dev.redisreplication.node.net.Loop} is the
 * seam: nothing outside of this package sees Netty.
 */
package dev.redisreplication.node.net;
