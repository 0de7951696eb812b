/** The commands that count distinct elements by HyperLogLog. */
package dev.redisreplication.node.command.hyperloglog;
