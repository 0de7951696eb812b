/**
 * The node held against a real {@code redis-server}: the same commands to both, the replies compared.
 *
 * <p>{@link dev.redisreplication.node.differential.Duel} is the tool; the scripts in {@code src/test/resources/differential}
 * say what is sent, and {@code grammar.txt} there describes the commands that the random generator makes up.
 */
package dev.redisreplication.node.differential;
