package dev.redisreplication.node.command;

import dev.redisreplication.node.resp.NativeBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a client has queued between MULTI and EXEC, and the keys it watches. */
final class Transaction {
    boolean active;
    boolean executing;
    /** A queued command was refused: EXEC will abort. */
    boolean broken;
    /** A watched key was changed: EXEC will do nothing. */
    boolean touched;

    /** The queued commands as canonical RESP, one behind the other. */
    NativeBuffer queue;

    final List<CommandRow> rows = new ArrayList<>(0);
    final Set<Watches.Key> watched = new HashSet<>(0);

    /** Whether a queued command writes. */
    boolean writes() {
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i).has(Flag.WRITE) || rows.get(i).has(Flag.MAY_REPLICATE)) {
                return true;
            }
        }
        return false;
    }

    void discard() {
        active = false;
        executing = false;
        broken = false;
        touched = false;
        rows.clear();
        if (queue != null) {
            queue.close();
            queue = null;
        }
    }
}
