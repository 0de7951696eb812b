/** The log of the process: one for all parts, with limits on what is repeated. Uses nothing. */
package dev.redisreplication.node.log;
