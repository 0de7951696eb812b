package dev.redisreplication.node.command.argument;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;

/** Times to live as clients write them, turned into the absolute milliseconds that are stored and propagated. */
public final class Expiry {

    /** How a time is written: {@code EX}, {@code PX}, {@code EXAT} or {@code PXAT}. */
    public enum Form {
        EX(1000, true),
        PX(1, true),
        EXAT(1000, false),
        PXAT(1, false);

        private final long unit;
        private final boolean fromNow;

        Form(long unit, boolean fromNow) {
            this.unit = unit;
            this.fromNow = fromNow;
        }

        /** The form that argument {@code i} names, or null. */
        public static Form at(Call call, int i) {
            if (call.is(i, "EX")) {
                return EX;
            }
            if (call.is(i, "PX")) {
                return PX;
            }
            if (call.is(i, "EXAT")) {
                return EXAT;
            }
            return call.is(i, "PXAT") ? PXAT : null;
        }
    }

    private Expiry() {}

    /**
     * Argument {@code i} as a moment: for SET and its relatives, which take no time of zero or less.
     *
     * @return milliseconds since 1970
     */
    public static long positive(Call call, int i, Form form) {
        if (call.asLong(i) <= 0) {
            throw invalid(call);
        }
        return any(call, i, form);
    }

    /** Argument {@code i} as a moment: for EXPIRE and its relatives, where a time in the past means "now". */
    public static long any(Call call, int i, Form form) {
        long value = call.asLong(i);
        if (value > Long.MAX_VALUE / form.unit || value < Long.MIN_VALUE / form.unit) {
            throw invalid(call);
        }
        long millis = value * form.unit;
        if (!form.fromNow) {
            return millis;
        }
        if (millis > Long.MAX_VALUE - call.now()) {
            throw invalid(call);
        }
        return millis + call.now();
    }

    /**
     * Whether a key with this time is deleted at once, not stored: what Redis does unless the command comes from the
     * master, which decides.
     */
    public static boolean isOver(Call call, long expiresAt) {
        return expiresAt <= call.now()
                && !call.client().isMaster()
                && !call.node().loading();
    }

    /** The error of a time that is out of range. */
    public static CommandError invalid(Call call) {
        return new CommandError("ERR invalid expire time in '" + call.row().name() + "' command");
    }
}
