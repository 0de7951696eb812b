package dev.redisreplication.kubectl.print;

import java.io.Console;

/** Colours, where somebody looks at a terminal; plain text everywhere else, and where {@code NO_COLOR} is set. */
public enum Style {
    GOOD("32"),
    BAD("31"),
    CAREFUL("33"),
    STRONG("1"),
    QUIET("2"),
    PLAIN("");

    private static final boolean COLOURS =
            System.getenv("NO_COLOR") == null && System.console() instanceof Console console && console.isTerminal();

    private final String code;

    Style(String code) {
        this.code = code;
    }

    /** The text in this style. */
    public String of(String text) {
        return of(text, COLOURS);
    }

    String of(String text, boolean colours) {
        return !colours || code.isEmpty() || text.isEmpty() ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
    }

    /** Whether a terminal is written to. */
    public static boolean onTerminal() {
        return System.console() instanceof Console console && console.isTerminal();
    }
}
