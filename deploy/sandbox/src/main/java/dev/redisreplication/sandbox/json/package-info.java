/** Helpers for JSON trees. */
package dev.redisreplication.sandbox.json;
