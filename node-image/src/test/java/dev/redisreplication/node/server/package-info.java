/** Tests. */
package dev.redisreplication.node.server;
