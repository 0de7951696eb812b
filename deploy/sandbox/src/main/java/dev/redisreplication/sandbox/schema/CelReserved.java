package dev.redisreplication.sandbox.schema;

import java.util.Set;

/** Words that CEL keeps for itself; a field so named is written {@code __word__} in a rule. */
final class CelReserved {
    private static final Set<String> WORDS = Set.of(
            "true",
            "false",
            "null",
            "in",
            "as",
            "break",
            "const",
            "continue",
            "else",
            "for",
            "function",
            "if",
            "import",
            "let",
            "loop",
            "package",
            "namespace",
            "return",
            "var",
            "void",
            "while");

    private CelReserved() {}

    static boolean contains(String name) {
        return WORDS.contains(name);
    }
}
