/** One group as a whole: a mailbox, and what its messages do. */
package dev.redisreplication.operator.group;
