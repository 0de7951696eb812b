package dev.redisreplication.node.command.geo;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.type.SortedSets;

/** What is searched for around a place, by GEORADIUS and GEOSEARCH and their kin. */
final class SearchOptions {
    private static final CommandError NO_MEMBER = new CommandError("ERR could not decode requested zset member");
    private static final CommandError BAD_COUNT = new CommandError("ERR COUNT must be > 0");
    private static final CommandError ANY_WITHOUT_COUNT =
            new CommandError("ERR the ANY argument requires COUNT argument");
    private static final CommandError NEGATIVE_RADIUS = new CommandError("ERR radius cannot be negative");
    private static final CommandError NEGATIVE_BOX = new CommandError("ERR height or width cannot be negative");

    /** The forms of the command. */
    enum Form {
        /** GEORADIUS: a place, a length and its unit in front of the options. */
        PLACE,
        /** GEORADIUSBYMEMBER: a member, a length and its unit. */
        MEMBER,
        /** GEOSEARCH. */
        SEARCH,
        /** GEOSEARCHSTORE: the key of the result is in front. */
        SEARCH_AND_STORE
    }

    enum Order {
        NONE,
        NEAREST,
        FARTHEST
    }

    boolean withDistance;
    boolean withHash;
    boolean withPlace;
    Order order = Order.NONE;

    /** The most places, or 0 for all. */
    long count;
    /** The first ones that are found will do. */
    boolean any;

    /** The argument that is the key for the result, or 0. */
    int store;
    /** The distances are stored in the place of the scores. */
    boolean storeDistance;

    private double longitude;
    private double latitude;
    private double unit = 1;
    private double radius;
    private double width;
    private double height;
    private boolean circle = true;
    private boolean hasMiddle;
    private boolean byMember;
    private boolean byRadius;
    private boolean byBox;

    /**
     * Reads them.
     *
     * @param zset where a member's place is looked up; 0 if there is none, which changes nothing about what is an error
     * @param mayStore whether GEORADIUS knows STORE and STOREDIST
     */
    static SearchOptions parse(Call call, long zset, Form form, boolean mayStore) {
        SearchOptions options = new SearchOptions();
        int first = options.parseFixed(call, zset, form);
        for (int i = first; i < call.argc(); ) {
            i += options.parseOne(call, i, zset, form, mayStore);
        }
        options.check(call, form);
        return options;
    }

    private int parseFixed(Call call, long zset, Form form) {
        return switch (form) {
            case PLACE -> {
                place(call, 2);
                circle(call, 4);
                yield 6;
            }
            case MEMBER -> {
                if (zset != 0) {
                    member(call, zset, 2);
                    circle(call, 3);
                }
                yield 5;
            }
            case SEARCH -> 2;
            case SEARCH_AND_STORE -> {
                store = 1;
                yield 3;
            }
        };
    }

    /** Reads the option at argument {@code i}; returns how many arguments it has. */
    private int parseOne(Call call, int i, long zset, Form form, boolean mayStore) {
        int left = call.argc() - i - 1;
        boolean searches = form == Form.SEARCH || form == Form.SEARCH_AND_STORE;
        if (parseFlag(call, i)) {
            return 1;
        }
        if (left >= 1 && call.is(i, "COUNT")) {
            count = call.asLong(i + 1);
            if (count <= 0) {
                throw BAD_COUNT;
            }
            return 2;
        }
        if (!searches && mayStore && left >= 1 && (call.is(i, "STORE") || call.is(i, "STOREDIST"))) {
            store = i + 1;
            storeDistance = call.is(i, "STOREDIST");
            return 2;
        }
        if (form == Form.SEARCH_AND_STORE && call.is(i, "STOREDIST")) {
            storeDistance = true;
            return 1;
        }
        int taken = searches ? parseWhere(call, i, left, zset) : 0;
        if (taken == 0) {
            throw CommandError.SYNTAX;
        }
        return taken;
    }

    private boolean parseFlag(Call call, int i) {
        if (call.is(i, "WITHDIST")) {
            withDistance = true;
        } else if (call.is(i, "WITHHASH")) {
            withHash = true;
        } else if (call.is(i, "WITHCOORD")) {
            withPlace = true;
        } else if (call.is(i, "ANY")) {
            any = true;
        } else if (call.is(i, "ASC")) {
            order = Order.NEAREST;
        } else if (call.is(i, "DESC")) {
            order = Order.FARTHEST;
        } else {
            return false;
        }
        return true;
    }

    /** Reads what says the shape; 0 if it is something else, or says it a second time in another way. */
    private int parseWhere(Call call, int i, int left, long zset) {
        if (left >= 1 && call.is(i, "FROMMEMBER") && (!hasMiddle || byMember)) {
            if (zset != 0) {
                member(call, zset, i + 1);
            }
            hasMiddle = true;
            byMember = true;
            return 2;
        }
        if (left >= 2 && call.is(i, "FROMLONLAT") && !byMember) {
            place(call, i + 1);
            return 3;
        }
        if (left >= 2 && call.is(i, "BYRADIUS") && !byBox) {
            circle(call, i + 1);
            byRadius = true;
            return 3;
        }
        if (left >= 3 && call.is(i, "BYBOX") && !byRadius) {
            width = GeoArguments.length(call, i + 1, "width");
            height = GeoArguments.length(call, i + 2, "height");
            if (width < 0 || height < 0) {
                throw NEGATIVE_BOX;
            }
            unit = GeoArguments.unit(call, i + 3);
            circle = false;
            byBox = true;
            return 4;
        }
        return 0;
    }

    private void place(Call call, int i) {
        longitude = GeoArguments.degrees(call, i);
        latitude = GeoArguments.degrees(call, i + 1);
        GeoArguments.check(longitude, latitude);
        hasMiddle = true;
    }

    private void member(Call call, long zset, int i) {
        double score = SortedSets.score(call.db(), zset, call.address(i), call.length(i));
        if (Double.isNaN(score)) {
            throw NO_MEMBER;
        }
        longitude = GeoHash.longitude((long) score);
        latitude = GeoHash.latitude((long) score);
        hasMiddle = true;
    }

    private void circle(Call call, int i) {
        radius = GeoArguments.length(call, i, "radius");
        if (radius < 0) {
            throw NEGATIVE_RADIUS;
        }
        unit = GeoArguments.unit(call, i + 1);
        circle = true;
    }

    private void check(Call call, Form form) {
        boolean searches = form == Form.SEARCH || form == Form.SEARCH_AND_STORE;
        if (store > 0 && (withDistance || withHash || withPlace)) {
            String name = form == Form.SEARCH_AND_STORE ? "GEOSEARCHSTORE" : "STORE option in GEORADIUS";
            throw new CommandError("ERR " + name + " is not compatible with WITHDIST, WITHHASH and WITHCOORD options");
        }
        if (searches && !hasMiddle) {
            throw new CommandError("ERR exactly one of FROMMEMBER or FROMLONLAT can be specified for " + call.shown(0));
        }
        if (searches && !byRadius && !byBox) {
            throw new CommandError("ERR exactly one of BYRADIUS and BYBOX can be specified for " + call.shown(0));
        }
        if (any && count == 0) {
            throw ANY_WITHOUT_COUNT;
        }
        if (count > 0 && order == Order.NONE && !any) {
            order = Order.NEAREST; // the first of no order are nothing that one would ask for
        }
    }

    Shape shape() {
        return new Shape(longitude, latitude, unit, circle, radius, width, height);
    }
}
