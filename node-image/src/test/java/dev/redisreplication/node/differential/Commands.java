package dev.redisreplication.node.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A command as a list of arguments, and as a line that a person writes (the quoting of {@code redis-cli}). */
final class Commands {

    private Commands() {}

    /** The command's name in upper case. */
    static String name(List<String> arguments) {
        return arguments.getFirst().toUpperCase(Locale.ROOT);
    }

    /**
     * Splits a line into arguments: {@code "..."} knows {@code \n \r \t \\ \" \xNN}, {@code '...'} is taken as it stands, and
     * {@code x{100}} right after an argument repeats it that many times.
     */
    static List<String> parse(String line) {
        List<String> arguments = new ArrayList<>();
        int i = 0;
        while (i < line.length()) {
            if (line.charAt(i) == ' ') {
                i++;
                continue;
            }
            StringBuilder argument = new StringBuilder();
            char quote = line.charAt(i);
            if (quote == '"' || quote == '\'') {
                i = quoted(line, i + 1, quote, argument);
            } else {
                while (i < line.length() && line.charAt(i) != ' ') {
                    argument.append(line.charAt(i++));
                }
            }
            arguments.add(repeated(argument.toString()));
        }
        return arguments;
    }

    private static int quoted(String line, int from, char quote, StringBuilder argument) {
        int i = from;
        while (line.charAt(i) != quote) {
            char c = line.charAt(i++);
            if (c != '\\' || quote == '\'') {
                argument.append(c);
                continue;
            }
            c = line.charAt(i++);
            if (c == 'x') {
                argument.append((char) Integer.parseInt(line, i, i + 2, 16));
                i += 2;
            } else {
                argument.append(
                        switch (c) {
                            case 'n' -> '\n';
                            case 'r' -> '\r';
                            case 't' -> '\t';
                            default -> c;
                        });
            }
        }
        return i + 1;
    }

    private static String repeated(String argument) {
        int brace = argument.lastIndexOf("x{");
        if (brace < 1 || !argument.endsWith("}")) {
            return argument;
        }
        int times = Integer.parseInt(argument, brace + 2, argument.length() - 1, 10);
        return argument.substring(0, brace).repeat(times);
    }

    /** The line that {@link #parse} reads back to these arguments; long ones are cut, for people's eyes. */
    static String line(List<String> arguments) {
        StringBuilder line = new StringBuilder();
        for (String argument : arguments) {
            String shown = argument.length() > 200 ? argument.substring(0, 200) + "..." + argument.length() : argument;
            String text = Reply.printable(shown.replace("\\", "\\\\").replace("\"", "\\\""));
            boolean plain = text.equals(argument) && !text.isEmpty() && text.indexOf(' ') < 0 && text.charAt(0) != '\'';
            line.append(line.isEmpty() ? "" : " ").append(plain ? text : '"' + text + '"');
        }
        return line.toString();
    }
}
