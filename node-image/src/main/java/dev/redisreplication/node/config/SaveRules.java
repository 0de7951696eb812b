package dev.redisreplication.node.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The directive {@code save}: when to save by itself, after so many seconds if at least so many changes were made.
 *
 * @param rules any of them is enough; none for never
 */
public record SaveRules(List<Rule> rules) {
    /** One pair of the directive. */
    public record Rule(long seconds, long changes) {}

    /** Reads a value in canonical form, such as {@code 3600 1 300 100}; empty for never. */
    static SaveRules parse(String canonical) {
        List<Rule> rules = new ArrayList<>();
        String[] words = canonical.replace("\"", "").trim().split("\\s+", -1);
        for (int i = 0; i + 1 < words.length; i += 2) {
            rules.add(new Rule(Long.parseLong(words[i]), Long.parseLong(words[i + 1])));
        }
        return new SaveRules(List.copyOf(rules));
    }

    /** The rule by which it is time, if there is one. */
    public Optional<Rule> due(long secondsSinceSave, long changes) {
        return rules.stream()
                .filter(rule -> changes >= rule.changes && secondsSinceSave > rule.seconds)
                .findFirst();
    }
}
