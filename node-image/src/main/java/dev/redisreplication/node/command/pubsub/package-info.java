/** Messages to whoever listens: SUBSCRIBE, PUBLISH and what belongs to them. */
package dev.redisreplication.node.command.pubsub;
