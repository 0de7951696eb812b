package dev.redisreplication.node.command.string;

import static dev.redisreplication.node.command.Category.STRING;
import static dev.redisreplication.node.command.Flag.READONLY;
import static dev.redisreplication.node.command.KeyFlag.ACCESS;
import static dev.redisreplication.node.command.KeyFlag.RO;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.resp.ReplyWriter;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.store.Type;
import dev.redisreplication.node.type.Strings;
import java.util.ArrayList;
import java.util.List;

/** LCS: the longest common subsequence of two strings, by the table of lengths of all prefixes. */
public final class LcsCommand {
    /** The table has four bytes for each pair of prefixes; it must not be larger than the largest string. */
    private static final long MAX_TABLE = 512 << 20;

    /** Longer strings are not copied to the heap, which is small. */
    private static final int MAX_LENGTH = 4 << 20;

    private static final CommandError NOT_STRINGS =
            new CommandError("ERR The specified keys must contain string values");
    private static final CommandError LEN_AND_IDX =
            new CommandError("ERR If you want both the length and indexes, please just use IDX.");
    private static final CommandError TOO_LONG =
            new CommandError("ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len");

    private final Slice value = new Slice();

    private LcsCommand() {}

    /** Adds the row. */
    public static void register(CommandTable.Builder t) {
        LcsCommand c = new LcsCommand();
        // spotless:off: one row a command
        t.row("lcs", -3, c::lcs).is(READONLY).keys(1, 2, 1, RO, ACCESS).in(STRING);
        // spotless:on
    }

    /** A stretch that both strings share; both ends included. */
    private record Match(int aFirst, int aLast, int bFirst, int bLast) {
        int length() {
            return aLast - aFirst + 1;
        }
    }

    void lcs(Call call) {
        long first = find(call, 1);
        long second = find(call, 2);
        byte[] a = read(first);
        byte[] b = read(second);
        boolean len = false;
        boolean idx = false;
        boolean withLength = false;
        long minimum = 0;
        for (int i = 3; i < call.argc(); i++) {
            if (call.is(i, "IDX")) {
                idx = true;
            } else if (call.is(i, "LEN")) {
                len = true;
            } else if (call.is(i, "WITHMATCHLEN")) {
                withLength = true;
            } else if (call.is(i, "MINMATCHLEN") && i + 1 < call.argc()) {
                minimum = Math.max(0, call.asLong(++i));
            } else {
                throw CommandError.SYNTAX;
            }
        }
        if (len && idx) {
            throw LEN_AND_IDX;
        }
        try (Table lengths = new Table(a, b)) {
            reply(call, lengths, len, idx, minimum, withLength);
        }
    }

    private static void reply(Call call, Table lengths, boolean len, boolean idx, long minimum, boolean withLength) {
        if (len) {
            call.reply().integer(lengths.longest());
            return;
        }
        byte[] common = new byte[lengths.longest()];
        List<Match> matches = lengths.trace(common);
        if (idx) {
            replyMatches(call.reply(), matches, minimum, withLength, common.length);
        } else {
            call.reply().bulk(common);
        }
    }

    private static long find(Call call, int key) {
        return call.db().find(call.address(key), call.length(key));
    }

    private byte[] read(long entry) {
        if (entry == 0) {
            return new byte[0];
        }
        if (Entry.type(entry) != Type.STRING) {
            throw NOT_STRINGS;
        }
        Strings.get(entry, value);
        if (value.length() > MAX_LENGTH) {
            throw TOO_LONG;
        }
        return value.toBytes();
    }

    /** Cell (i, j), in native memory row by row: the length for the first i bytes of a and the first j of b. */
    private static final class Table implements AutoCloseable {
        private final byte[] a;
        private final byte[] b;
        private final long size;
        private final long cells;

        Table(byte[] a, byte[] b) {
            this.a = a;
            this.b = b;
            size = 4 * (a.length + 1L) * (b.length + 1L);
            if (size > MAX_TABLE) {
                throw TOO_LONG;
            }
            cells = Memory.map(size);
            for (int i = 1; i <= a.length; i++) {
                for (int j = 1; j <= b.length; j++) {
                    boolean same = a[i - 1] == b[j - 1];
                    int length = same ? get(i - 1, j - 1) + 1 : Math.max(get(i - 1, j), get(i, j - 1));
                    Memory.putInt(cell(i, j), length);
                }
            }
        }

        private long cell(int i, int j) {
            return cells + 4 * (i * (b.length + 1L) + j);
        }

        private int get(int i, int j) {
            return Memory.getInt(cell(i, j));
        }

        int longest() {
            return get(a.length, b.length);
        }

        /** Walks back from the last cell: fills {@code common}, returns the shared stretches, the last one first. */
        List<Match> trace(byte[] common) {
            List<Match> matches = new ArrayList<>();
            int left = common.length;
            Match open = null;
            int i = a.length;
            int j = b.length;
            while (i > 0 && j > 0) {
                if (a[i - 1] == b[j - 1]) {
                    i--;
                    j--;
                    common[--left] = a[i];
                    boolean longer = open != null && open.aFirst == i + 1 && open.bFirst == j + 1;
                    if (open != null && !longer) {
                        matches.add(open);
                    }
                    open = longer ? new Match(i, open.aLast, j, open.bLast) : new Match(i, i, j, j);
                } else if (get(i - 1, j) > get(i, j - 1)) {
                    i--;
                } else {
                    j--;
                }
            }
            if (open != null) {
                matches.add(open);
            }
            return matches;
        }

        @Override
        public void close() {
            Memory.unmap(cells, size);
        }
    }

    private static void replyMatches(
            ReplyWriter reply, List<Match> matches, long minimum, boolean withLength, int length) {
        List<Match> shown =
                matches.stream().filter(match -> match.length() >= minimum).toList();
        reply.map(2);
        reply.bulk("matches");
        reply.array(shown.size());
        for (Match match : shown) {
            reply.array(withLength ? 3 : 2);
            reply.array(2);
            reply.integer(match.aFirst);
            reply.integer(match.aLast);
            reply.array(2);
            reply.integer(match.bFirst);
            reply.integer(match.bLast);
            if (withLength) {
                reply.integer(match.length());
            }
        }
        reply.bulk("len");
        reply.integer(length);
    }
}
