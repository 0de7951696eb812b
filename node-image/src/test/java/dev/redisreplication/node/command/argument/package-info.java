/** Tests of how arguments are read. */
package dev.redisreplication.node.command.argument;
