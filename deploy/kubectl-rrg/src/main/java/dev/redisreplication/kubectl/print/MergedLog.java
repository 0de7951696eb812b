package dev.redisreplication.kubectl.print;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lines of several nodes in the order of the times that they carry. A line without one stays behind the line before it. */
public final class MergedLog {
    /** Such as {@code 4711:M 28 Nov 2026 13:15:22.123 * ...}. */
    private static final Pattern LINE =
            Pattern.compile("^\\d+:\\w (\\d{1,2} \\w{3} \\d{4} \\d{2}:\\d{2}:\\d{2}\\.\\d{3}) .*");

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("dd MMM yyyy HH:mm:ss.SSS", Locale.ROOT);

    private final List<Line> lines = new ArrayList<>();

    private record Line(LocalDateTime time, String text) {}

    /** Adds what one node wrote; each of its lines gets the prefix. */
    public void add(String prefix, String text) {
        LocalDateTime last = LocalDateTime.MIN;
        for (String line : text.lines().toList()) {
            last = time(line, last);
            lines.add(new Line(last, prefix + line));
        }
    }

    private static LocalDateTime time(String line, LocalDateTime otherwise) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            return otherwise;
        }
        try {
            return LocalDateTime.parse(matcher.group(1), TIME);
        } catch (DateTimeException e) {
            return otherwise;
        }
    }

    /** All of them. */
    public List<String> lines() {
        return lines.stream()
                .sorted(Comparator.comparing(Line::time))
                .map(Line::text)
                .toList();
    }
}
