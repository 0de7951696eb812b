package dev.redisreplication.node.type;

/**
 * A value cannot do what was asked. The message is Redis' own error text, code first; the command framework sends it as
 * it is. Constants without a stack trace: throwing one costs little. Nothing was changed when one is thrown.
 */
public final class TypeError extends RuntimeException {
    public static final TypeError WRONG_TYPE =
            new TypeError("WRONGTYPE Operation against a key holding the wrong kind of value");
    public static final TypeError NOT_AN_INTEGER = new TypeError("ERR value is not an integer or out of range");
    public static final TypeError HASH_NOT_AN_INTEGER = new TypeError("ERR hash value is not an integer");
    public static final TypeError OVERFLOW = new TypeError("ERR increment or decrement would overflow");
    public static final TypeError NAN_OR_INFINITY = new TypeError("ERR increment would produce NaN or Infinity");
    public static final TypeError SCORE_NAN = new TypeError("ERR resulting score is not a number (NaN)");
    public static final TypeError STRING_TOO_LONG =
            new TypeError("ERR string exceeds maximum allowed size (proto-max-bulk-len)");
    public static final TypeError STREAM_ID_TOO_SMALL =
            new TypeError("ERR The ID specified in XADD is equal or smaller than the target stream top item");
    public static final TypeError STREAM_ID_ZERO =
            new TypeError("ERR The ID specified in XADD must be greater than 0-0");

    private static final long serialVersionUID = 1;

    private TypeError(String message) {
        super(message, null, false, false);
    }
}
