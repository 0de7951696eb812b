/**
 * The client that runs as a pod in the cluster under test: it writes through the read-write Service all the time, keeps
 * account of what was acknowledged, and asks each member directly who would take a write. Nothing but the JDK: its
 * classes travel in a ConfigMap.
 */
package dev.redisreplication.cluster.writer;
