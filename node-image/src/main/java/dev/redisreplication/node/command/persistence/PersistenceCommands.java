package dev.redisreplication.node.command.persistence;

import dev.redisreplication.node.aof.Persistence;
import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.Category;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.Flag;
import dev.redisreplication.node.replication.io.Replication;

/** SAVE, BGSAVE, BGREWRITEAOF and LASTSAVE. */
public final class PersistenceCommands {
    private PersistenceCommands() {}

    /** Adds the rows. */
    public static void register(CommandTable.Builder t) {
        // spotless:off: one row a command
        t.row("save", 1, PersistenceCommands::save).is(Flag.ADMIN, Flag.NOSCRIPT, Flag.NO_ASYNC_LOADING, Flag.NO_MULTI);
        t.row("bgsave", -1, PersistenceCommands::bgsave).is(Flag.ADMIN, Flag.NOSCRIPT, Flag.NO_ASYNC_LOADING);
        t.row("bgrewriteaof", 1, PersistenceCommands::bgrewriteaof)
                .is(Flag.ADMIN, Flag.NOSCRIPT, Flag.NO_ASYNC_LOADING);
        t.row("lastsave", 1, PersistenceCommands::lastsave)
                .is(Flag.LOADING, Flag.STALE, Flag.FAST).in(Category.ADMIN, Category.DANGEROUS);
        // spotless:on
    }

    private static Persistence persistence(Call call) {
        if (call.node().loading()) {
            throw new CommandError("LOADING Redis is loading the dataset in memory");
        }
        return Replication.of(call.node()).persistence();
    }

    private static void save(Call call) {
        persistence(call).saveNow();
        call.reply().simple("OK");
    }

    private static void bgsave(Call call) {
        boolean schedule = call.argc() == 2 && call.is(1, "SCHEDULE");
        if (call.argc() > 1 && !schedule) {
            throw CommandError.SYNTAX;
        }
        boolean began = persistence(call).saveInBackground(schedule);
        call.reply().simple(began ? "Background saving started" : "Background saving scheduled");
    }

    private static void bgrewriteaof(Call call) {
        boolean began = persistence(call).rewriteNow();
        call.reply()
                .simple(
                        began
                                ? "Background append only file rewriting started"
                                : "Background append only file rewriting scheduled");
    }

    private static void lastsave(Call call) {
        call.reply().integer(Replication.of(call.node()).persistence().lastSave());
    }
}
