/**
 * The command framework: the table of commands, the dispatcher that checks and executes them, the context a handler
 * gets ({@link dev.redisreplication.node.command.Call}) and the interfaces that replication hangs itself in by. The
 * commands live in one package a group below.
 */
package dev.redisreplication.node.command;
