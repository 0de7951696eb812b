package dev.redisreplication.node.command;

import static dev.redisreplication.node.config.Directives.TRACKING_TABLE_MAX_KEYS;

import dev.redisreplication.node.config.NodeSettings;
import dev.redisreplication.node.net.Loop;
import dev.redisreplication.node.resp.NativeBuffer;
import dev.redisreplication.node.resp.ReplyWriter;
import dev.redisreplication.node.resp.Request;
import java.util.List;
import java.util.function.Consumer;

/**
 * Tells clients that cache values which of them are out of date. See
 * <a href="https://redis.io/docs/latest/develop/reference/client-side-caching/">client-side caching in Redis</a>. It reads in
 * the journal what tracking clients have read and what anybody has changed; nothing is written there for it while no client
 * tracks. Keys of different databases are one, as in Redis. On the event loop only.
 */
public final class Tracking implements Journal.Reader {
    private static final String CHANNEL = "__redis__:invalidate";
    private static final int FORGOTTEN_AT_ONCE = 100; // keys, when the table is full

    private final Loop loop;
    private final NodeSettings settings;
    private final Journal all;
    private final Execution execution;
    private final Clients everybody;
    private final HeldNames heldNames;
    private final OutputGuard outputs;
    private final Journal.Subscription journal;
    private final Broadcasts broadcasts = new Broadcasts(this::send);
    private final Keys keys = new Keys();
    private final NativeBuffer picked = new NativeBuffer(64);
    private InvalidationTable table; // null while nobody tracks
    private int clients;

    Tracking(
            Loop loop,
            NodeSettings settings,
            Journal journal,
            Execution execution,
            Clients clients,
            HeldNames heldNames,
            OutputGuard outputs) {
        this.loop = loop;
        this.settings = settings;
        this.all = journal;
        this.execution = execution;
        this.everybody = clients;
        this.heldNames = heldNames;
        this.outputs = outputs;
        this.journal = journal.subscribe(this);
        loop.beforeFlush(Loop.Phase.ACKNOWLEDGE, this::endOfRound);
        settings.onChange(TRACKING_TABLE_MAX_KEYS, x -> shrink());
    }

    /**
     * CLIENT TRACKING ON: from now on, or differently from now on.
     *
     * @param prefixes to be added to those it has; only with the option broadcast
     */
    public void on(Client client, ClientTracking.Options options, List<byte[]> prefixes) {
        ClientTracking before = client.tracking;
        ClientTracking tracking = new ClientTracking(options);
        client.tracking = tracking;
        if (before == null) {
            clients++;
        } else {
            tracking.caching = before.caching;
            tracking.prefixes.addAll(before.prefixes);
        }
        for (byte[] prefix : prefixes) {
            if (tracking.prefixes.add(prefix)) {
                heldNames.take(client, prefix.length);
                broadcasts.add(client, prefix);
            }
        }
        if (table == null) {
            table = new InvalidationTable();
        }
        journal.on(true);
    }

    /** CLIENT TRACKING OFF, and when a client goes: it is told nothing any more. */
    public void off(Client client) {
        if (client.tracking == null) {
            return;
        }
        for (byte[] prefix : client.tracking.prefixes) {
            heldNames.give(client, prefix.length);
            broadcasts.remove(client, prefix);
        }
        client.tracking = null;
        if (--clients == 0) {
            journal.on(false);
            table.close();
            table = null;
        }
    }

    /** Clients that track. */
    public int clients() {
        return clients;
    }

    /** Keys in the table of what clients have read. */
    public long keys() {
        return table == null ? 0 : table.size();
    }

    /** Pairs of a key and a client there. */
    public long items() {
        return table == null ? 0 : table.items();
    }

    /** Prefixes that clients want to hear of. */
    public int prefixes() {
        return broadcasts.size();
    }

    /** Bytes that the table of what clients have read takes. */
    public long usedMemory() {
        return table == null ? 0 : table.usedMemory();
    }

    /**
     * A client that tracks asked for this command, itself or by a script: what it has read goes to the journal.
     *
     * @param db the database in which it ran
     */
    void called(Client client, int db, CommandRow row, Request request) {
        if (row.has(Flag.READONLY) && client.tracking.remembersReads() && row.findKeys(request, keys)) {
            keys.each((i, flags) -> all.add(Event.READ, db, request.address(i), request.length(i)));
        }
    }

    @Override
    public void read(Event event, int db, long key, int length) {
        switch (event) {
            case READ -> remember(key, length);
            case FLUSHED -> forgetAll();
            case EXCHANGED -> {
                if (db == Journal.ALL) { // after SWAPDB clients keep what they have, in Redis too
                    forgetAll();
                }
            }
            default -> {
                if (event.modifies()) {
                    Client by = execution.client();
                    boolean byItself = event == Event.EXPIRED || event == Event.EVICTED;
                    broadcasts.changed(key, length, byItself ? null : by);
                    invalidate(key, length, by); // who finds it expired knows; Redis tells that one by a broadcast only
                }
            }
        }
        if (broadcasts.anyCollected()) {
            loop.wantRound();
        }
    }

    private void remember(long key, int length) {
        Client client = execution.client();
        if (client.tracking == null) {
            return;
        }
        table.add(key, length, client.id());
        for (int i = 0; i < FORGOTTEN_AT_ONCE && isOverfull(); i++) {
            forgetOne();
        }
    }

    /** @param by who changed it; one that is said not to want to hear of its own changes does not */
    private void invalidate(long key, int length, Client by) {
        if (table == null) {
            return; // the last client was closed for not reading what it is told
        }
        for (long id : table.take(key, length)) {
            Client client = everybody.find(id);
            boolean told = client != null
                    && client.tracking != null
                    && !client.tracking.options.broadcast()
                    && !(client.tracking.options.noLoop() && client == by);
            if (told) {
                send(client, out -> {
                    out.array(1);
                    out.bulk(key, length);
                });
            }
        }
    }

    private void forgetAll() {
        for (Client client : List.copyOf(everybody.all())) {
            if (client.tracking != null) {
                send(client, ReplyWriter::nil);
            }
        }
        if (table != null) {
            table.clear();
        }
    }

    private boolean isOverfull() {
        long most = settings.get(TRACKING_TABLE_MAX_KEYS);
        return table != null && most > 0 && table.size() > most;
    }

    /** A key is not remembered any more, so clients that have cached it may not rely on hearing of changes. */
    private void forgetOne() {
        table.pick(picked);
        invalidate(picked.address(), picked.readable(), null);
    }

    private void shrink() {
        for (int i = 0; i < FORGOTTEN_AT_ONCE && isOverfull(); i++) {
            forgetOne();
        }
        if (isOverfull()) {
            loop.execute(this::shrink); // not all at once: others wait
        }
    }

    private void endOfRound() {
        if (broadcasts.anyCollected()) {
            broadcasts.send();
        }
    }

    private void send(Client client, Consumer<ReplyWriter> keys) {
        long redirect = client.tracking.options.redirect();
        Client receiver = redirect == 0 ? client : everybody.find(redirect);
        if (receiver == null) {
            client.tracking.broken = true;
            if (client.resp3()) {
                ReplyWriter out = client.push();
                out.push(2);
                out.bulk("tracking-redir-broken");
                out.integer(redirect);
                outputs.sendPush(client);
            }
            return;
        }
        boolean asMessage = redirect != 0 && receiver.isSubscribed();
        if (!receiver.resp3() && !asMessage) {
            return; // RESP2 knows nothing that is no reply but messages to subscribers
        }
        ReplyWriter out = receiver.push();
        if (receiver.resp3()) {
            out.push(2);
            out.bulk("invalidate");
        } else {
            out.push(3);
            out.bulk("message");
            out.bulk(CHANNEL);
        }
        keys.accept(out);
        outputs.sendPush(receiver);
    }
}
