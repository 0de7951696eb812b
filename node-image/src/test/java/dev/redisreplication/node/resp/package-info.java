/** Tests. */
package dev.redisreplication.node.resp;
