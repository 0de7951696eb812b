/** The commands on lists. */
package dev.redisreplication.node.command.list;
