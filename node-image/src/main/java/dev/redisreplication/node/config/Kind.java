package dev.redisreplication.node.config;

import java.util.List;

/**
 * What the values of a directive look like: how words are checked and brought into their canonical form, which CONFIG GET
 * prints, and what that is to those who read it.
 *
 * @param <T> the type that readers see
 * @param check checks words; the name is for errors
 * @param parse makes a value of what {@code check} returned
 * @param shape what is written differently into a file
 */
record Kind<T>(Check check, Parse<T> parse, Shape shape) {
    /** What a value is to those who handle all directives alike. */
    enum Shape {
        /** A number: a NUL in it is an error and no end. */
        NUMBER,
        /** Several words. */
        WORDS,
        /** One word. */
        WORD
    }

    /** The check of words. */
    interface Check {
        String canonical(String name, List<String> words) throws ConfigException;
    }

    /** The check of a single word. */
    interface CheckOne {
        String canonical(String word) throws ConfigException;
    }

    /** From the canonical form to the value. */
    interface Parse<T> {
        T of(String canonical);
    }

    /** One of a single word. */
    static <T> Kind<T> one(Shape shape, CheckOne check, Parse<T> parse) {
        return new Kind<>((name, words) -> check.canonical(single(words)), parse, shape);
    }

    static String single(List<String> words) throws ConfigException {
        if (words.size() != 1) {
            throw new ConfigException("wrong number of arguments");
        }
        return words.get(0);
    }
}
