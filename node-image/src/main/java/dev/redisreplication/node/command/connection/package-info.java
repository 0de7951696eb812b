/** Commands for who is calling and how: PING, HELLO, AUTH, CLIENT, .... */
package dev.redisreplication.node.command.connection;
