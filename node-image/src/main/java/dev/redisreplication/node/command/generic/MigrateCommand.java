package dev.redisreplication.node.command.generic;

import static dev.redisreplication.node.command.Category.DANGEROUS;
import static dev.redisreplication.node.command.Category.KEYSPACE;
import static dev.redisreplication.node.command.Flag.WRITE;
import static dev.redisreplication.node.command.KeyFlag.ACCESS;
import static dev.redisreplication.node.command.KeyFlag.DELETE;
import static dev.redisreplication.node.command.KeyFlag.INCOMPLETE;
import static dev.redisreplication.node.command.KeyFlag.RW;
import static dev.redisreplication.node.config.Directives.RDBCOMPRESSION;

import dev.redisreplication.node.command.Awaited;
import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.Client;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.EffectWriter;
import dev.redisreplication.node.command.Event;
import dev.redisreplication.node.command.KeySpec;
import dev.redisreplication.node.command.Keys;
import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.command.Suspension;
import dev.redisreplication.node.rdb.ValueDump;
import dev.redisreplication.node.resp.Ascii;
import dev.redisreplication.node.resp.CommandEncoder;
import dev.redisreplication.node.resp.NativeBuffer;
import dev.redisreplication.node.resp.Request;
import dev.redisreplication.node.store.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * MIGRATE: keys go to another server, and are deleted here once it has them. Redis stands still meanwhile. Here the client
 * waits, and whoever wants to write; others read on. In a transaction or a script, which is one step for everybody, the node
 * stands still too.
 */
public final class MigrateCommand {
    private static final long DEFAULT_TIMEOUT = 1000;
    private static final CommandError KEY_AND_KEYS =
            new CommandError("ERR When using MIGRATE KEYS option, the key argument must be set to the empty string");

    private final Map<Client, Move> moves = new HashMap<>();

    private MigrateCommand() {}

    /** Adds the row. */
    public static void register(CommandTable.Builder t) {
        MigrateCommand c = new MigrateCommand();
        // spotless:off: one row a command
        t.row("migrate", -6, c::migrate).is(WRITE).key(3, RW, ACCESS, DELETE)
                .keysBehind("KEYS", -2, new KeySpec.Range(-1, 1, 0), RW, ACCESS, DELETE, INCOMPLETE)
                .keysBy(MigrateCommand::findKeys).in(KEYSPACE, DANGEROUS);
        // spotless:on
    }

    private static void findKeys(Request request, Keys keys) {
        for (int i = 6; i < request.argc() && request.length(3) == 0; i++) {
            if (Ascii.same(request.address(i), request.length(i), "KEYS")) {
                for (int key = i + 1; key < request.argc(); key++) {
                    keys.add(key, RW, ACCESS, DELETE);
                }
                return;
            }
        }
        keys.add(3, RW, ACCESS, DELETE);
    }

    private void migrate(Call call) {
        Move move = call.isResumed() ? moves.get(call.client()) : null;
        if (move != null) {
            finish(call, move);
            return;
        }
        Options options = Options.parse(call);
        move = prepare(call, options);
        if (move == null) {
            call.reply().simple("NOKEY");
        } else if (call.mayBlock()) {
            begin(call, move);
        } else {
            try (Transfer transfer = move.transfer) {
                transfer.run();
                finish(call, move);
            }
        }
    }

    /** The commands for the keys that are there, or null if none is. */
    private static Move prepare(Call call, Options options) {
        List<Integer> arguments = new ArrayList<>();
        for (int i = options.firstKey; i < options.firstKey + options.keys; i++) {
            if (call.db().find(call.address(i), call.length(i)) != 0) {
                arguments.add(i);
            }
        }
        if (arguments.isEmpty()) {
            return null;
        }
        Transfer transfer = new Transfer(call.asString(1), options.port, options.timeout);
        NativeBuffer out = transfer.commands;
        options.lead(call, transfer);
        boolean compress = call.node().settings().get(RDBCOMPRESSION);
        try (NativeBuffer payload = new NativeBuffer(4096)) {
            for (int i : arguments) {
                long entry = call.db().findAsIs(call.address(i), call.length(i));
                payload.clear();
                ValueDump.write(call.db(), entry, compress, payload);
                long ttl = Entry.hasExpiry(entry) ? Math.max(1, Entry.expiry(entry) - call.now()) : 0;
                CommandEncoder.begin(out, options.replace ? 5 : 4);
                CommandEncoder.arg(out, "RESTORE");
                CommandEncoder.arg(out, call.address(i), call.length(i));
                CommandEncoder.arg(out, ttl);
                CommandEncoder.arg(out, payload.address(), payload.readable());
                if (options.replace) {
                    CommandEncoder.arg(out, "REPLACE");
                }
                transfer.expectReply();
            }
        }
        return new Move(transfer, arguments, options.copy);
    }

    private void begin(Call call, Move move) {
        Node node = call.node();
        Client client = call.client();
        moves.put(client, move);
        node.pauseWhileMoving(true);
        move.whenOver = () -> {
            moves.remove(client);
            node.pauseWhileMoving(false);
        };
        Suspension waits = call.await(move, 0);
        Thread.ofPlatform().name("migrate").daemon().start(() -> {
            move.transfer.run();
            node.loop().execute(() -> {
                node.suspensions().resume(waits);
                move.transfer.close();
            });
        });
    }

    private static void finish(Call call, Move move) {
        String error = move.error();
        if (!move.copy) {
            delete(call, move.moved());
        }
        if (error == null) {
            call.reply().ok();
        } else {
            call.reply().error(error);
        }
    }

    private static void delete(Call call, List<Integer> moved) {
        List<Integer> deleted = new ArrayList<>();
        for (int i : moved) {
            if (call.db().remove(call.address(i), call.length(i))) {
                call.event(Event.DEL, i);
                deleted.add(i);
            }
        }
        if (!deleted.isEmpty()) {
            EffectWriter effect = call.effect(deleted.size() + 1).arg("DEL");
            deleted.forEach(i -> effect.arg(call.address(i), call.length(i)));
            call.changed(deleted.size());
        }
    }

    /** Keys on their way to another server. */
    private static final class Move implements Awaited {
        private final Transfer transfer;
        private final List<Integer> keys;
        private final boolean copy;
        private Runnable whenOver;

        /**
         * @param keys the arguments that are sent
         * @param copy whether they stay here
         */
        Move(Transfer transfer, List<Integer> keys, boolean copy) {
            this.transfer = transfer;
            this.keys = keys;
            this.copy = copy;
        }

        /** What the client is told, or null if all went well. */
        String error() {
            for (String reply : transfer.replies()) {
                if (reply.startsWith("-")) {
                    return "ERR Target instance replied with error: " + reply.substring(1);
                }
            }
            return transfer.failure();
        }

        /** The keys that the other server has. */
        List<Integer> moved() {
            List<String> replies = transfer.replies();
            List<Integer> moved = new ArrayList<>();
            for (int i = transfer.lead(); i < replies.size(); i++) {
                if (!replies.get(i).startsWith("-")) {
                    moved.add(keys.get(i - transfer.lead()));
                }
            }
            return moved;
        }

        @Override
        public boolean mayBeUnblocked() {
            return false;
        }

        @Override
        public void ended(Client client) {
            whenOver.run();
        }
    }

    /** What the arguments ask for. */
    private static final class Options {
        private int port;
        private long database;
        private int timeout;
        private int firstKey = 3;
        private int keys = 1;
        private boolean copy;
        private boolean replace;
        private int user; // arguments; 0 if there is none
        private int password;

        static Options parse(Call call) {
            Options options = new Options();
            for (int i = 6; i < call.argc(); i++) {
                int more = call.argc() - i - 1;
                if (call.is(i, "COPY")) {
                    options.copy = true;
                } else if (call.is(i, "REPLACE")) {
                    options.replace = true;
                } else if (call.is(i, "AUTH") && more >= 1) {
                    options.password = ++i;
                    call.redact(i);
                } else if (call.is(i, "AUTH2") && more >= 2) {
                    options.user = ++i;
                    call.redact(i);
                    options.password = ++i;
                    call.redact(i);
                } else if (call.is(i, "KEYS")) {
                    if (call.length(3) != 0) {
                        throw KEY_AND_KEYS;
                    }
                    options.firstKey = i + 1;
                    options.keys = more;
                    break;
                } else {
                    throw CommandError.SYNTAX;
                }
            }
            long timeout = call.asLong(5);
            options.database = call.asLong(4);
            options.timeout = (int) Math.min(timeout <= 0 ? DEFAULT_TIMEOUT : timeout, Integer.MAX_VALUE);
            options.port = port(call);
            return options;
        }

        /** What is no port leads nowhere, as in Redis. */
        private static int port(Call call) {
            String text = call.asString(2);
            return text.matches("\\d{1,5}") && Integer.parseInt(text) < 1 << 16 ? Integer.parseInt(text) : 0;
        }

        /** Writes what comes before the keys. Redis sends them along, to whatever database it is then. */
        void lead(Call call, Transfer transfer) {
            NativeBuffer out = transfer.commands;
            if (password != 0) {
                CommandEncoder.begin(out, user == 0 ? 2 : 3);
                CommandEncoder.arg(out, "AUTH");
                if (user != 0) {
                    CommandEncoder.arg(out, call.address(user), call.length(user));
                }
                CommandEncoder.arg(out, call.address(password), call.length(password));
                transfer.expectReply();
            }
            if (database != 0) {
                CommandEncoder.begin(out, 2);
                CommandEncoder.arg(out, "SELECT");
                CommandEncoder.arg(out, database);
                transfer.expectReply();
            }
            transfer.leadEnds();
        }
    }
}
