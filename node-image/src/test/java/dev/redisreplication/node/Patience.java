package dev.redisreplication.node;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Every test waits longer for a condition than a busy machine needs: ten seconds, Awaitility's default, have been too few. JUnit
 * finds this extension by itself (see {@code META-INF/services}).
 */
public final class Patience implements BeforeAllCallback {
    private static final Duration MOST = Duration.ofSeconds(90);
    private static final Duration TO_FAIL = Duration.ofSeconds(20);

    @Override
    public void beforeAll(ExtensionContext context) {
        Awaitility.setDefaultTimeout(MOST);
    }

    /** Whether a condition holds, now or after a while, for whom it is no error if it never does. */
    public static boolean comesTrue(Callable<Boolean> condition) {
        try {
            Awaitility.await().atMost(TO_FAIL).pollDelay(Duration.ZERO).until(condition);
            return true;
        } catch (ConditionTimeoutException e) {
            return false;
        }
    }
}
