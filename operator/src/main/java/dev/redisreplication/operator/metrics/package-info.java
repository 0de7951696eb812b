/** Figures about groups and the operator's work, for Prometheus. */
package dev.redisreplication.operator.metrics;
