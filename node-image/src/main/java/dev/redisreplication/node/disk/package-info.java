/**
 * The operations on files that must not lose anything: all changes of dumps and of the append-only directory go through
 * {@link dev.redisreplication.node.disk.Disk}, so that a test can let any of them fail. Uses nothing of the other packages.
 */
package dev.redisreplication.node.disk;
