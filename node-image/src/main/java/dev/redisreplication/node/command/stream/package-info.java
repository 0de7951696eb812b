/** The commands on streams and on their consumer groups. */
package dev.redisreplication.node.command.stream;
