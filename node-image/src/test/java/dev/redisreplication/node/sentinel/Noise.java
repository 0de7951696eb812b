package dev.redisreplication.node.sentinel;

import dev.redisreplication.node.resp.ErrorReply;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

/** Does harm to some of the replies and messages that pass: texts, numbers, types, and what they are made of. */
final class Noise implements UnaryOperator<Object> {
    private static final List<String> PIECES = List.of(
            "",
            ",",
            ":",
            "\r\n",
            "\n",
            " ",
            "\"",
            "\u0000",
            "\udcff",
            "-1",
            "0",
            "65536",
            "99999999999999999999",
            "18446744073709551615",
            "9223372036854775807",
            "nowhere",
            "::1",
            "127.0.0.1",
            "role:master",
            "role:slave",
            "role:nothing",
            "slave0:ip=127.0.0.1,port=6001",
            "slave1:ip=,port=",
            "slave2:127.0.0.1,6002,online",
            "slave3:ip=nowhere,port=70000,x",
            "run_id:",
            "master_host:",
            "master_port:x",
            "slave_priority:0",
            "master_link_down_since_seconds:9223372036854775807");
    private static final long[] NUMBERS = {0, 1, -1, 2, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 32, 1L << 62};

    private final Random random;
    private final int oneOf;
    private int harmed;

    /** @param oneOf so many pass, and one of them is harmed */
    Noise(Random random, int oneOf) {
        this.random = random;
        this.oneOf = oneOf;
    }

    /** How many were harmed. */
    int harmed() {
        return harmed;
    }

    @Override
    public Object apply(Object what) {
        if (random.nextInt(oneOf) != 0) {
            return what;
        }
        harmed++;
        return random.nextInt(10) == 0 ? another() : changed(what, 0);
    }

    private Object another() {
        return switch (random.nextInt(6)) {
            case 0 -> null;
            case 1 -> number();
            case 2 -> piece();
            case 3 -> new ErrorReply("ERR " + piece());
            case 4 -> List.of();
            default -> List.of(number(), piece(), number());
        };
    }

    private Object changed(Object what, int depth) {
        return switch (what) {
            case String text -> text(text);
            case Long _ -> number();
            case List<?> list when depth < 4 -> list(list, depth);
            case null, default -> another();
        };
    }

    private Object list(List<?> list, int depth) {
        List<Object> all = new ArrayList<>(list);
        if (all.isEmpty() || random.nextInt(8) == 0) {
            all.add(another());
            return all;
        }
        int at = random.nextInt(all.size());
        switch (random.nextInt(4)) {
            case 0 -> all.remove(at);
            case 1 -> all.set(at, another());
            default -> all.set(at, changed(all.get(at), depth + 1));
        }
        return all;
    }

    private String text(String text) {
        StringBuilder changed = new StringBuilder(text);
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            int from = random.nextInt(changed.length() + 1);
            int to = Math.min(changed.length(), from + random.nextInt(12));
            switch (random.nextInt(5)) {
                case 0 -> changed.delete(from, to);
                case 1 -> changed.insert(from, piece());
                case 2 -> changed.replace(from, to, piece());
                case 3 -> changed.insert(from, changed.substring(from, to));
                default -> field(changed, from);
            }
        }
        return changed.toString();
    }

    /** Another value for a whole field of a line. */
    private void field(StringBuilder text, int near) {
        int from = near;
        while (from > 0 && ",:=\n".indexOf(text.charAt(from - 1)) < 0) {
            from--;
        }
        int to = from;
        while (to < text.length() && ",\r\n".indexOf(text.charAt(to)) < 0) {
            to++;
        }
        text.replace(from, to, random.nextBoolean() ? piece() : Long.toString(number()));
    }

    private String piece() {
        return PIECES.get(random.nextInt(PIECES.size()));
    }

    private long number() {
        return NUMBERS[random.nextInt(NUMBERS.length)];
    }
}
