/** Tests. */
package dev.redisreplication.node.net;
