package dev.redisreplication.node.command;

import dev.redisreplication.node.memory.Decimal;
import dev.redisreplication.node.resp.Ascii;
import dev.redisreplication.node.resp.ReplyWriter;
import dev.redisreplication.node.resp.Request;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.store.Store;
import dev.redisreplication.node.store.Type;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * What a handler gets: the arguments (slices of the connection's input, not to be kept), the reply, the data, and a way
 * to say what changed. There is one object for all calls at one depth of an {@link Execution}; do not keep it.
 */
public final class Call {
    /** The most bytes of an argument that is copied to the heap, which is small: a longer one is no name and no option. */
    public static final int MAX_COPIED = HeldNames.LONGEST;

    /** The most bytes of the heap that one command may take for copies of its arguments, and for tables of them. */
    private static final long MOST_COPIED = Runtime.getRuntime().maxMemory() / 4;

    private static final int AROUND = 64; // bytes of the objects around a copy

    private static final CommandError TOO_LONG = new CommandError("ERR argument is too long");
    private static final CommandError TOO_MANY =
            new CommandError("ERR too many arguments, there is no memory for all of them at once");

    private final Node node;
    private final CommandRows table;
    private final Within within;
    private final Dataset data;
    private final Journal journal;
    private final EffectWriter effects = new EffectWriter();

    private Request request;
    private Client client;
    private ReplyWriter reply;
    private CommandRow row;
    private long now;
    private int changes;
    private boolean propagated;
    private long copied;
    private Suspension resumed; // this request, if it was put aside before; or null
    private boolean suspended;
    private Map<Integer, String> fixed;
    private BitSet redacted; // or null

    Call(Node node, CommandRows table, Within within) {
        this.node = node;
        this.table = table;
        this.within = within;
        this.data = node.data();
        this.journal = node.journal();
    }

    void start(CommandRow row, Request request, Client client, ReplyWriter reply, long now) {
        this.row = row;
        this.request = request;
        this.client = client;
        this.reply = reply;
        this.now = now;
        this.changes = 0;
        this.propagated = false;
        this.copied = 0;
        this.resumed = Suspension.of(client);
        this.suspended = false;
        this.fixed = null;
        this.redacted = null;
    }

    /** Number of arguments, the command's name (argument 0) included. */
    public int argc() {
        return request.argc();
    }

    /** Address of argument {@code i}; valid until the handler returns. */
    public long address(int i) {
        return request.address(i);
    }

    /** Length of argument {@code i} in bytes. */
    public int length(int i) {
        return request.length(i);
    }

    /** Argument {@code i} as an integer of 64 bits, by Redis' strict rules. */
    public long asLong(int i) {
        return asLong(i, CommandError.NOT_INTEGER);
    }

    /** Argument {@code i} as an integer, or {@code otherwise} is thrown. */
    public long asLong(int i, CommandError otherwise) {
        long address = request.address(i);
        int length = request.length(i);
        if (!Decimal.isCanonical(address, length)) {
            throw otherwise;
        }
        return Decimal.parse(address, length);
    }

    /** Whether argument {@code i} is the word {@code upperCase}, in any case. */
    public boolean is(int i, String upperCase) {
        return Ascii.same(request.address(i), request.length(i), upperCase);
    }

    /** Argument {@code i}, of at most {@link #MAX_COPIED} bytes, as text. Not for the hot path. */
    public String asString(int i) {
        refuseTooLong(i);
        return Ascii.string(request.address(i), request.length(i));
    }

    /** Argument {@code i}, of at most {@link #MAX_COPIED} bytes, as an error text shows it: a character a byte, to the first NUL. */
    public String shown(int i) {
        refuseTooLong(i);
        return ErrorTexts.cut(request, i, request.length(i));
    }

    /** A copy of argument {@code i}, of at most {@link #MAX_COPIED} bytes, on the heap. Not for the hot path. */
    public byte[] asBytes(int i) {
        refuseTooLong(i);
        return Ascii.bytes(request.address(i), request.length(i));
    }

    private void refuseTooLong(int i) {
        if (request.length(i) > MAX_COPIED) {
            throw TOO_LONG;
        }
        takeHeap(AROUND + request.length(i));
    }

    /**
     * To be called before this command takes memory of the heap by the number of its arguments.
     *
     * @throws CommandError when it would take more than one command may
     */
    public void takeHeap(long bytes) {
        copied += bytes;
        if (copied > MOST_COPIED) {
            throw TOO_MANY;
        }
    }

    /** Where the reply goes. */
    public ReplyWriter reply() {
        return reply;
    }

    /** The client's database. */
    public Keyspace db() {
        return data.store().db(client.db);
    }

    /** All databases. */
    public Store store() {
        return data.store();
    }

    /** Milliseconds since 1970, the same for the whole command (and for all commands of a transaction). */
    public long now() {
        return now;
    }

    /** Who called. */
    public Client client() {
        return client;
    }

    /** The row that is executed. */
    public CommandRow row() {
        return row;
    }

    /** Everything else of this server. */
    public Node node() {
        return node;
    }

    /** All commands of this server. */
    public CommandRows table() {
        return table;
    }

    /** Runs commands within this one. */
    public Within within() {
        return within;
    }

    /**
     * Says that {@code n} changes were made (0: none, nothing is logged). The command is logged as it came, unless
     * {@link #effect} says otherwise. Which keys changed, and how, is told by {@link #event}.
     */
    public void changed(int n) {
        changes += n;
    }

    /** Writes to the journal what happened to the key that is argument {@code i}, in the client's database. */
    public void event(Event event, int i) {
        if (journal.active()) {
            journal.add(event, client.db, request.address(i), request.length(i));
        }
    }

    /** Writes to the journal what happened to a key of the client's database, or (without one) to the database. */
    public void event(Event event, long key, int length) {
        journal.add(event, client.db, key, length);
    }

    /** Writes to the journal what happened to a key of the database with this number. */
    public void event(Event event, int database, long key, int length) {
        journal.add(event, database, key, length);
    }

    /** As {@link #event(Event, int)}, for what took elements away: if it took the last one, the key is gone. */
    public void taken(Event event, int i) {
        if (journal.active()) {
            event(event, i);
            if (db().findAsIs(request.address(i), request.length(i)) == 0) {
                event(Event.DEL, i);
            }
        }
    }

    /** The command goes to the log although it changes no data: replicas have to hear of it. */
    public void propagate() {
        propagated = true;
    }

    boolean propagated() {
        return propagated;
    }

    /** How many changes were said so far. */
    public int changes() {
        return changes;
    }

    /**
     * Begins one command of {@code argc} arguments that is logged in place of the one that came; call it again for a
     * second. Needs {@link #changed} too. Effects must give the same result on any copy of the data: absolute times, and
     * no randomness.
     */
    public EffectWriter effect(int argc) {
        return effects.begin(argc);
    }

    // ---- waiting

    /** Whether the request can be put aside: not in EXEC or a script, not the master's stream, not when its time is over. */
    public boolean mayBlock() {
        return client.isAnswered() && !node.execution().isNested() && !isTimedOut();
    }

    /** Whether it was put aside and its time is over, or CLIENT UNBLOCK has ended it: it is to answer that. */
    public boolean isTimedOut() {
        return resumed != null && resumed.isTimedOut();
    }

    /**
     * Whether the key in argument {@code i} is to be looked at. All are at first. When the request is executed again, only
     * the one that became ready is, as in Redis; and none when its time is over.
     */
    public boolean looksAt(int i) {
        return resumed == null || resumed.cause.isReady(address(i), length(i));
    }

    /** Whether it was put aside before and is executed again. */
    public boolean isResumed() {
        return resumed != null;
    }

    /** Where the request is kept when it is put aside, it has {@code text} in the place of argument {@code i}. */
    public void fix(int i, String text) {
        takeHeap(AROUND);
        if (fixed == null) {
            fixed = new HashMap<>();
        }
        fixed.put(i, text);
    }

    /**
     * Of a request that is executed again, and has still nothing to answer: it waits on, in its place.
     *
     * @return false if it is executed for the first time
     */
    public boolean waitsOn() {
        if (resumed == null) {
            return false;
        }
        resumed.stays = true;
        suspended = true;
        return true;
    }

    /**
     * Puts the request aside until {@code cause} executes it again or answers. Ask {@link #mayBlock} first; write no reply.
     *
     * @param timeoutMillis 0 for no end
     */
    public Suspension await(Awaited cause, long timeoutMillis) {
        suspended = true;
        return node.suspensions().suspend(client, row, request, fixed, cause, timeoutMillis);
    }

    /**
     * Puts the request aside until one of the keys in the arguments {@code first} to {@code last} has a value of
     * {@code type}, or has it wait on. Ask {@link #mayBlock} first; write no reply.
     *
     * @param timeoutMillis 0 for no end
     */
    public void awaitKeys(int first, int last, Type type, long timeoutMillis) {
        if (!waitsOn()) {
            awaitKeys(first, last, node.keyWaits().wish(type), timeoutMillis);
        }
    }

    /**
     * As {@link #awaitKeys}, until one of the streams has what the group has not got yet whose name is argument {@code group}. It is
     * an error when the key goes meanwhile.
     */
    public void awaitStreams(int first, int last, int group, long timeoutMillis) {
        if (!waitsOn()) {
            awaitKeys(first, last, node.keyWaits().wish(address(group), length(group)), timeoutMillis);
        }
    }

    private void awaitKeys(int first, int last, Awaited wish, long timeoutMillis) {
        node.heldNames().requireRoom(last - first + 1);
        Suspension s = await(wish, timeoutMillis);
        node.keyWaits().add(s, node.suspensions().kept(s), first, last);
    }

    /** It has waited for what a group has not got yet, and has taken all there was: nobody else of the group need be asked. */
    public void tookAll() {
        if (resumed != null) {
            resumed.tookAll = true;
        }
    }

    boolean isSuspended() {
        return suspended;
    }

    /** The wait that this execution ends, or goes on with; null if there was none. */
    Suspension resumed() {
        return resumed;
    }

    /** Whether the command comes from the log of who executed it first: the stream of a master, or an append-only file. */
    public boolean isReplayed() {
        return !client.origin().isLogged();
    }

    /** Argument {@code i} is a secret: nobody who watches sees it. */
    public void redact(int i) {
        if (redacted == null) {
            redacted = new BitSet();
        }
        redacted.set(i);
    }

    boolean isRedacted(int i) {
        return redacted != null && redacted.get(i);
    }

    /** Whether a script has called. */
    public boolean isInScript() {
        return client.origin() == Origin.SCRIPT;
    }

    /**
     * To be called by a command that may wait, for an option that asks it to.
     *
     * @throws CommandError in a script, which cannot wait
     */
    public void refuseBlockInScript() {
        if (isInScript()) {
            throw new CommandError("ERR " + shown(0) + " command is not allowed with BLOCK option from scripts");
        }
    }

    /** The arguments as they came. */
    public Request request() {
        return request;
    }

    EffectWriter effects() {
        return effects;
    }
}
