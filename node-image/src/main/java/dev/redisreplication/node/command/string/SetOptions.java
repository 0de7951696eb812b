package dev.redisreplication.node.command.string;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.KeyFlag;
import dev.redisreplication.node.command.Keys;
import dev.redisreplication.node.command.argument.Expiry;
import dev.redisreplication.node.resp.Ascii;
import dev.redisreplication.node.resp.Request;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.store.Keyspace;

/** The options of SET and GETEX; one object is filled again for each command. */
final class SetOptions {
    boolean onlyNew;
    boolean onlyExisting;
    boolean get;
    boolean persist;

    private boolean keep;
    private Expiry.Form form;
    private long moment;

    /** {@code [NX | XX] [GET] [EX s | PX ms | EXAT s | PXAT ms | KEEPTTL]}. */
    void parseSet(Call call) {
        clear();
        for (int i = 3; i < call.argc(); i++) {
            if (call.is(i, "NX") && !onlyExisting) {
                onlyNew = true;
            } else if (call.is(i, "XX") && !onlyNew) {
                onlyExisting = true;
            } else if (call.is(i, "GET")) {
                get = true;
            } else if (call.is(i, "KEEPTTL") && form == null) {
                keep = true;
            } else {
                i = parseMoment(call, i);
            }
        }
        readMoment(call);
    }

    /** The key of SET: with GET its value is read, without it is only overwritten. */
    static void key(Request request, Keys keys) {
        for (int i = 3; i < request.argc(); i++) {
            if (Ascii.same(request.address(i), request.length(i), "GET")) {
                keys.add(1, KeyFlag.RW, KeyFlag.ACCESS, KeyFlag.UPDATE);
                return;
            }
        }
        keys.add(1, KeyFlag.OW, KeyFlag.UPDATE);
    }

    /** {@code [EX s | PX ms | EXAT s | PXAT ms | PERSIST]}; the time itself is read by {@link #readMoment}. */
    void parseGetex(Call call) {
        clear();
        for (int i = 2; i < call.argc(); i++) {
            if (call.is(i, "PERSIST") && form == null) {
                persist = true;
            } else {
                i = parseMoment(call, i);
            }
        }
    }

    /** Whether a time was given. */
    boolean hasMoment() {
        return form != null;
    }

    /** Whether the time was given as an absolute one. */
    boolean isAbsolute() {
        return form == Expiry.Form.EXAT || form == Expiry.Form.PXAT;
    }

    /** What to store: a moment, no time at all, or the time that the key has. */
    long expiresAt() {
        if (form != null) {
            return moment;
        }
        return keep ? Keyspace.KEEP_EXPIRY : Entry.NO_EXPIRY;
    }

    private void clear() {
        onlyNew = false;
        onlyExisting = false;
        get = false;
        persist = false;
        keep = false;
        form = null;
        moment = 0;
    }

    /** Notes where the moment stands; its value is judged after the syntax. Returns the argument that it ends at. */
    private int parseMoment(Call call, int i) {
        Expiry.Form read = Expiry.Form.at(call, i);
        boolean other = keep || persist || (form != null && form != read);
        if (read == null || other || i + 1 == call.argc()) {
            throw CommandError.SYNTAX;
        }
        form = read;
        moment = i + 1L;
        return i + 1;
    }

    /** Reads the time that was given, if any. */
    void readMoment(Call call) {
        if (form != null) {
            moment = Expiry.positive(call, (int) moment, form);
        }
    }
}
