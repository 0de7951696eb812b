/**
 * Users and what they may do: the rules of Redis' ACL, as values that are parsed, asked and written down again. Knows the table of
 * commands and no socket; implements {@code command.Users}.
 */
package dev.redisreplication.node.acl;
