package dev.redisreplication.node.script;

/** A table of functions that scripts can call. */
interface Library {
    /** Names of its functions. */
    String[] functions();

    /**
     * Runs function {@code index} of {@link #functions}: arguments from 1 on the stack, results on top.
     *
     * @return how many results, or {@link dev.redisreplication.node.lua.LuaState#FAILED} to raise the value on top
     * @throws LuaError to raise a text, which is told with the place of the call
     */
    int call(int index, long L);

    /** Adds fields that are no functions to the table on top. */
    default void constants(long L) {}
}
