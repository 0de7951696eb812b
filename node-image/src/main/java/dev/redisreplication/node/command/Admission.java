package dev.redisreplication.node.command;

import dev.redisreplication.node.config.Directives;
import dev.redisreplication.node.config.Settings;
import dev.redisreplication.node.resp.Request;

/**
 * Whether a request of a client may run now. The checks are those of Redis, in its order: the first that fails is the
 * answer. EXEC is checked for all that is queued at once: it writes if one of the commands does. On the event loop.
 *
 * <p>A command that passes costs a handful of branches, which go the same way nearly always.
 */
final class Admission {
    private final Users users;
    private final MemoryLimit memory;
    private final Standing standing;
    private final Interlude interlude;
    private final CommandRow ping;
    private final CommandRow exec;
    private final CommandRow discard;
    private final CommandRow quit;
    private final CommandRow reset;
    private boolean debugForAll;
    private boolean debugForLocal;

    Admission(
            Settings settings,
            Users users,
            MemoryLimit memory,
            Standing standing,
            Interlude interlude,
            CommandRows table) {
        this.users = users;
        this.memory = memory;
        this.standing = standing;
        this.interlude = interlude;
        this.ping = table.find("ping");
        this.exec = table.find("exec");
        this.discard = table.find("discard");
        this.quit = table.find("quit");
        this.reset = table.find("reset");
        settings.follow(Directives.ENABLE_DEBUG_COMMAND, this::protect);
    }

    private void protect(String who) {
        debugForAll = who.equals("yes");
        debugForLocal = who.equals("local");
    }

    /**
     * The error that {@code request} is to be answered with, or null if it may run, or may be queued.
     *
     * @param row what {@code request} calls; its number of arguments fits
     * @param flags those of {@code request} ({@link CommandRow#flags(Request)})
     */
    CommandError refuse(Client client, CommandRow row, int flags, Request request) {
        int has = flags;
        int lacks = ~has;
        boolean queues = client.transaction.active;
        if (queues && row == exec) {
            has |= client.transaction.has;
            lacks |= client.transaction.lacks;
        }
        if (in(has, Flag.PROTECTED) && !(debugForAll || (debugForLocal && client.isLocal()))) {
            return ErrorTexts.DEBUG_REFUSED;
        }
        if (!client.authenticated && in(lacks, Flag.NO_AUTH) && !users.isOpen()) {
            return ErrorTexts.NO_AUTH;
        }
        if (queues && in(has, Flag.NO_MULTI)) {
            return ErrorTexts.NOT_IN_MULTI;
        }
        if (!client.user.isUnrestricted()) {
            CommandError denied = refuseByUser(client, row, request);
            if (denied != null) {
                return denied;
            }
        }
        // Slots stand here.
        if (interlude.isNone()) { // else it is for the script that there is room
            memory.makeRoom();
        }
        if ((in(has, Flag.DENYOOM) || (queues && growsQueue(row))) && memory.isFull()) {
            return CommandError.OUT_OF_MEMORY;
        }
        CommandError refusal = refuseByRole(row, has);
        if (refusal != null) {
            return refusal;
        }
        if (client.onlyListens() && in(lacks, Flag.WHILE_SUBSCRIBED)) {
            return new CommandError(ErrorTexts.whileSubscribed(row));
        }
        return refuseByState(client, has, lacks);
    }

    private CommandError refuseByUser(Client client, CommandRow row, Request request) {
        Denial denial = client.user.check(row, request);
        if (denial == null) {
            return null;
        }
        users.denied(client, Users.Context.of(client), row, request, denial);
        return denial.error(row);
    }

    /** What is queued takes memory, whatever the command is. */
    private boolean growsQueue(CommandRow row) {
        return row != exec && row != discard && row != quit && row != reset;
    }

    private CommandError refuseByRole(CommandRow row, int has) {
        Gate gate = standing.gate();
        boolean writes = in(has, Flag.WRITE);
        CommandError disk = gate.disk();
        if (disk != null && (writes || row == ping)) { // whoever watches the node learns of it
            return disk;
        }
        return writes ? gate.write() : null;
    }

    private CommandError refuseByState(Client client, int has, int lacks) {
        Gate gate = standing.gate();
        CommandError role = gate.role();
        if (role != null && in(lacks, Flag.WITHOUT_ROLE)) {
            return role;
        }
        CommandError stale = gate.stale();
        if (stale != null && in(lacks, Flag.STALE)) {
            return stale;
        }
        if (standing.loading() && in(lacks, Flag.LOADING)) {
            return ErrorTexts.LOADING;
        }
        CommandError busy = interlude.refusal(~lacks);
        if (busy != null) {
            return busy;
        }
        boolean keyspace = in(has, Flag.READONLY)
                || in(has, Flag.WRITE)
                || in(has, Flag.MAY_REPLICATE)
                || in(has, Flag.RUNS_SCRIPT);
        return (client.replica || client.monitor) && keyspace ? ErrorTexts.REPLICA_IN_KEYSPACE : null;
    }

    private static boolean in(int flags, Flag flag) {
        return (flags & flag.bit) != 0;
    }
}
