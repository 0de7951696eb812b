/** The commands on keys, whatever their values are: DEL, EXPIRE, RENAME, SCAN, OBJECT. */
package dev.redisreplication.node.command.generic;
