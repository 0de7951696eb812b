/** Placeholder. */
package dev.redisreplication.api;
