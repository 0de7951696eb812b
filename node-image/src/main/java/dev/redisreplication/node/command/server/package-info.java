/** Commands for looking at and steering this server: INFO, CONFIG, COMMAND, DEBUG, .... */
package dev.redisreplication.node.command.server;
