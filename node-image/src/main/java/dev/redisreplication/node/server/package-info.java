/** Puts the parts together: main, start-up, shutdown, log, health port. May use every other package. */
package dev.redisreplication.node.server;
