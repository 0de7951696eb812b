/** Tests. */
package dev.redisreplication.node.history;
