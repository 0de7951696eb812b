/** The commands on strings: values, counters, bits. */
package dev.redisreplication.node.command.string;
