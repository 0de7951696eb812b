/** Runs pods as processes, each on a loopback address of its own, and leads the traffic of Services to them. */
package dev.redisreplication.sandbox.kubelet;
