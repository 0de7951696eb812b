/** The commands on sorted sets. */
package dev.redisreplication.node.command.sortedset;
