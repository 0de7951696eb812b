/** Placeholder. */
package dev.redisreplication.node;
