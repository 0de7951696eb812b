/**
 * The whole system on one machine with nothing but a JDK: an API server, controllers, a kubelet that runs containers as
 * processes, and a demonstration on top. {@link dev.redisreplication.sandbox.Sandbox} puts the parts together.
 */
package dev.redisreplication.sandbox;
