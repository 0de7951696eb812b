/** The commands on streams, without consumer groups. */
package dev.redisreplication.node.command.stream;
