package dev.redisreplication.node.command.geo;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.argument.Doubles;
import java.util.Locale;

/** Arguments that say places and lengths. */
final class GeoArguments {
    private static final CommandError BAD_UNIT =
            new CommandError("ERR unsupported unit provided. please use M, KM, FT, MI");

    private GeoArguments() {}

    /** A longitude or a latitude. */
    static double degrees(Call call, int i) {
        double degrees = Doubles.strict(call.address(i), call.length(i));
        if (Double.isNaN(degrees)) {
            throw CommandError.NOT_FLOAT;
        }
        return degrees;
    }

    /** @throws CommandError when there is no such place on the map */
    static void check(double longitude, double latitude) {
        if (Math.abs(longitude) > GeoHash.MAX_LONGITUDE || Math.abs(latitude) > GeoHash.MAX_LATITUDE) {
            throw new CommandError(
                    "ERR invalid longitude,latitude pair %s,%s".formatted(text(longitude), text(latitude)));
        }
    }

    private static String text(double degrees) {
        return Double.isInfinite(degrees) ? degrees > 0 ? "inf" : "-inf" : String.format(Locale.ROOT, "%f", degrees);
    }

    /** A length, of which the caller says what it may be. */
    static double length(Call call, int i, String name) {
        double length = Doubles.strict(call.address(i), call.length(i));
        if (Double.isNaN(length)) {
            throw new CommandError("ERR need numeric " + name);
        }
        return length;
    }

    /** Metres in a unit. */
    static double unit(Call call, int i) {
        if (call.is(i, "M")) {
            return 1;
        }
        if (call.is(i, "KM")) {
            return 1000;
        }
        if (call.is(i, "FT")) {
            return 0.3048;
        }
        if (call.is(i, "MI")) {
            return 1609.34;
        }
        throw BAD_UNIT;
    }
}
