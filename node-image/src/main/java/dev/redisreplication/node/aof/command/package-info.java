/** SAVE, BGSAVE, BGREWRITEAOF and LASTSAVE. */
package dev.redisreplication.node.aof.command;
