package dev.redisreplication.node.cli;

import java.util.List;
import java.util.function.UnaryOperator;

/** How replies are shown. Texts are bytes of Latin-1. */
enum Format {
    /** For people: quoted, numbered, indented. */
    STANDARD {
        @Override
        void add(StringBuilder out, Reply reply, String prefix) {
            switch (reply) {
                case Reply.Nil n -> out.append("(nil)\n");
                case Reply.Many m -> many(out, m, prefix);
                case Reply.Text t -> {
                    String text = t.text();
                    switch (t.kind()) {
                        case ERROR -> out.append("(error) ").append(text).append('\n');
                        case INTEGER -> out.append("(integer) ").append(text).append('\n');
                        case DOUBLE -> out.append("(double) ").append(text).append('\n');
                        case STRING -> out.append(quoted(text)).append('\n');
                        default -> out.append(text).append('\n');
                    }
                }
            }
        }

        private void many(StringBuilder out, Reply.Many many, String prefix) {
            boolean map = many.kind() == Reply.Kind.MAP;
            List<Reply> items = many.items();
            if (items.isEmpty()) {
                out.append(
                        switch (many.kind()) {
                            case MAP -> "(empty hash)\n";
                            case SET -> "(empty set)\n";
                            case PUSH -> "(empty push)\n";
                            default -> "(empty array)\n";
                        });
                return;
            }
            int count = map ? items.size() / 2 : items.size();
            int width = Integer.toString(count).length();
            String deeper = prefix + " ".repeat(width + 2);
            char mark =
                    switch (many.kind()) {
                        case MAP -> '#';
                        case SET -> '~';
                        case PUSH -> '>';
                        default -> ')';
                    };
            for (int i = 0; i < count; i++) {
                String number = Integer.toString(i + 1);
                out.append(i == 0 ? "" : prefix)
                        .append(" ".repeat(width - number.length()))
                        .append(number)
                        .append(mark)
                        .append(' ');
                add(out, items.get(map ? 2 * i : i), deeper);
                if (map) {
                    out.setLength(out.length() - 1);
                    out.append(" => ");
                    add(out, items.get(2 * i + 1), deeper);
                }
            }
        }
    },
    /** For programs: as it is. */
    RAW {
        @Override
        void add(StringBuilder out, Reply reply, String prefix) {
            switch (reply) {
                case Reply.Nil n -> {}
                case Reply.Text t -> out.append(t.text()).append(t.isError() ? "\n" : "");
                case Reply.Many m -> {
                    boolean map = m.kind() == Reply.Kind.MAP;
                    for (int i = 0; i < m.items().size(); i++) {
                        boolean value = map && i % 2 == 1;
                        out.append(i == 0 ? "" : value ? " " : "\n");
                        add(out, m.items().get(i), prefix);
                    }
                }
            }
        }
    },
    /** Values with commas between them. */
    CSV {
        @Override
        void add(StringBuilder out, Reply reply, String prefix) {
            switch (reply) {
                case Reply.Nil n -> out.append("NULL");
                case Reply.Text t -> out.append(scalar(t, "ERROR,", Format::quoted));
                case Reply.Many m -> {
                    for (int i = 0; i < m.items().size(); i++) {
                        out.append(i == 0 ? "" : ",");
                        add(out, m.items().get(i), prefix);
                    }
                }
            }
        }
    },
    /** As JSON. */
    JSON {
        @Override
        void add(StringBuilder out, Reply reply, String prefix) {
            switch (reply) {
                case Reply.Nil n -> out.append("null");
                case Reply.Text t -> out.append(scalar(t, "error:", Format::json));
                case Reply.Many m -> {
                    boolean map = m.kind() == Reply.Kind.MAP;
                    out.append(map ? '{' : '[');
                    for (int i = 0; i < m.items().size(); i++) {
                        boolean value = map && i % 2 == 1;
                        out.append(i == 0 ? "" : value ? ":" : ",");
                        add(out, m.items().get(i), prefix);
                    }
                    out.append(map ? '}' : ']');
                }
            }
        }
    };

    abstract void add(StringBuilder out, Reply reply, String prefix);

    /** A whole reply, with what ends it. */
    String of(Reply reply) {
        StringBuilder out = new StringBuilder();
        add(out, reply, "");
        return this == STANDARD ? out.toString() : out.append('\n').toString();
    }

    /** As C would write the string. */
    static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\', '"' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case 7 -> out.append("\\a");
                case '\b' -> out.append("\\b");
                default -> {
                    if (c >= ' ' && c < 0x7f) {
                        out.append(c);
                    } else {
                        out.append("\\x").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
                    }
                }
            }
        }
        return out.append('"').toString();
    }

    private static String json(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\', '"' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\f' -> out.append("\\f");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                default -> {
                    if (c < ' ') {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }

    /** One value for a program: numbers and truth bare, an error behind a mark, all else in quotes. */
    private static String scalar(Reply.Text value, String error, UnaryOperator<String> quote) {
        return switch (value.kind()) {
            case ERROR -> error + quote.apply(value.text());
            case INTEGER, DOUBLE -> value.text();
            case BOOLEAN -> value.text().equals("(true)") ? "true" : "false";
            default -> quote.apply(value.text());
        };
    }
}
