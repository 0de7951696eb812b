/**
 * Several streams over one connection, as kubectl and other clients want them for exec and port-forward: SPDY/3.1, by itself or
 * within a WebSocket, and the channels of a WebSocket. Knows HTTP, and nothing of pods.
 */
package dev.redisreplication.sandbox.stream;
