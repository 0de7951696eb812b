/** The commands MULTI, EXEC, DISCARD, WATCH and UNWATCH. */
package dev.redisreplication.node.command.transaction;
