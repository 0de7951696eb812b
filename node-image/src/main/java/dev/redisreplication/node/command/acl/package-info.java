/** The command ACL. */
package dev.redisreplication.node.command.acl;
