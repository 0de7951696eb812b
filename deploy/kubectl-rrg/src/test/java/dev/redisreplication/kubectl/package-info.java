/** The plugin as kubectl calls it, against a whole system in a sandbox. */
package dev.redisreplication.kubectl;
