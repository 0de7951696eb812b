/** The commands on sets. */
package dev.redisreplication.node.command.set;
