/** The commands that only a Sentinel has: SENTINEL, ROLE and PUBLISH of hello messages. */
package dev.redisreplication.node.sentinel.command;
