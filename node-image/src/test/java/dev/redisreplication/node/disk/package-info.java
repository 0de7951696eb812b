/** A disk that fails when it is told to. */
package dev.redisreplication.node.disk;
