package dev.redisreplication.kubectl.command;

import dev.redisreplication.kubectl.print.Style;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** A word that shows a group, once or again and again, to a person or to a program. */
abstract class ViewCommand extends GroupCommand {
    private static final String HOME_AND_CLEAR = "\u001b[H\u001b[J";

    @Option(names = "-o", paramLabel = "FORMAT", defaultValue = "text", description = "text (default) or json.")
    private OutputFormat format;

    @Option(
            names = {"-w", "--watch"},
            description = "Show it anew every second, until Ctrl-C.")
    private boolean watch;

    /** Whether it is to be shown again. */
    final boolean watches() {
        return watch;
    }

    /** Whether a person reads it. */
    final boolean isText() {
        return format == OutputFormat.text;
    }

    /**
     * Shows it.
     *
     * @param report all of it, for a program
     * @param text the same for a person, by lines
     */
    final void show(Object report, Supplier<List<String>> text) {
        if (!isText()) {
            say(List.of(OutputFormat.json(report)));
            return;
        }
        if (watch && Style.onTerminal()) {
            out().print(HOME_AND_CLEAR);
        }
        say(text.get());
    }
}
