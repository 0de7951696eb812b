package dev.redisreplication.node.command.sortedset;

import static dev.redisreplication.node.command.Category.SORTEDSET;
import static dev.redisreplication.node.command.Flag.DENYOOM;
import static dev.redisreplication.node.command.Flag.READONLY;
import static dev.redisreplication.node.command.Flag.WRITE;
import static dev.redisreplication.node.command.KeyFlag.ACCESS;
import static dev.redisreplication.node.command.KeyFlag.OW;
import static dev.redisreplication.node.command.KeyFlag.RO;
import static dev.redisreplication.node.command.KeyFlag.UPDATE;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.Event;
import dev.redisreplication.node.command.sortedset.CombineOptions.Form;

/** Several sorted sets, or sets, whose members score 1: union, intersection, difference. */
public final class CombineCommands {
    private final Combination found = new Combination();

    private CombineCommands() {}

    /** Adds the rows of this part of the group. */
    public static void register(CommandTable.Builder t) {
        CombineCommands c = new CombineCommands();
        // spotless:off: one row a command
        t.row("zunion", -3, c::zunion).is(READONLY).numberedKeys(1, RO, ACCESS).in(SORTEDSET);
        t.row("zinter", -3, c::zinter).is(READONLY).numberedKeys(1, RO, ACCESS).in(SORTEDSET);
        t.row("zdiff", -3, c::zdiff).is(READONLY).numberedKeys(1, RO, ACCESS).in(SORTEDSET);
        t.row("zintercard", -3, c::zintercard).is(READONLY).numberedKeys(1, RO, ACCESS).in(SORTEDSET);
        t.row("zunionstore", -4, c::zunionstore)
                .is(WRITE, DENYOOM).key(1, OW, UPDATE).numberedKeys(2, RO, ACCESS).in(SORTEDSET);
        t.row("zinterstore", -4, c::zinterstore)
                .is(WRITE, DENYOOM).key(1, OW, UPDATE).numberedKeys(2, RO, ACCESS).in(SORTEDSET);
        t.row("zdiffstore", -4, c::zdiffstore)
                .is(WRITE, DENYOOM).key(1, OW, UPDATE).numberedKeys(2, RO, ACCESS).in(SORTEDSET);
        // spotless:on
    }

    void zunion(Call call) {
        CombineOptions options = CombineOptions.parse(call, 1, Form.COMBINE, false);
        found.union(call.db(), options);
        found.replyTo(call.reply(), options.withScores);
    }

    void zinter(Call call) {
        CombineOptions options = CombineOptions.parse(call, 1, Form.COMBINE, false);
        found.inter(call.db(), options);
        found.replyTo(call.reply(), options.withScores);
    }

    void zdiff(Call call) {
        CombineOptions options = CombineOptions.parse(call, 1, Form.DIFFERENCE, false);
        found.diff(call.db(), options);
        found.replyTo(call.reply(), options.withScores);
    }

    void zintercard(Call call) {
        found.inter(call.db(), CombineOptions.parse(call, 1, Form.COUNT, false));
        call.reply().integer(found.size());
        found.clear();
    }

    void zunionstore(Call call) {
        found.union(call.db(), CombineOptions.parse(call, 2, Form.COMBINE, true));
        store(call, Event.ZUNIONSTORE);
    }

    void zinterstore(Call call) {
        found.inter(call.db(), CombineOptions.parse(call, 2, Form.COMBINE, true));
        store(call, Event.ZINTERSTORE);
    }

    void zdiffstore(Call call) {
        found.diff(call.db(), CombineOptions.parse(call, 2, Form.DIFFERENCE, true));
        store(call, Event.ZDIFFSTORE);
    }

    /** Puts what was found in the place of the key in argument 1; nothing found leaves no key. */
    private void store(Call call, Event event) {
        int size = found.size();
        boolean removed = call.db().clear(call.address(1), call.length(1), size > 0);
        if (size > 0) {
            found.storeAt(call.db(), call.address(1), call.length(1));
            call.event(event, 1);
        } else if (removed) {
            call.event(Event.DEL, 1);
        }
        call.changed(size > 0 || removed ? 1 : 0);
        call.reply().integer(size);
        found.clear();
    }
}
