package dev.redisreplication.node.replication.command;

import dev.redisreplication.node.command.Awaited;
import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.Category;
import dev.redisreplication.node.command.Client;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandRow;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.Flag;
import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.command.Suspension;
import dev.redisreplication.node.history.History;
import dev.redisreplication.node.replication.ManagedNode.Role;
import dev.redisreplication.node.replication.io.Managed;
import dev.redisreplication.node.replication.io.Replication;
import dev.redisreplication.node.resp.ReplyWriter;

/**
 * LEASE: the orders of an operator to a managed node that Redis has no command for.
 *
 * <ul>
 *   <li>{@code LEASE FENCE term}: detach and take the term; answers with what an election needs to know. {@code
 *       master-silent-ms} is the time since a byte of a master came, {@code vote-age-ms} the time since the last question came
 *       whose answer prolongs a master's lease ({@code REPLCONF GETACK} with a clock reading); -1 if that never was in this run.
 *   <li>{@code LEASE RENEW term ttl-ms replicas clock}: the master may acknowledge writes until its own clock passes
 *       {@code clock + ttl-ms}; {@code clock} is a reading of {@code managed_clock} that it gave out before.
 *   <li>{@code LEASE YIELD term milliseconds}: the master of that very term holds the writes of its clients back, at most so
 *       long, so that its offset stands still and a replica can have all of it; answers with the milliseconds that are left. One
 *       that it obeys already is not prolonged by another.
 *   <li>{@code LEASE RESUME term}: ends that before its time; answers 1, or 0 where there was none.
 *   <li>{@code LEASE SETASIDE}: a node whose data do not load renames their files and ends, to begin without data.
 * </ul>
 */
final class LeaseCommands {
    private static final int LONGEST_TTL = 600_000;
    private static final int LONGEST_YIELD = 60_000;

    private final Replication replication;

    private LeaseCommands(Replication replication) {
        this.replication = replication;
    }

    static void register(CommandTable.Builder t, Replication replication) {
        LeaseCommands c = new LeaseCommands(replication);
        // spotless:off: one row a command
        CommandRow.Builder lease = t.row("lease", -2, LeaseCommands::unknown)
                .is(Flag.ADMIN, Flag.NOSCRIPT, Flag.LOADING, Flag.STALE).in(Category.REPLICATION);
        t.sub(lease, "fence", 3, c::fence)
                .is(Flag.ADMIN, Flag.NOSCRIPT, Flag.LOADING, Flag.STALE, Flag.NO_MULTI).in(Category.REPLICATION);
        t.sub(lease, "renew", 6, c::renew)
                .is(Flag.ADMIN, Flag.NOSCRIPT, Flag.LOADING, Flag.STALE, Flag.FAST, Flag.WATCHES).in(Category.REPLICATION);
        t.sub(lease, "resume", 3, c::resume)
                .is(Flag.ADMIN, Flag.NOSCRIPT, Flag.LOADING, Flag.STALE, Flag.FAST, Flag.NO_MULTI).in(Category.REPLICATION);
        t.sub(lease, "setaside", 2, c::setAside)
                .is(Flag.ADMIN, Flag.NOSCRIPT, Flag.LOADING, Flag.STALE, Flag.NO_MULTI).in(Category.REPLICATION);
        t.sub(lease, "yield", 4, c::yieldRole)
                .is(Flag.ADMIN, Flag.NOSCRIPT, Flag.LOADING, Flag.STALE, Flag.FAST, Flag.NO_MULTI).in(Category.REPLICATION);
        // spotless:on
    }

    private void setAside(Call call) {
        call.reply().bulk(String.join(", ", managed().setAside()));
    }

    private static void unknown(Call call) {
        throw new CommandError("ERR unknown subcommand '" + call.shown(1)
                + "'. Try LEASE FENCE, LEASE RENEW, LEASE YIELD," + " LEASE RESUME or LEASE SETASIDE.");
    }

    static long term(Call call, int argument) {
        CommandError wrong = new CommandError("ERR a term is a number from 0 on");
        long term = call.asLong(argument, wrong);
        if (term < 0) {
            throw wrong;
        }
        return term;
    }

    private Managed managed() {
        Managed managed = replication.managed();
        if (managed == null) {
            throw new CommandError("ERR this node is not managed");
        }
        return managed;
    }

    private void fence(Call call) {
        Managed managed = managed();
        long term = term(call, 2);
        Client client = call.client();
        Node node = call.node();
        if (managed.fencesAtOnce() || !call.mayBlock()) {
            managed.fence(term, client, before -> report(node, client.reply(), before), refusal -> {
                throw refusal;
            });
            return;
        }
        managed.checkFence(term);
        Suspension asked = call.await(FENCED, 0); // there is no timeout: the looks at the link are counted
        managed.fence(
                term,
                client,
                before -> node.suspensions().answer(asked, reply -> report(node, reply, before)),
                refusal -> node.suspensions().fail(asked, refusal.getMessage()));
    }

    /** What the operator's connection waits for while a replica reads what its kernel has got already. */
    private static final Awaited FENCED = new Awaited() {
        @Override
        public boolean mayBeUnblocked() {
            return false;
        }

        @Override
        public boolean endsWithRole() {
            return false; // it is the end of the role that it waits for
        }

        @Override
        public void ended(Client client) {
            // What answers it looks itself whether it still waits.
        }
    };

    private void report(Node node, ReplyWriter reply, Role before) {
        History history = replication.history();
        reply.map(10);
        reply.bulk("role-before");
        reply.bulk(before.text());
        reply.bulk("term");
        reply.integer(replication.managed().state().term());
        reply.bulk("replid");
        reply.bulk(history.replid());
        reply.bulk("offset");
        reply.integer(replication.log().end());
        reply.bulk("replid2");
        reply.bulk(history.replid2());
        reply.bulk("second-offset");
        reply.integer(history.secondOffset());
        reply.bulk("run-id");
        reply.bulk(node.runId());
        reply.bulk("synced");
        reply.integer(replication.isSynced() ? 1 : 0);
        reply.bulk("master-silent-ms");
        reply.integer(age(node, replication.heardAt()));
        // Detached by now: no younger vote can follow. Taken after the role changed, so rather too small than too
        // large.
        reply.bulk("vote-age-ms");
        reply.integer(age(node, replication.questionedAt()));
    }

    /** Milliseconds since then, -1 if it never was. */
    private static long age(Node node, long at) {
        return at < 0 ? -1 : node.loop().now() - at;
    }

    private void yieldRole(Call call) {
        Managed managed = managed();
        long term = term(call, 2);
        long millis = call.asLong(3);
        if (millis <= 0 || millis > LONGEST_YIELD) {
            throw new CommandError("ERR writes are held back for 1 to " + LONGEST_YIELD + " ms");
        }
        call.reply().integer(managed.yield(term, millis));
    }

    private void resume(Call call) {
        call.reply().integer(managed().resume(term(call, 2)) ? 1 : 0);
    }

    private void renew(Call call) {
        Managed managed = managed();
        long term = term(call, 2);
        long ttl = call.asLong(3);
        long replicas = call.asLong(4);
        long clock = call.asLong(5);
        if (ttl <= 0 || ttl > LONGEST_TTL || replicas < 0 || replicas > 1000) {
            throw new CommandError("ERR a lease lasts 1 to " + LONGEST_TTL + " ms and counts 0 to 1000 replicas");
        }
        call.reply().integer(managed.renew(term, ttl, (int) replicas, clock));
    }
}
