package dev.redisreplication.node.net;

import io.netty.channel.ConnectTimeoutException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Why a connection failed, in the words of the system and not of the transport's call. */
public final class Causes {
    /** Of a connection that was not made in time. */
    public static final String TIMED_OUT = "Connection timed out";

    /** {@code finishConnect(..) failed with error(-111): Connection refused}, and what is appended of an address. */
    private static final Pattern CALL =
            Pattern.compile("(?:.*failed(?: with error\\(-?\\d+\\))?: )?([^:]*)(?:: .*[/:].*)?", Pattern.DOTALL);

    private Causes() {}

    /** The cause in plain words; the name of the exception where it has none. */
    static String plain(Throwable cause) {
        if (cause instanceof ConnectTimeoutException) {
            return TIMED_OUT;
        }
        String message = cause.getMessage();
        if (message == null) {
            return silent(cause);
        }
        Matcher call = CALL.matcher(message);
        return call.matches() && !call.group(1).isBlank() ? call.group(1).strip() : message;
    }

    /** Of an exception without a message, as io_uring throws some. */
    private static String silent(Throwable cause) {
        return switch (cause) {
            case NoRouteToHostException e -> "No route to host";
            case ConnectException e -> "Connection refused";
            default ->
                cause.getCause() != null
                        ? plain(cause.getCause())
                        : cause.getClass().getSimpleName();
        };
    }
}
