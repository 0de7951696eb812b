package dev.redisreplication.node.command.argument;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.memory.Decimal;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** How long a command may wait. */
public final class Timeouts {
    private static final CommandError NOT_FLOAT = new CommandError("ERR timeout is not a float or out of range");
    private static final CommandError NOT_INTEGER = new CommandError("ERR timeout is not an integer or out of range");
    private static final CommandError NEGATIVE = new CommandError("ERR timeout is negative");

    private static final BigDecimal THOUSAND = BigDecimal.valueOf(1000);
    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final int PLAIN_DIGITS = 15;

    private Timeouts() {}

    /** Argument {@code i}, in seconds with a fraction, as milliseconds, rounded up; 0 is for ever. */
    public static long seconds(Call call, int i) {
        long address = call.address(i);
        int length = call.length(i);
        if (length <= PLAIN_DIGITS && Decimal.isCanonical(address, length)) {
            return notNegative(Decimal.parse(address, length) * 1000);
        }
        BigDecimal seconds = LongDouble.parse(address, length);
        if (seconds == null) {
            throw NOT_FLOAT;
        }
        BigDecimal millis = seconds.multiply(THOUSAND);
        if (millis.compareTo(MOST) > 0) {
            throw NEGATIVE; // Redis' number has run over by then
        }
        return notNegative(millis.setScale(0, RoundingMode.CEILING).longValue());
    }

    /** Argument {@code i}, in milliseconds; 0 is for ever. */
    public static long millis(Call call, int i) {
        return notNegative(call.asLong(i, NOT_INTEGER));
    }

    private static long notNegative(long millis) {
        if (millis < 0) {
            throw NEGATIVE;
        }
        return millis;
    }
}
