/** Placeholder. */
package dev.redisreplication.operator;
