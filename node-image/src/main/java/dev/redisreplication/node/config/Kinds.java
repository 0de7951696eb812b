package dev.redisreplication.node.config;

import dev.redisreplication.node.config.Kind.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The kinds of directives. */
final class Kinds {
    static final Kind<Boolean> YES_NO = Kind.one(Shape.WORD, Kinds::yesNo, value -> value.equals("yes"));

    static final Kind<String> TEXT = Kind.one(Shape.WORD, value -> value, value -> value);

    static final Kind<String> FILE_NAME = new Kind<>(Kinds::fileName, value -> value, Shape.WORD);

    static final Kind<Long> MEMORY = memory(0, Long.MAX_VALUE);

    static final Kind<MemoryShare> MEMORY_OR_PERCENT = Kind.one(Shape.WORD, Kinds::memoryOrPercent, MemoryShare::parse);

    static final Kind<Integer> OCTAL = Kind.one(Shape.WORD, Kinds::octal, value -> Integer.parseInt(value, 8));

    static final Kind<SaveRules> SAVE = words(WordLists::save, SaveRules::parse);

    static final Kind<OutputLimits> OUTPUT_LIMITS = words(OutputLimits::check, OutputLimits::parse);

    static final Kind<MasterAddress> MASTER = words(WordLists::replicaof, MasterAddress::parse);

    static final Kind<List<String>> SHUTDOWN = words(WordLists::shutdown, Kinds::split);

    static final Kind<EventClasses> EVENT_CLASSES = Kind.one(Shape.WORD, EventClasses::canonical, EventClasses::new);

    static final Kind<List<String>> THREE_NUMBERS = words(words -> WordLists.numbers(words, 3), Kinds::split);

    static final Kind<List<Double>> PERCENTILES = words(
            WordLists::percentiles,
            words -> split(words).stream().map(Double::valueOf).toList());

    static final Kind<List<String>> WORDS = words(words -> String.join(" ", words), Kinds::split);

    private Kinds() {}

    /** The check of several words. */
    interface CheckWords {
        String canonical(List<String> words) throws ConfigException;
    }

    private static <T> Kind<T> words(CheckWords check, Kind.Parse<T> parse) {
        return new Kind<>((name, words) -> check.canonical(WordLists.split(words)), parse, Shape.WORDS);
    }

    private static List<String> split(String canonical) {
        return canonical.isEmpty() ? List.of() : List.of(canonical.split(" ", -1));
    }

    static Kind<Long> number(long min, long max) {
        return clamped(min, max, min, max);
    }

    /** A number that is brought into a smaller range than it may have. */
    static Kind<Long> clamped(long min, long max, long least, long most) {
        return Kind.one(
                Shape.NUMBER,
                value -> {
                    long number = WordLists.integer(value);
                    if (number < min || number > max) {
                        throw outside(min, max);
                    }
                    return Long.toString(Math.clamp(number, least, most));
                },
                Long::parseLong);
    }

    static Kind<Long> memory(long min, long max) {
        return Kind.one(
                Shape.WORD,
                value -> {
                    long bytes = MemorySize.parse(value);
                    if (bytes < 0) {
                        throw new ConfigException("argument must be a memory value");
                    }
                    if (bytes < min || bytes > max) {
                        throw outside(min, max);
                    }
                    return Long.toString(bytes);
                },
                Long::parseLong);
    }

    private static ConfigException outside(long min, long max) {
        return new ConfigException("argument must be between " + min + " and " + max + " inclusive");
    }

    static Kind<String> oneOf(String... all) {
        return oneOf(List.of(all), one -> one);
    }

    /** Names of an enum, in lower case, a minus for an underscore. */
    static <E extends Enum<E>> Kind<E> oneOf(Class<E> type) {
        Map<String, E> byName =
                Arrays.stream(type.getEnumConstants()).collect(Collectors.toMap(Kinds::name, Function.identity()));
        return oneOf(Arrays.stream(type.getEnumConstants()).map(Kinds::name).toList(), byName::get);
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static <T> Kind<T> oneOf(List<String> all, Kind.Parse<T> parse) {
        return Kind.one(
                Shape.WORD,
                value -> {
                    for (String one : all) {
                        if (one.equalsIgnoreCase(value)) {
                            return one;
                        }
                    }
                    throw new ConfigException("argument(s) must be one of the following: " + String.join(", ", all));
                },
                parse);
    }

    private static String yesNo(String value) throws ConfigException {
        if (!value.equalsIgnoreCase("yes") && !value.equalsIgnoreCase("no")) {
            throw new ConfigException("argument must be 'yes' or 'no'");
        }
        return value.toLowerCase(Locale.ROOT);
    }

    private static String fileName(String directive, List<String> words) throws ConfigException {
        String value = Kind.single(words);
        if (value.indexOf('/') >= 0) {
            throw new ConfigException(directive + " can't be a path, just a filename");
        }
        return value;
    }

    /** A share stays what it is: of what, may change. */
    private static String memoryOrPercent(String value) throws ConfigException {
        if (value.isEmpty()) {
            return "0";
        }
        if (!value.endsWith("%")) {
            long bytes = MemorySize.parse(value);
            if (bytes < 0) {
                throw new ConfigException("argument must be a memory or percent value");
            }
            return Long.toString(bytes);
        }
        String digits = value.substring(0, value.length() - 1);
        if (!digits.matches("[0-9]{1,18}")) {
            throw new ConfigException("argument must be a memory or percent value");
        }
        long percent = Long.parseLong(digits);
        if (percent > 100) {
            throw new ConfigException("percentage argument must be less or equal to 100");
        }
        return percent == 0 ? "0" : percent + "%";
    }

    private static String octal(String value) throws ConfigException {
        try {
            int mode = Integer.parseInt(value, 8);
            if (mode >= 0 && mode <= 0777) {
                return Integer.toOctalString(mode);
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new ConfigException("argument couldn't be parsed into an octal number");
    }
}
