/** The commands on hashes. */
package dev.redisreplication.node.command.hash;
