package dev.redisreplication.node.lua;

/** What an interpreter can call. On the thread that runs the interpreter. */
public interface LuaHost {
    /**
     * Runs a function that was defined with {@link LuaState#define}: its arguments are the values on the stack of {@code L}, its
     * results those that it leaves on top.
     *
     * @return how many results there are, or {@link LuaState#FAILED}: the value on top is raised as an error
     */
    int call(int function, long L);

    /**
     * Called from time to time while a program runs, after some hundred thousand instructions.
     *
     * @return whether the program may go on; if not, it ends by an error that it cannot catch
     */
    boolean goOn();
}
