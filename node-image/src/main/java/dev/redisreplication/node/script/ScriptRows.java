package dev.redisreplication.node.script;

import static dev.redisreplication.node.command.Flag.MAY_REPLICATE;
import static dev.redisreplication.node.command.Flag.NOSCRIPT;
import static dev.redisreplication.node.command.Flag.NO_MANDATORY_KEYS;
import static dev.redisreplication.node.command.Flag.READONLY;
import static dev.redisreplication.node.command.Flag.RUNS_SCRIPT;
import static dev.redisreplication.node.command.Flag.SKIP_MONITOR;
import static dev.redisreplication.node.command.Flag.STALE;

import dev.redisreplication.node.command.Category;
import dev.redisreplication.node.command.CommandRow;
import dev.redisreplication.node.command.Declared;
import dev.redisreplication.node.command.KeyFlag;

/** What the rows of all commands have in common that run a script or a function. */
final class ScriptRows {
    private ScriptRows() {}

    /** Of one that may write; {@code declared} knows what it declares. */
    static void writing(CommandRow.Builder row, Declared declared) {
        row.declaredBy(declared)
                .is(NOSCRIPT, STALE, SKIP_MONITOR, MAY_REPLICATE, NO_MANDATORY_KEYS, RUNS_SCRIPT)
                .numberedKeys(2, KeyFlag.RW, KeyFlag.ACCESS, KeyFlag.UPDATE)
                .in(Category.SCRIPTING);
    }

    /** Of one that may not. */
    static void reading(CommandRow.Builder row, Declared declared) {
        row.declaredBy(declared)
                .is(READONLY, NOSCRIPT, STALE, SKIP_MONITOR, NO_MANDATORY_KEYS, RUNS_SCRIPT)
                .numberedKeys(2, KeyFlag.RO, KeyFlag.ACCESS)
                .in(Category.SCRIPTING);
    }
}
