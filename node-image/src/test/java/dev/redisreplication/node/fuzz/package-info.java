/** Coverage-guided fuzzing of what the node reads from others: requests, dumps, a master's words. */
package dev.redisreplication.node.fuzz;
