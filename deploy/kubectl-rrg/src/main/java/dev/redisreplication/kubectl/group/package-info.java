/** A group as the API server and its nodes show it. */
package dev.redisreplication.kubectl.group;
