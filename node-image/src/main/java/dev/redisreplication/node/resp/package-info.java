/**
 * The wire format, RESP2 and RESP3: {@link dev.redisreplication.node.resp.RequestParser} reads requests out of native
 * memory, {@link dev.redisreplication.node.resp.ReplyWriter} writes replies into it. Knows no socket and no command.
 */
package dev.redisreplication.node.resp;
