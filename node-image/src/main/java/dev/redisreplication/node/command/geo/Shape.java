package dev.redisreplication.node.command.geo;

/**
 * What is searched in: a circle, or a rectangle along the meridians.
 *
 * @param unit metres in the unit that the client uses
 * @param radius in that unit; of a circle only
 * @param width in that unit; of a rectangle only
 * @param height in that unit; of a rectangle only
 */
record Shape(
        double longitude, double latitude, double unit, boolean circle, double radius, double width, double height) {

    /** Metres from the middle to its farthest point. */
    double reach() {
        return unit * (circle ? radius : Math.sqrt(width / 2 * (width / 2) + height / 2 * (height / 2)));
    }

    /** Metres from the middle to the north. */
    double halfHeight() {
        return unit * (circle ? radius : height / 2);
    }

    /** Metres from the middle to the east. */
    double halfWidth() {
        return unit * (circle ? radius : width / 2);
    }

    /** Metres from the middle to a place, or a negative number if the place is outside. */
    double distance(double toLongitude, double toLatitude) {
        if (!circle) {
            boolean outside = GeoHash.distance(toLatitude, latitude) > halfHeight()
                    || GeoHash.distance(toLongitude, toLatitude, longitude, toLatitude) > halfWidth();
            if (outside) {
                return -1;
            }
        }
        double distance = GeoHash.distance(longitude, latitude, toLongitude, toLatitude);
        return circle && distance > reach() ? -1 : distance;
    }
}
