/** Directives: reading redis.conf, environment and flags, and changing them at run time. Uses no other package, since it is also a library by itself. */
package dev.redisreplication.node.config;
