package dev.redisreplication.node.aof.command;

import dev.redisreplication.node.aof.Persistence;
import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.Category;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.Flag;

/** SAVE, BGSAVE, BGREWRITEAOF and LASTSAVE. */
public final class PersistenceCommands {
    private final Persistence persistence;

    private PersistenceCommands(Persistence persistence) {
        this.persistence = persistence;
    }

    /** Adds the rows, which drive {@code persistence}. */
    public static void register(CommandTable.Builder t, Persistence persistence) {
        PersistenceCommands c = new PersistenceCommands(persistence);
        // spotless:off: one row a command
        t.row("save", 1, c::save).is(Flag.ADMIN, Flag.NOSCRIPT, Flag.NO_ASYNC_LOADING, Flag.NO_MULTI);
        t.row("bgsave", -1, c::bgsave).is(Flag.ADMIN, Flag.NOSCRIPT, Flag.NO_ASYNC_LOADING);
        t.row("bgrewriteaof", 1, c::bgrewriteaof)
                .is(Flag.ADMIN, Flag.NOSCRIPT, Flag.NO_ASYNC_LOADING);
        t.row("lastsave", 1, c::lastsave)
                .is(Flag.LOADING, Flag.STALE, Flag.FAST).in(Category.ADMIN, Category.DANGEROUS);
        // spotless:on
    }

    private Persistence loaded(Call call) {
        if (call.node().loading()) {
            throw new CommandError("LOADING Redis is loading the dataset in memory");
        }
        return persistence;
    }

    private void save(Call call) {
        loaded(call).saveNow();
        call.reply().simple("OK");
    }

    private void bgsave(Call call) {
        boolean schedule = call.argc() == 2 && call.is(1, "SCHEDULE");
        if (call.argc() > 1 && !schedule) {
            throw CommandError.SYNTAX;
        }
        boolean began = loaded(call).saveInBackground(schedule);
        call.reply().simple(began ? "Background saving started" : "Background saving scheduled");
    }

    private void bgrewriteaof(Call call) {
        boolean began = loaded(call).rewriteNow();
        call.reply()
                .simple(
                        began
                                ? "Background append only file rewriting started"
                                : "Background append only file rewriting scheduled");
    }

    private void lastsave(Call call) {
        call.reply().integer(persistence.lastSave());
    }
}
