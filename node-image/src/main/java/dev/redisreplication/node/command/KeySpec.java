package dev.redisreplication.node.command;

import dev.redisreplication.node.memory.Decimal;
import dev.redisreplication.node.resp.Ascii;
import dev.redisreplication.node.resp.Request;

/**
 * Where some of a command's keys stand, and what it does with them: a place to begin at, and a way to find the keys from
 * there on.
 *
 * @param flags bits of {@link KeyFlag}
 */
public record KeySpec(Begin begin, Find find, int flags) {

    /** Whether it carries {@code flag}. */
    public boolean has(KeyFlag flag) {
        return (flags & flag.bit) != 0;
    }

    /** Whether three numbers say it: the first key, the last one, and the step. */
    boolean isRange() {
        return begin instanceof Index && find instanceof Range;
    }

    /** Adds the keys to {@code keys}; false if the arguments are not such that there can be any. */
    boolean find(Request request, Keys keys) {
        int first = begin.position(request);
        return first > 0 ? find.from(first, request, flags, keys) : begin instanceof Keyword;
    }

    /** Where to begin. */
    public sealed interface Begin {
        /** The argument to begin at, or 0 if it is not there. */
        int position(Request request);
    }

    /** At an argument. */
    public record Index(int position) implements Begin {
        @Override
        public int position(Request request) {
            return position;
        }
    }

    /**
     * Behind a word.
     *
     * @param word upper case
     * @param from the argument from which on it is looked for; if negative from the end, and backwards
     */
    public record Keyword(String word, int from) implements Begin {
        @Override
        public int position(Request request) {
            int argc = request.argc();
            int step = from < 0 ? -1 : 1;
            int end = from < 0 ? 1 : argc - 1;
            for (int i = from < 0 ? argc + from : from; i > 0 && i < argc && i != end; i += step) {
                if (Ascii.same(request.address(i), request.length(i), word)) {
                    return i + 1;
                }
            }
            return 0;
        }
    }

    /** How to go on. */
    public sealed interface Find {
        /** Adds the keys from argument {@code first} on to {@code keys}; false if the arguments have none. */
        boolean from(int first, Request request, int flags, Keys keys);
    }

    /**
     * Up to a last key.
     *
     * @param last relative to the first; if negative from the end
     * @param limit 0, or of which part of the arguments the end is meant: 2 is the first half of them
     */
    public record Range(int last, int step, int limit) implements Find {
        @Override
        public boolean from(int first, Request request, int flags, Keys keys) {
            int argc = request.argc();
            int end = last >= 0 ? first + last : limit == 0 ? argc + last : first + (argc - first) / limit + last;
            return keys.add(first, end, step, argc, flags);
        }
    }

    /**
     * As many as an argument says.
     *
     * @param at where the number is
     * @param first the first key; both relative to the beginning
     */
    public record Numbered(int at, int first, int step) implements Find {
        @Override
        public boolean from(int begin, Request request, int flags, Keys keys) {
            int argc = request.argc();
            int i = begin + at;
            if (i >= argc || !Decimal.isCanonical(request.address(i), request.length(i))) {
                return false;
            }
            long count = Decimal.parse(request.address(i), request.length(i));
            if (count < 1 || count > argc) {
                return false;
            }
            return keys.add(begin + first, begin + first + ((int) count - 1) * step, step, argc, flags);
        }
    }

    /** Only a function can tell. */
    public record Unknown() implements Begin, Find {
        @Override
        public int position(Request request) {
            return 0;
        }

        @Override
        public boolean from(int first, Request request, int flags, Keys keys) {
            return false;
        }
    }
}
