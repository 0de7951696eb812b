package dev.redisreplication.node.resp;

/** An error that another server has answered; {@code text} begins with its code. */
public record ErrorReply(String text) {}
