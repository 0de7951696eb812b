/** The status of a group: composed purely from what is seen, written when it is worth a write. */
package dev.redisreplication.operator.status;
