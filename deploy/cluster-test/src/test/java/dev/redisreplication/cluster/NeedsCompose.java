package dev.redisreplication.cluster;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.testcontainers.DockerClientFactory;

/** A test class that runs compose files; skipped with a reason where nothing can, which is a failure with {@code CI=true}. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsCompose.Condition.class)
@interface NeedsCompose {

    /** Looks for the program and for the engine. */
    final class Condition implements ExecutionCondition {

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            if (Boolean.parseBoolean(System.getenv("CI"))) {
                return ConditionEvaluationResult.enabled("CI: nothing may be missing");
            }
            if (!Shell.has("docker-compose")) {
                return ConditionEvaluationResult.disabled("`docker-compose` is not on the path");
            }
            if (!Shell.has("docker") || !DockerClientFactory.instance().isDockerAvailable()) {
                return ConditionEvaluationResult.disabled("no container engine answers");
            }
            return ConditionEvaluationResult.enabled("a container engine answers");
        }
    }
}
