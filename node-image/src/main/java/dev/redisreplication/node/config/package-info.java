/** Directives: reading redis.conf, environment and flags, and changing them at run time. Uses no other package. */
package dev.redisreplication.node.config;
