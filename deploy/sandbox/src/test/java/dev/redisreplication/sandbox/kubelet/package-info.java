/** Tests of pods as processes. */
package dev.redisreplication.sandbox.kubelet;
