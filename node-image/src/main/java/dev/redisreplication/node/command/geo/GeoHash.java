package dev.redisreplication.node.command.geo;

/**
 * Cells of a grid over the earth, halved in turn by longitude and by latitude; a cell of 52 bits (26 halvings each) is the score of
 * a place. The bits of the latitude are the even ones. See "Geohash" and Redis' documentation of GEOADD.
 */
final class GeoHash {
    /** Halvings of each axis for the score of a place. */
    static final int STEPS = 26;

    static final double MAX_LONGITUDE = 180;
    /** As far as the Mercator projection is square (EPSG:3857). */
    static final double MAX_LATITUDE = 85.05112878;

    private static final double EARTH_RADIUS = 6372797.560856; // metres
    private static final char[] LETTERS = "0123456789bcdefghjkmnpqrstuvwxyz".toCharArray();
    private static final int TEXT_LENGTH = 11;

    private GeoHash() {}

    /** The cell of a place, which is within the bounds. */
    static long encode(double longitude, double latitude, int steps) {
        return encode(longitude, latitude, MAX_LATITUDE, steps);
    }

    private static long encode(double longitude, double latitude, double maxLatitude, int steps) {
        double cells = 1L << steps;
        long x = (long) ((longitude + MAX_LONGITUDE) / (2 * MAX_LONGITUDE) * cells);
        long y = (long) ((latitude + maxLatitude) / (2 * maxLatitude) * cells);
        return interleave(x, y);
    }

    /** The cell in column {@code x} and row {@code y}. */
    static long interleave(long x, long y) {
        return spread(x) << 1 | spread(y);
    }

    /** The column of a cell. */
    static long column(long cell) {
        return gather(cell >>> 1);
    }

    /** The row of a cell. */
    static long row(long cell) {
        return gather(cell);
    }

    private static long spread(long value) {
        return Long.expand(value, 0x5555555555555555L);
    }

    private static long gather(long value) {
        return Long.compress(value, 0x5555555555555555L);
    }

    /** The longitude at which a column begins. */
    static double west(long column, int steps) {
        return -MAX_LONGITUDE + column * 1.0 / (1L << steps) * (2 * MAX_LONGITUDE);
    }

    /** The latitude at which a row begins. */
    static double south(long row, int steps) {
        return -MAX_LATITUDE + row * 1.0 / (1L << steps) * (2 * MAX_LATITUDE);
    }

    /** The longitude of the middle of a score's cell. */
    static double longitude(long score) {
        long column = column(score);
        double middle = (west(column, STEPS) + west(column + 1, STEPS)) / 2;
        return Math.clamp(middle, -MAX_LONGITUDE, MAX_LONGITUDE);
    }

    /** The latitude of the middle of a score's cell. */
    static double latitude(long score) {
        long row = row(score);
        double middle = (south(row, STEPS) + south(row + 1, STEPS)) / 2;
        return Math.clamp(middle, -MAX_LATITUDE, MAX_LATITUDE);
    }

    /** The text by which a place is known elsewhere: eleven letters, in a grid that goes to the poles. The last says nothing. */
    static String text(long score) {
        long cell = encode(longitude(score), latitude(score), 90, STEPS);
        char[] text = new char[TEXT_LENGTH];
        for (int i = 0; i < TEXT_LENGTH - 1; i++) {
            text[i] = LETTERS[(int) (cell >> 2 * STEPS - 5 * (i + 1) & 31)];
        }
        text[TEXT_LENGTH - 1] = LETTERS[0];
        return new String(text);
    }

    /** Metres between two places, along the surface (haversine). */
    static double distance(double longitude1, double latitude1, double longitude2, double latitude2) {
        double v = Math.sin((radians(longitude2) - radians(longitude1)) / 2);
        if (v == 0) {
            return distance(latitude1, latitude2);
        }
        double u = Math.sin((radians(latitude2) - radians(latitude1)) / 2);
        double a = u * u + Math.cos(radians(latitude1)) * Math.cos(radians(latitude2)) * v * v;
        return 2 * EARTH_RADIUS * Math.asin(Math.sqrt(a));
    }

    /** Metres between two latitudes. */
    static double distance(double latitude1, double latitude2) {
        return EARTH_RADIUS * Math.abs(radians(latitude2) - radians(latitude1));
    }

    /** How many degrees of latitude so many metres are. */
    static double degrees(double metres) {
        return metres / EARTH_RADIUS / RADIAN;
    }

    /** How many degrees of longitude so many metres are at a latitude. */
    static double degreesAt(double latitude, double metres) {
        return metres / EARTH_RADIUS / Math.cos(radians(latitude)) / RADIAN;
    }

    private static final double RADIAN = Math.PI / 180;

    private static double radians(double degrees) {
        return degrees * RADIAN;
    }
}
