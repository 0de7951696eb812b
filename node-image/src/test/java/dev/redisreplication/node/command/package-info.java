/** Tests. */
package dev.redisreplication.node.command;
