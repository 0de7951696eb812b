package dev.redisreplication.node.command;

/** Where the keys of a command stand among its arguments. */
public final class Keys {
    private Keys() {}

    /** The positions of the keys in {@code call}, which calls the command of {@code row}. */
    public static int[] positions(CommandRow row, Call call) {
        if (row.keyFinder != null) {
            return row.keyFinder.keys(call);
        }
        int argc = call.argc();
        int last = row.lastKey < 0 ? argc + row.lastKey : row.lastKey;
        int count = last < row.firstKey ? 0 : (last - row.firstKey) / row.keyStep + 1;
        call.takeHeap(4L * count);
        int[] at = new int[count];
        for (int i = 0; i < count; i++) {
            at[i] = row.firstKey + i * row.keyStep;
        }
        return at;
    }
}
