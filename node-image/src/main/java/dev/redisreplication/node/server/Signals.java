package dev.redisreplication.node.server;

import dev.redisreplication.node.log.Log;
import java.lang.reflect.Proxy;

/**
 * The signals that a server is sent. The JVM would answer each of them by its end, which nothing can refuse; so they are
 * taken from it: SIGTERM and SIGINT begin an orderly end, SIGHUP is ignored as redis-server ignores it. The JDK's class
 * for it, {@code sun.misc.Signal} of its module {@code jdk.unsupported}, is reached by its name: javac warns wherever it is
 * used directly, and cannot be told that there is no other way.
 */
final class Signals {
    private Signals() {}

    /** Begins to listen. */
    static void handle(Signalled ending) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            handle(signal, handler, "HUP", handler.getField("SIG_IGN").get(null));
            handle(signal, handler, "TERM", calling(handler, () -> ending.signal("SIGTERM")));
            handle(signal, handler, "INT", calling(handler, () -> interrupt(ending)));
        } catch (ReflectiveOperationException e) { // such as a JVM that was started with -Xrs
            Log.warning("signals end this process without saving: " + (e.getCause() == null ? e : e.getCause()));
        }
    }

    /** Who presses Ctrl+C a second time does not want to wait. */
    private static void interrupt(Signalled ending) {
        if (ending.isSignalled()) {
            Log.warning("You insist... exiting now.");
            Runtime.getRuntime().halt(1);
        }
        ending.signal("SIGINT");
    }

    private static void handle(Class<?> signal, Class<?> type, String name, Object handler)
            throws ReflectiveOperationException {
        signal.getMethod("handle", signal, type)
                .invoke(null, signal.getConstructor(String.class).newInstance(name), handler);
    }

    private static Object calling(Class<?> type, Runnable action) {
        return Proxy.newProxyInstance(
                Signals.class.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    if (method.getDeclaringClass() == Object.class) {
                        return method.getName().equals("hashCode") ? (Object) 0 : method.getName();
                    }
                    action.run();
                    return null;
                });
    }
}
