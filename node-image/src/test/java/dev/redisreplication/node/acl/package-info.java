/** Tests of users and their rules. */
package dev.redisreplication.node.acl;
