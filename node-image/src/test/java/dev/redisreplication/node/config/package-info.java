/** Tests. */
package dev.redisreplication.node.config;
