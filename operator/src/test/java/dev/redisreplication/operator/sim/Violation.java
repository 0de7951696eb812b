package dev.redisreplication.operator.sim;

/** An invariant of the design did not hold. */
final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1;

    Violation(String message) {
        super(message);
    }
}
