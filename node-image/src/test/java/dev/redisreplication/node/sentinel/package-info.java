/** Tests of what a Sentinel knows and decides, without sockets: the whole of it in a world whose time is simulated. */
package dev.redisreplication.node.sentinel;
