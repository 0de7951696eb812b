/** Placeholder. */
package dev.redisreplication.sandbox;
