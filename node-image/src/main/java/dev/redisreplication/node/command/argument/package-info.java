/**
 * What the arguments of several command groups have in common: times to live, SCAN's options, patterns, numbers. Read once,
 * here.
 */
package dev.redisreplication.node.command.argument;
