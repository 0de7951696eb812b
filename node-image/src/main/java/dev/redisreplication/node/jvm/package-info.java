/** What the node knows about the threads of the JVM it runs on. Uses the log. */
package dev.redisreplication.node.jvm;
