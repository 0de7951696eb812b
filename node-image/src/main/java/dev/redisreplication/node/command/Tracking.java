package dev.redisreplication.node.command;

import static dev.redisreplication.node.config.Directives.TRACKING_TABLE_MAX_KEYS;

import dev.redisreplication.node.net.Loop;
import dev.redisreplication.node.resp.NativeBuffer;
import dev.redisreplication.node.resp.ReplyWriter;
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

    private final Node node;
    private final Journal.Subscription journal;
    private final Broadcasts broadcasts = new Broadcasts(this::send);
    private final Keys keys = new Keys();
    private final NativeBuffer picked = new NativeBuffer(64);
    private InvalidationTable table; // null while nobody tracks
    private int clients;

    Tracking(Node node) {
        this.node = node;
        this.journal = node.journal().subscribe(this);
        node.loop().beforeFlush(Loop.Phase.ACKNOWLEDGE, this::endOfRound);
        node.settings().onChange(TRACKING_TABLE_MAX_KEYS, x -> shrink());
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
                node.heldNames().take(client, prefix.length);
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
            node.heldNames().give(client, prefix.length);
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

    /** A client that tracks asked for this call, itself or by a script: what it has read goes to the journal. */
    void called(Client client, Call call) {
        if (call.row().has(Flag.READONLY)
                && client.tracking.remembersReads()
                && keys.find(call.row(), call.request())) {
            keys.each((i, flags) -> call.event(Event.READ, i));
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
                    Client by = node.execution().client();
                    boolean byItself = event == Event.EXPIRED || event == Event.EVICTED;
                    broadcasts.changed(key, length, byItself ? null : by);
                    invalidate(key, length, by); // who finds it expired knows; Redis tells that one by a broadcast only
                }
            }
        }
        if (broadcasts.anyCollected()) {
            node.loop().wantRound();
        }
    }

    private void remember(long key, int length) {
        Client client = node.execution().client();
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
            Client client = node.clients().find(id);
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
        for (Client client : List.copyOf(node.clients().all())) {
            if (client.tracking != null) {
                send(client, ReplyWriter::nil);
            }
        }
        if (table != null) {
            table.clear();
        }
    }

    private boolean isOverfull() {
        long most = node.settings().get(TRACKING_TABLE_MAX_KEYS);
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
            node.loop().execute(this::shrink); // not all at once: others wait
        }
    }

    private void endOfRound() {
        if (broadcasts.anyCollected()) {
            broadcasts.send();
        }
    }

    private void send(Client client, Consumer<ReplyWriter> keys) {
        long redirect = client.tracking.options.redirect();
        Client receiver = redirect == 0 ? client : node.clients().find(redirect);
        if (receiver == null) {
            client.tracking.broken = true;
            if (client.resp3()) {
                ReplyWriter out = client.push();
                out.push(2);
                out.bulk("tracking-redir-broken");
                out.integer(redirect);
                client.sendPush(node);
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
        receiver.sendPush(node);
    }
}
