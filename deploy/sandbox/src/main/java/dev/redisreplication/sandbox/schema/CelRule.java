package dev.redisreplication.sandbox.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.NullValue;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One entry of {@code x-kubernetes-validations}. Values are dynamically typed here, where a real API server checks types
 * against the schema; its own function libraries (URLs, IP addresses, quantities) are not there, and a rule that uses
 * them is refused when its definition is applied.
 */
public final class CelRule {
    private static final Cel CEL = CelFactory.standardCelBuilder()
            .setOptions(CelOptions.current()
                    .enableUnsignedComparisonAndArithmeticIsUnsigned(true)
                    .build())
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addCompilerLibraries(CelExtensions.strings(), CelExtensions.optional(), CelExtensions.bindings())
            .addRuntimeLibraries(CelExtensions.strings(), CelExtensions.optional())
            .addVar("self", SimpleType.DYN)
            .addVar("oldSelf", SimpleType.DYN)
            .build();

    private final String rule;
    private final String message;
    private final String messageExpression;
    private final String reason;
    private final String fieldPath;
    private final boolean optionalOldSelf;
    private CelRuntime.Program program;
    private CelRuntime.Program messageProgram;

    CelRule(JsonNode source) {
        rule = source.path("rule").asText("");
        message = source.path("message").asText("");
        messageExpression = source.path("messageExpression").asText("");
        reason = source.path("reason").asText("FieldValueInvalid");
        fieldPath = source.path("fieldPath").asText("");
        optionalOldSelf = source.path("optionalOldSelf").asBoolean(false);
    }

    /** Compiles the rule, so that a definition with a wrong one can be refused. Empty when it is right. */
    public Optional<String> compile() {
        try {
            program();
            if (!messageExpression.isEmpty()) {
                messageProgram();
            }
            return Optional.empty();
        } catch (CelValidationException e) {
            return Optional.of("compilation failed: " + e.getMessage());
        } catch (CelEvaluationException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** Whether the rule compares with the value before, and so has nothing to say of a new one. */
    public boolean isTransition() {
        return rule.contains("oldSelf");
    }

    /** The path below the rule's own place that a failure is shown at, such as {@code .replicas}; often empty. */
    public String fieldPath() {
        return fieldPath;
    }

    /** Why the failure is one, in the words of field errors: FieldValueInvalid, FieldValueForbidden, ... */
    public String reason() {
        return reason;
    }

    /**
     * Evaluates the rule.
     *
     * @param old the value before, or null where there was none
     * @return what is wrong, or empty
     */
    public Optional<String> check(JsonNode value, JsonNode old) {
        if (isTransition() && old == null && !optionalOldSelf) {
            return Optional.empty();
        }
        Map<String, Object> variables = new HashMap<>();
        variables.put("self", toCel(value));
        Object before = old == null ? null : toCel(old);
        variables.put("oldSelf", optionalOldSelf ? Optional.ofNullable(before) : before == null ? "" : before);
        try {
            if (Boolean.TRUE.equals(program().eval(variables))) {
                return Optional.empty();
            }
            if (!messageExpression.isEmpty()
                    && messageProgram().eval(variables) instanceof String text
                    && !text.isBlank()) {
                return Optional.of(text);
            }
            return Optional.of(message.isEmpty() ? "failed rule: " + rule.strip() : message);
        } catch (CelValidationException | CelEvaluationException e) {
            return Optional.of("rule evaluation error: " + rule.strip() + ": " + e.getMessage());
        }
    }

    private synchronized CelRuntime.Program program() throws CelValidationException, CelEvaluationException {
        if (program == null) {
            program = CEL.createProgram(CEL.compile(rule).getAst());
        }
        return program;
    }

    private synchronized CelRuntime.Program messageProgram() throws CelValidationException, CelEvaluationException {
        if (messageProgram == null) {
            messageProgram = CEL.createProgram(CEL.compile(messageExpression).getAst());
        }
        return messageProgram;
    }

    private static Object toCel(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> {
                Map<String, Object> map = new HashMap<>();
                node.properties().forEach(e -> map.put(escape(e.getKey()), toCel(e.getValue())));
                yield map;
            }
            case ARRAY -> {
                List<Object> list = new ArrayList<>();
                node.forEach(n -> list.add(toCel(n)));
                yield list;
            }
            case STRING -> node.asText();
            case BOOLEAN -> node.asBoolean();
            case NUMBER -> node.isIntegralNumber() ? (Object) node.asLong() : (Object) node.asDouble();
            default -> NullValue.NULL_VALUE;
        };
    }

    private static String escape(String name) {
        return CelReserved.contains(name) ? "__" + name + "__" : name;
    }
}
