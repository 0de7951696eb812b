package dev.redisreplication.node.command;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.SipHash;
import dev.redisreplication.node.resp.Request;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.store.Type;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Who waits for which key, in the order in which they came. A key that was touched is looked at when the execution that
 * touched it is over, before any other client runs: whoever waits for it is executed again, one after the other, for as long
 * as the key holds what they wait for; of a stream, each group is served as long as there is something that it has not got. What they touch is looked at next, until nothing is left. Costs a command nothing as
 * long as nobody waits. On the event loop.
 */
final class KeyWaits implements Journal.Reader {
    private static final String GONE = "UNBLOCKED the stream key no longer exists";

    /** All that wait for one key. Its name is where the first of them has it. */
    static final class Queue {
        private final int db;
        private final long hash;
        private Queue otherOfHash;
        private Link first;
        private Link last;
        private int ofGroups; // how many of them want what a group has not got yet
        private boolean touched;

        private Queue(int db, long hash) {
            this.db = db;
            this.hash = hash;
        }
    }

    /** That one of them waits for one key. A link that was taken out still leads on to those that were behind it. */
    static final class Link {
        private final Wait wait;
        private final Queue queue;
        private final long key;
        private final int length;
        private final Link otherKey;
        private Link previous;
        private Link next;
        private boolean out;

        private Link(Wait wait, Queue queue, long key, int length, Link otherKey) {
            this.wait = wait;
            this.queue = queue;
            this.key = key;
            this.length = length;
            this.otherKey = otherKey;
        }

        boolean is(long address, int bytes) {
            return bytes == length && Memory.equal(address, key, length);
        }
    }

    /** What one of them waits for. */
    private final class Wait implements Awaited {
        private final Type type;
        private final long group;
        private Suspension suspension;
        private Link keys;
        private Link ready; // while it is executed again for it; or null

        /**
         * @param group stands for the name of the group that it wants for what that has not got yet of a stream, in so many keyed bits
         *     that no two names have the same; 0 for none
         */
        private Wait(Type type, long group) {
            this.type = type;
            this.group = group;
        }

        boolean isOfGroup() {
            return group != 0;
        }

        @Override
        public boolean isReady(long key, int length) {
            return ready != null && ready.is(key, length);
        }

        @Override
        public void ended(Client client) {
            remove(this);
        }
    }

    private final HeldNames heldNames;
    private final Dataset data;
    private final Standing standing;
    private final Suspensions suspensions;
    private final Map<Long, Queue> queues = new HashMap<>();
    private final ArrayDeque<Queue> touched = new ArrayDeque<>();
    private final Set<Long> satisfied =
            new HashSet<>(); // groups for which there is nothing left in the key that is looked at
    private final Journal.Subscription journal;
    private boolean serving;

    KeyWaits(Journal journal, HeldNames heldNames, Dataset data, Standing standing, Suspensions suspensions) {
        this.heldNames = heldNames;
        this.data = data;
        this.standing = standing;
        this.suspensions = suspensions;
        this.journal = journal.subscribe(this);
    }

    /** What a client waits for that wants a value of {@code type}. */
    Awaited wish(Type type) {
        return new Wait(type, 0);
    }

    /** What a client waits for that wants of streams what a group has not got yet. Its wait is over when the key is. */
    Awaited wish(long group, int length) {
        return new Wait(Type.STREAM, SipHash.hash(group, length) | 1);
    }

    /** Has it wait for the keys in some arguments of {@code kept}, which is its copy, behind all others; with a {@link #wish}. */
    void add(Suspension s, Request kept, int first, int last) {
        Wait wait = (Wait) s.cause;
        wait.suspension = s;
        for (int i = first; i <= last; i++) {
            add(wait, kept.address(i), kept.length(i));
        }
        journal.on(true);
    }

    private void add(Wait wait, long key, int length) {
        long hash = SipHash.hash(key, length);
        Client client = wait.suspension.client;
        Queue queue = find(client.db, hash, key, length);
        if (queue == null) {
            queue = new Queue(client.db, hash);
            queue.otherOfHash = queues.put(hash, queue);
        } else if (isOf(queue.last, wait)) {
            return; // the same key a second time
        }
        Link link = new Link(wait, queue, key, length, wait.keys);
        wait.keys = link;
        heldNames.take(client, 0);
        link.previous = queue.last;
        if (queue.last == null) {
            queue.first = link;
        } else {
            queue.last.next = link;
        }
        queue.last = link;
        queue.ofGroups += wait.isOfGroup() ? 1 : 0;
    }

    @SuppressWarnings("ReferenceEquality") // this very one
    private static boolean isOf(Link link, Wait wait) {
        return link.wait == wait;
    }

    private Queue find(int db, long hash, long key, int length) {
        Queue queue = queues.get(hash);
        while (queue != null && !(queue.db == db && queue.first.is(key, length))) {
            queue = queue.otherOfHash;
        }
        return queue;
    }

    private void remove(Wait wait) {
        for (Link link = wait.keys; link != null; link = link.otherKey) {
            heldNames.give(wait.suspension.client, 0);
            link.out = true;
            Queue queue = link.queue;
            queue.ofGroups -= wait.isOfGroup() ? 1 : 0;
            if (link.previous == null) {
                queue.first = link.next;
            } else {
                link.previous.next = link.next;
            }
            if (link.next == null) {
                queue.last = link.previous;
            } else {
                link.next.previous = link.previous;
            }
            if (queue.first == null) {
                remove(queue);
            }
        }
        wait.keys = null;
        journal.on(!queues.isEmpty());
    }

    @SuppressWarnings("ReferenceEquality") // this very one
    private void remove(Queue queue) {
        Queue head = queues.get(queue.hash);
        if (head == queue) {
            if (queue.otherOfHash == null) {
                queues.remove(queue.hash);
            } else {
                queues.put(queue.hash, queue.otherOfHash);
            }
            return;
        }
        while (head.otherOfHash != queue) {
            head = head.otherOfHash;
        }
        head.otherOfHash = queue.otherOfHash;
    }

    // ---- readiness

    @Override
    public void read(Event event, int db, long key, int length) {
        switch (event) {
            case FLUSHED, EXCHANGED -> touchAll(db);
            case NEW, XADD, XGROUP_DESTROY -> touch(db, key, length);
            case EXPIRE, PERSIST, XDEL, XTRIM -> {
                // Nobody waits for less, or for another time: Redis does not look there either.
            }
            default -> {
                if (event.modifies()) { // what it was may be gone, or another type
                    touch(db, key, length);
                }
            }
        }
    }

    private void touchAll(int db) {
        for (Queue head : queues.values()) {
            for (Queue queue = head; queue != null; queue = queue.otherOfHash) {
                if (db == Journal.ALL || queue.db == db) {
                    touch(queue);
                }
            }
        }
    }

    private void touch(int db, long key, int length) {
        touch(find(db, SipHash.hash(key, length), key, length));
    }

    private void touch(Queue queue) {
        if (queue != null && !queue.touched) {
            queue.touched = true;
            touched.add(queue);
        }
    }

    /** To be called when an execution is over and the journal was read: serves who waits for the keys that it touched. */
    void serve() {
        if (serving || touched.isEmpty()) {
            return;
        }
        serving = true;
        boolean applied = standing.pauseApplying();
        try {
            while (!touched.isEmpty()) {
                Queue queue = touched.remove();
                queue.touched = false;
                serve(queue);
            }
        } finally {
            serving = false;
            if (applied) {
                standing.applying(true);
            }
        }
    }

    private void serve(Queue queue) {
        Keyspace db = data.store().db(queue.db);
        long entry = 0;
        boolean executed = true;
        for (Link link = queue.first; link != null; link = link.next) {
            if (link.out) {
                continue;
            }
            if (executed) { // else nothing has changed
                entry = db.peek(link.key, link.length);
            }
            if (entry == 0 && queue.ofGroups == 0) {
                break; // nothing is left for anybody
            }
            executed = serve(link, entry);
        }
        satisfied.clear();
    }

    /** Serves one of them, if the key has what it waits for. @return whether it was executed */
    private boolean serve(Link link, long entry) {
        Wait wait = link.wait;
        Suspension s = wait.suspension;
        if (entry == 0 || Entry.type(entry) != wait.type) {
            if (wait.isOfGroup()) {
                suspensions.answer(s, reply -> reply.error(GONE));
            }
            return false;
        }
        if (wait.isOfGroup() && satisfied.contains(wait.group)) {
            return false;
        }
        wait.ready = link;
        suspensions.resume(s);
        wait.ready = null;
        if (wait.isOfGroup() && (s.stays || s.tookAll)) {
            satisfied.add(wait.group);
        }
        return true;
    }
}
