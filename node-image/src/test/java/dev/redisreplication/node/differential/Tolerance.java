package dev.redisreplication.node.differential;

import java.util.List;
import java.util.Set;

/** What Redis leaves open about a reply, so that two right servers may answer differently. */
enum Tolerance {
    /** Every byte counts. */
    EXACT,
    /** A set: the elements in any order. */
    ANY_ORDER,
    /** A list of pairs in any order. */
    ANY_PAIR_ORDER,
    /** A pick: only how many elements, and of which kind. */
    SHAPE,
    /** A clock was read: seconds within {@link #SLACK_MS}. */
    SECONDS,
    /** A clock was read: milliseconds within {@link #SLACK_MS}. */
    MILLIS,
    /** A clock was read for each of several: as {@link #MILLIS}. */
    EACH_MILLIS,
    /** A step of a scan from a place that only the server knows: whether it is an error. */
    OWN_CURSOR,
    /** Figures about the server's own structures, left out with their names. */
    OWN_FIGURES,
    /** Times of deliveries and of consumers, within {@link #SLACK_MS}. */
    CLOCKS;

    /** How far apart the two servers may have read their clocks, on a busy machine. */
    private static final long SLACK_MS = 100_000;

    private static final Set<String> CLOCK_FIGURES = Set.of("seen-time", "idle");

    private static final String[] STRUCTURE_FIGURES = {"radix-tree-keys", "radix-tree-nodes"};

    /** The tolerance that belongs to a command. */
    static Tolerance of(List<String> arguments) {
        return switch (Commands.name(arguments)) {
            case "KEYS", "SMEMBERS", "SINTER", "SUNION", "SDIFF", "HKEYS", "HVALS" -> ANY_ORDER;
            case "HGETALL" -> ANY_PAIR_ORDER;
            case "SORT", "SORT_RO" -> ofSort(arguments);
            case "SPOP", "SRANDMEMBER", "HRANDFIELD", "ZRANDMEMBER", "RANDOMKEY", "TIME" -> SHAPE;
            case "XADD" -> arguments.contains("*") ? SHAPE : EXACT;
            case "TTL", "EXPIRETIME" -> SECONDS;
            case "PTTL", "PEXPIRETIME" -> MILLIS;
            case "HTTL", "HPTTL", "HEXPIRETIME", "HPEXPIRETIME" -> EACH_MILLIS;
            case "XINFO" -> OWN_FIGURES;
            case "XPENDING" -> CLOCKS;
            case "SCAN" -> fromStart(arguments, 1) ? EXACT : OWN_CURSOR;
            case "SSCAN", "HSCAN", "ZSCAN" -> fromStart(arguments, 2) ? EXACT : OWN_CURSOR;
            default -> EXACT;
        };
    }

    /** Texts that are found by a pattern may be equal, or none; and a set that is not sorted has no order. */
    private static Tolerance ofSort(List<String> arguments) {
        int by = arguments.indexOf("BY");
        boolean unsorted =
                by > 0 && by + 1 < arguments.size() && !arguments.get(by + 1).contains("*");
        if (unsorted && !hasWord(arguments, "STORE")) {
            return hasWord(arguments, "LIMIT") ? SHAPE : ANY_ORDER;
        }
        return by > 0 && hasWord(arguments, "ALPHA") ? ANY_ORDER : EXACT;
    }

    private static boolean hasWord(List<String> arguments, String word) {
        return arguments.stream().anyMatch(word::equalsIgnoreCase);
    }

    private static boolean fromStart(List<String> arguments, int cursorAt) {
        return arguments.size() > cursorAt && arguments.get(cursorAt).equals("0");
    }

    /** Whether both replies are right if one of them is. */
    boolean same(Reply one, Reply other) {
        if (one.toString().equals(other.toString())) {
            return true;
        }
        if (one.isError() || other.isError()) {
            return false;
        }
        return switch (this) {
            case EXACT -> false;
            case ANY_ORDER -> one.sorted(1).toString().equals(other.sorted(1).toString());
            case ANY_PAIR_ORDER ->
                one.sorted(2).toString().equals(other.sorted(2).toString());
            case SHAPE -> shape(one).equals(shape(other));
            case SECONDS -> clock(one, other, SLACK_MS / 1000);
            case MILLIS -> clock(one, other, SLACK_MS);
            case EACH_MILLIS -> each(one, other);
            case OWN_CURSOR -> true;
            case OWN_FIGURES -> nearly(one.without(STRUCTURE_FIGURES), other.without(STRUCTURE_FIGURES));
            case CLOCKS -> nearly(one, other);
        };
    }

    private static String shape(Reply reply) {
        if (reply.isAggregate()) {
            List<String> shapes =
                    reply.items().stream().map(item -> shape(item)).toList();
            return reply.type() + shapes.toString();
        }
        return reply.type() + (reply.text() == null ? "null" : "");
    }

    /** Whether they are the same but for what a clock said of consumers and of deliveries. */
    private static boolean nearly(Reply one, Reply other) {
        if (!one.isAggregate() || !other.isAggregate()) {
            return one.toString().equals(other.toString());
        }
        boolean same = one.type() == other.type()
                && one.items().size() == other.items().size();
        for (int i = 0; same && i < one.items().size(); i++) {
            Reply first = one.items().get(i);
            Reply second = other.items().get(i);
            same = isClock(one.items(), i) ? near(first, second) : nearly(first, second);
        }
        return same;
    }

    /** Behind its name; and in {@code [id, consumer, time, deliveries]} or the same without a consumer. */
    private static boolean isClock(List<Reply> items, int i) {
        if (i > 0 && CLOCK_FIGURES.contains("" + items.get(i - 1).text())) {
            return true;
        }
        boolean delivery = items.size() == 3 || items.size() == 4;
        return delivery && i == items.size() - 2 && ("" + items.getFirst().text()).matches("\\d+-\\d+");
    }

    private static boolean near(Reply one, Reply other) {
        return one.type() == ':' && other.type() == ':' && Math.abs(one.asLong() - other.asLong()) <= SLACK_MS;
    }

    private static boolean each(Reply one, Reply other) {
        boolean same = one.isAggregate()
                && other.isAggregate()
                && one.items().size() == other.items().size();
        for (int i = 0; same && i < one.items().size(); i++) {
            Reply first = one.items().get(i);
            Reply second = other.items().get(i);
            same = first.toString().equals(second.toString()) || clock(first, second, SLACK_MS);
        }
        return same;
    }

    private static boolean clock(Reply one, Reply other, long slack) {
        return one.type() == ':'
                && other.type() == ':'
                && one.asLong() > 0
                && other.asLong() > 0
                && Math.abs(one.asLong() - other.asLong()) <= slack;
    }
}
