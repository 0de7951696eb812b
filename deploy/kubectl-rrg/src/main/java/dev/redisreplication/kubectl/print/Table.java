package dev.redisreplication.kubectl.print;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Columns of texts, as kubectl prints them: each as wide as it needs, three blanks between. */
public final class Table {
    private static final String GAP = "   ";

    private final List<List<Cell>> rows = new ArrayList<>();

    /** A text and how it looks. */
    public record Cell(String text, Style style) {
        /** A text that looks like any other; null is empty. */
        public static Cell of(Object value) {
            return new Cell(value == null ? "" : value.toString(), Style.PLAIN);
        }
    }

    public Table(String... headings) {
        rows.add(Arrays.stream(headings).map(h -> new Cell(h, Style.QUIET)).toList());
    }

    /** Adds a row, with as many cells as there are headings. */
    public void add(Cell... cells) {
        rows.add(List.of(cells));
    }

    /** The lines. */
    public List<String> lines() {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        for (List<Cell> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).text().length());
            }
        }
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private static String line(List<Cell> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            Cell cell = row.get(i);
            line.append(i == 0 ? "" : GAP).append(cell.style().of(cell.text()));
            boolean last = row.subList(i + 1, row.size()).stream()
                    .allMatch(c -> c.text().isEmpty());
            if (last) {
                break;
            }
            line.append(" ".repeat(widths[i] - cell.text().length()));
        }
        return line.toString();
    }
}
