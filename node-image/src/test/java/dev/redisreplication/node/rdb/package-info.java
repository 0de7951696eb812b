/** Tests of {@code rdb}. */
package dev.redisreplication.node.rdb;
