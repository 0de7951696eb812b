/** DEBUG: what tests and tools want to see of the data and to do to the server. */
package dev.redisreplication.node.command.debug;
