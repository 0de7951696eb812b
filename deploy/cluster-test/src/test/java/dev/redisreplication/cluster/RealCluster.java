package dev.redisreplication.cluster;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.testcontainers.DockerClientFactory;

/**
 * A test class that needs a real cluster with the chart installed. It takes the {@link Cluster} as a parameter; the
 * first class to ask starts it, and it ends with the test run. Without a container engine the class is skipped and says
 * why; where {@code CI=true}, that is a failure instead.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RealCluster.Extension.class)
@interface RealCluster {

    /** Starts the cluster once and hands it to the tests. */
    final class Extension implements ExecutionCondition, ParameterResolver {

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            if (Boolean.parseBoolean(System.getenv("CI"))) {
                return ConditionEvaluationResult.enabled("CI: nothing may be missing");
            }
            if (!Shell.has("docker")) {
                return ConditionEvaluationResult.disabled("no container engine: `docker` is not on the path");
            }
            if (!DockerClientFactory.instance().isDockerAvailable()) {
                return ConditionEvaluationResult.disabled("no container engine: `docker` is there but does not answer");
            }
            return ConditionEvaluationResult.enabled("a container engine answers");
        }

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Cluster.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.create(RealCluster.class))
                    .computeIfAbsent(Start.class, key -> Start.now(), Start.class)
                    .cluster();
        }
    }

    /** A start tried once: a cluster that did not come up is not tried again by each test. */
    record Start(Cluster started, Throwable failure) implements AutoCloseable {

        static Start now() {
            try {
                return new Start(Cluster.start(), null);
            } catch (RuntimeException | Error e) {
                return new Start(null, e);
            }
        }

        Cluster cluster() {
            if (failure != null) {
                throw new IllegalStateException("the cluster did not start: " + failure.getMessage(), failure);
            }
            return started;
        }

        @Override
        public void close() {
            if (started != null) {
                started.close();
            }
        }
    }
}
