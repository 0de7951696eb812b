package dev.redisreplication.node.command.generic;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.memory.Memory;
import java.util.Arrays;

/** What SORT has behind its key. Patterns are arguments, which stay where they are until the command ends. */
final class SortOptions {
    private static final CommandError BY_DENIED =
            new CommandError("ERR BY option of SORT denied due to insufficient ACL permissions.");
    private static final CommandError GET_DENIED =
            new CommandError("ERR GET option of SORT denied due to insufficient ACL permissions.");

    boolean descending;
    boolean alphabetic;
    /** The order is that in which the elements are. */
    boolean unsorted;

    /** How many come first that are left out. */
    long offset;
    /** How many are returned at most; negative for all. */
    long count = -1;

    /** The argument where the weights are, or 0. */
    int by;
    /** The argument that is the key for the result, or 0. */
    int store;
    /** The arguments that say what is returned of each element, the first {@link #gets} of them. */
    int[] get = new int[2];

    int gets;

    /**
     * Reads them.
     *
     * @param mayStore whether the command knows STORE
     */
    static SortOptions parse(Call call, boolean mayStore) {
        SortOptions options = new SortOptions();
        for (int i = 2; i < call.argc(); ) {
            i += options.parseOne(call, i, mayStore);
        }
        return options;
    }

    private int parseOne(Call call, int i, boolean mayStore) {
        int left = call.argc() - i - 1;
        if (call.is(i, "ASC")) {
            descending = false;
            return 1;
        }
        if (call.is(i, "DESC")) {
            descending = true;
            return 1;
        }
        if (call.is(i, "ALPHA")) {
            alphabetic = true;
            return 1;
        }
        if (left >= 2 && call.is(i, "LIMIT")) {
            offset = call.asLong(i + 1);
            count = call.asLong(i + 2);
            return 3;
        }
        if (mayStore && left >= 1 && call.is(i, "STORE")) {
            store = i + 1;
            return 2;
        }
        if (left >= 1 && call.is(i, "BY")) {
            by = i + 1;
            if (!hasStar(call, by)) {
                unsorted = true;
            } else if (!readsAnyKey(call)) {
                throw BY_DENIED;
            }
            return 2;
        }
        if (left >= 1 && call.is(i, "GET")) {
            if (!readsAnyKey(call)) {
                throw GET_DENIED;
            }
            addGet(call, i + 1);
            return 2;
        }
        throw CommandError.SYNTAX;
    }

    private void addGet(Call call, int i) {
        if (gets == get.length) {
            call.takeHeap(8L * gets);
            get = Arrays.copyOf(get, 2 * gets);
        }
        get[gets++] = i;
    }

    private static boolean readsAnyKey(Call call) {
        return call.client().user().readsAnyKey(call.row(), call.request());
    }

    private static boolean hasStar(Call call, int i) {
        for (long at = call.address(i); at < call.address(i) + call.length(i); at++) {
            int octet = Memory.getByte(at);
            if (octet == '*' || octet == 0) {
                return octet == '*';
            }
        }
        return false;
    }
}
