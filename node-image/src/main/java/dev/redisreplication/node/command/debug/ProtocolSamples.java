package dev.redisreplication.node.command.debug;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.resp.ReplyWriter;
import java.util.Locale;

/** DEBUG PROTOCOL: one value of each type of reply, for the tests of clients. */
final class ProtocolSamples {
    private static final CommandError UNKNOWN =
            new CommandError("ERR Wrong protocol type name. Please use one of the following:"
                    + " string|integer|double|bignum|null|array|set|map|attrib|push|verbatim|true|false");
    private static final CommandError NOT_IN_RESP2 = new CommandError("ERR RESP2 is not supported by this command");
    private static final String BIG_NUMBER = "1234567999999999999999999999999999999";

    private ProtocolSamples() {}

    static void reply(Call call) {
        ReplyWriter reply = call.reply();
        switch (call.asString(2).toLowerCase(Locale.ROOT)) {
            case "string" -> reply.bulk("Hello World");
            case "integer" -> reply.integer(12345);
            case "double" -> reply.doubleValue(3.141);
            case "null" -> reply.nil();
            case "array" -> {
                reply.array(3);
                threeNumbers(reply);
            }
            case "set" -> {
                reply.set(3);
                threeNumbers(reply);
            }
            case "map" -> map(reply);
            case "attrib" -> attribute(reply);
            case "push" -> push(reply);
            case "true" -> truth(reply, true);
            case "false" -> truth(reply, false);
            case "verbatim" -> reply.verbatim("txt", "This is a verbatim\nstring");
            case "bignum" -> bigNumber(reply);
            default -> throw UNKNOWN;
        }
    }

    private static void threeNumbers(ReplyWriter reply) {
        for (int i = 0; i < 3; i++) {
            reply.integer(i);
        }
    }

    private static void map(ReplyWriter reply) {
        reply.map(3);
        for (int i = 0; i < 3; i++) {
            reply.integer(i);
            truth(reply, i == 1);
        }
    }

    /** The only command that has one: attributes are of RESP3, and no command of Redis has one either. */
    private static void attribute(ReplyWriter reply) {
        if (reply.resp3()) {
            reply.buffer().put("|1\r\n");
            reply.bulk("key-popularity");
            reply.array(2);
            reply.bulk("key:123");
            reply.integer(90);
        }
        reply.bulk("Some real reply following the attribute");
    }

    private static void push(ReplyWriter reply) {
        if (!reply.resp3()) {
            throw NOT_IN_RESP2;
        }
        reply.push(2);
        reply.bulk("server-cpu-usage");
        reply.integer(42);
        reply.bulk("Some real reply following the push reply");
    }

    private static void truth(ReplyWriter reply, boolean value) {
        if (reply.resp3()) {
            reply.buffer().put(value ? "#t\r\n" : "#f\r\n");
        } else {
            reply.integer(value ? 1 : 0);
        }
    }

    private static void bigNumber(ReplyWriter reply) {
        if (reply.resp3()) {
            reply.buffer().put("(" + BIG_NUMBER + "\r\n");
        } else {
            reply.bulk(BIG_NUMBER);
        }
    }
}
