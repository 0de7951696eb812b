/** Tests. */
package dev.redisreplication.node.script;
