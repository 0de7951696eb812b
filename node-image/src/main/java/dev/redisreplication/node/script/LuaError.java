package dev.redisreplication.node.script;

/** An error of a library's function, to be raised in the script that called it. */
final class LuaError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The most bytes of a text out of a script that are copied to the heap for a message. */
    static final int LONGEST = 64 << 10;

    /** The text, a character a byte. */
    LuaError(String text) {
        super(text, null, false, false);
    }
}
