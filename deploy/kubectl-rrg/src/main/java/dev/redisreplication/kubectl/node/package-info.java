/** Talking to a node in its own protocol, through the API server. Knows nothing of groups. */
package dev.redisreplication.kubectl.node;
