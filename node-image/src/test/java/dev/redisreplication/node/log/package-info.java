/** Tests. */
package dev.redisreplication.node.log;
