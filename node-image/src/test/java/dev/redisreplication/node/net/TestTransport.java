package dev.redisreplication.node.net;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * The transport that the tests' servers use. Surefire runs the tests of sockets twice: once with what {@code auto} picks,
 * and once with the system property {@code redis-node.test.transport}.
 */
public final class TestTransport {
    private static final String PROPERTY = "redis-node.test.transport";

    private TestTransport() {}

    /** Flags for a server: the directive io-transport, or none. */
    public static List<String> flags() {
        String name = System.getProperty(PROPERTY, "");
        if (name.isEmpty()) {
            return List.of();
        }
        needs(name);
        return List.of("--io-transport", name);
    }

    /** Skips the test where the kernel or the container forbids {@code name}; in CI that is a failure. */
    public static void needs(String name) {
        try {
            Transport.choose(name);
        } catch (IOException e) {
            if ("true".equals(System.getenv("CI"))) {
                fail(e.getMessage());
            }
            Assumptions.abort(e.getMessage());
        }
    }
}
