package dev.redisreplication.node.acl;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Reads the lines of an ACL file, and gathers all mistakes. */
final class AclFileReader {
    private final String file;
    private final Supplier<RulesBuilder> builders;
    private final StringBuilder mistakes = new StringBuilder();

    AclFileReader(String file, Supplier<RulesBuilder> builders) {
        this.file = file;
        this.builders = builders;
    }

    Map<String, Rules> read(List<String> lines) throws AclException {
        Map<String, Rules> users = new TreeMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = trim(lines.get(i));
            if (!line.isEmpty()) {
                line(users, i + 1, Arrays.asList(line.split(" ", -1)));
            }
        }
        if (!mistakes.isEmpty()) {
            throw new AclException(mistakes
                    + "WARNING: ACL errors detected, no change to the previously active ACL rules was performed");
        }
        return users;
    }

    private void line(Map<String, Rules> users, int number, List<String> words) {
        String place = file + ":" + number + ": ";
        if (!words.getFirst().equals("user") || words.size() < 2) {
            mistakes.append(file)
                    .append(':')
                    .append(number)
                    .append(" should start with user keyword followed by the username. ");
            return;
        }
        String name = words.get(1);
        if (RuleWords.hasBlank(name)) {
            mistakes.append(place).append("username '").append(name).append("' contains invalid characters. ");
            return;
        }
        if (users.containsKey(name)) {
            mistakes.append("WARNING: Duplicate user '")
                    .append(name)
                    .append("' found on line ")
                    .append(number)
                    .append(". ");
            return;
        }
        RulesBuilder builder = builders.get();
        try {
            rules(builder, place, RuleWords.rules(words.subList(2, words.size())));
        } catch (RuleWords.Unmatched e) {
            mistakes.append(place).append("Unmatched parenthesis in selector definition.");
        }
        users.put(name, builder.build());
    }

    /** Of what may hold a secret only the first mistake is told, and not what it is about. */
    private void rules(RulesBuilder builder, String place, List<String> rules) {
        boolean told = false;
        for (String rule : rules) {
            try {
                builder.apply(trim(rule));
            } catch (RuleException e) {
                if (e.isUnknownName()) {
                    mistakes.append(place)
                            .append("Error in applying operation '")
                            .append(rule)
                            .append("': ")
                            .append(e.getMessage())
                            .append(". ");
                } else if (!told) {
                    told = true;
                    mistakes.append(place).append(e.getMessage()).append(". ");
                }
            }
        }
    }

    private static String trim(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && " \t\r\n".indexOf(text.charAt(from)) >= 0) {
            from++;
        }
        while (from < to && " \t\r\n".indexOf(text.charAt(to - 1)) >= 0) {
            to--;
        }
        return text.substring(from, to);
    }
}
