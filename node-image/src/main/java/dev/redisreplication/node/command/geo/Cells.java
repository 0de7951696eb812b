package dev.redisreplication.node.command.geo;

/**
 * The cells that cover a shape: the one in its middle and those of its eight neighbours that it can reach, in the order in which
 * Redis looks at them. A cell is a range of scores.
 */
final class Cells {
    /** Half of the equator in the Mercator projection, in metres. */
    private static final double MERCATOR_MAX = 20037726.37;

    // Columns to the east and rows to the north of the middle.
    private static final int[][] ORDER = {{0, 0}, {0, 1}, {0, -1}, {1, 0}, {-1, 0}, {1, 1}, {-1, 1}, {1, -1}, {-1, -1}};

    private final long[] cells = new long[ORDER.length];
    private final int steps;
    private int count;

    private Cells(Shape shape) {
        double north = shape.latitude() + GeoHash.degrees(shape.halfHeight());
        double south = shape.latitude() - GeoHash.degrees(shape.halfHeight());
        // The side that is nearer to a pole has more degrees to a metre.
        double widest = shape.latitude() < 0 ? south : north;
        double degrees = GeoHash.degreesAt(widest, shape.halfWidth());
        double east = shape.longitude() + degrees;
        double west = shape.longitude() - degrees;

        int wanted = steps(shape.reach(), shape.latitude());
        Grid grid = new Grid(shape, wanted);
        if (wanted > 1 && !grid.neighboursReach(north, south, east, west)) {
            grid = new Grid(shape, wanted - 1);
        }
        this.steps = grid.steps;
        for (int[] move : ORDER) {
            if (steps < 2 || !grid.isNeedless(move, north, south, east, west)) {
                add(grid.cell(move));
            }
        }
    }

    static Cells of(Shape shape) {
        return new Cells(shape);
    }

    /** Around the whole earth two neighbours are one: it is looked at once, if Redis does. */
    private void add(long cell) {
        if (count == 0 || cells[count - 1] != cell) {
            cells[count++] = cell;
        }
    }

    int count() {
        return count;
    }

    /** The least score in a cell. */
    double from(int i) {
        return cells[i] << 2 * (GeoHash.STEPS - steps);
    }

    /** The least score behind a cell. */
    double to(int i) {
        return cells[i] + 1 << 2 * (GeoHash.STEPS - steps);
    }

    /** How often to halve, so that a cell and its neighbours are larger than the shape mostly. */
    private static int steps(double metres, double latitude) {
        if (metres == 0) {
            return GeoHash.STEPS;
        }
        int steps = 1;
        for (double size = metres; size < MERCATOR_MAX; size *= 2) {
            steps++;
        }
        steps -= 2;
        // Degrees of longitude are short near the poles.
        if (Math.abs(latitude) > 66) {
            steps--;
        }
        if (Math.abs(latitude) > 80) {
            steps--;
        }
        return Math.clamp(steps, 1, GeoHash.STEPS);
    }

    /** A grid, and where in it the middle of the shape is. */
    private static final class Grid {
        private final int steps;
        private final long mask;
        private final long x;
        private final long y;

        Grid(Shape shape, int steps) {
            this.steps = steps;
            this.mask = (1L << steps) - 1;
            long cell = GeoHash.encode(shape.longitude(), shape.latitude(), steps);
            this.x = GeoHash.column(cell);
            this.y = GeoHash.row(cell);
        }

        long cell(int[] move) {
            return GeoHash.interleave(x + move[0] & mask, y + move[1] & mask);
        }

        /** Whether the neighbours in the four directions go as far as the shape does. */
        boolean neighboursReach(double north, double south, double east, double west) {
            return GeoHash.south((y + 1 & mask) + 1, steps) >= north
                    && GeoHash.south(y - 1 & mask, steps) <= south
                    && GeoHash.west((x + 1 & mask) + 1, steps) >= east
                    && GeoHash.west(x - 1 & mask, steps) <= west;
        }

        /** Whether a neighbour is on a side where the shape does not leave the middle cell. */
        boolean isNeedless(int[] move, double north, double south, double east, double west) {
            return move[1] < 0 && GeoHash.south(y, steps) < south
                    || move[1] > 0 && GeoHash.south(y + 1, steps) > north
                    || move[0] < 0 && GeoHash.west(x, steps) < west
                    || move[0] > 0 && GeoHash.west(x + 1, steps) > east;
        }
    }
}
