package dev.redisreplication.node.command;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.SipHash;
import dev.redisreplication.node.resp.Request;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.store.Type;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * Who waits for which key, in the order in which they came. A key that was touched is looked at when the execution that
 * touched it is over, before any other client runs: whoever waits for it is executed again, one after the other, for as long
 * as the key holds what they wait for. What they touch is looked at next, until nothing is left. Costs a command nothing as
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
        private boolean touched;

        private Queue(int db, long hash) {
            this.db = db;
            this.hash = hash;
        }
    }

    /** That one of them waits for one key. A link that was taken out still leads on to those that were behind it. */
    static final class Link {
        private final Suspension suspension;
        private final Queue queue;
        private final long key;
        private final int length;
        private final Link otherKey;
        private Link previous;
        private Link next;
        private boolean out;

        private Link(Suspension suspension, Queue queue, long key, int length, Link otherKey) {
            this.suspension = suspension;
            this.queue = queue;
            this.key = key;
            this.length = length;
            this.otherKey = otherKey;
        }

        boolean is(long address, int bytes) {
            return bytes == length && Memory.equal(address, key, length);
        }
    }

    /** The cause of those who wait for keys. */
    private record OfType(KeyWaits waits, Type type, boolean endsWithKey) implements Awaited {
        @Override
        public void ended(Suspension suspension) {
            waits.remove(suspension);
        }
    }

    private final Node node;
    private final Map<Long, Queue> queues = new HashMap<>();
    private final ArrayDeque<Queue> touched = new ArrayDeque<>();
    private final Journal.Subscription journal;
    private boolean serving;

    KeyWaits(Node node) {
        this.node = node;
        this.journal = node.journal().subscribe(this);
    }

    /** What a client waits for that wants a value of {@code type}; {@code endsWithKey}: whose wait is over when the key is. */
    Awaited cause(Type type, boolean endsWithKey) {
        return new OfType(this, type, endsWithKey);
    }

    /** Has it wait for the keys in some arguments of {@code kept}, which is its copy, behind all others. */
    void add(Suspension s, Request kept, int first, int last) {
        for (int i = first; i <= last; i++) {
            add(s, kept.address(i), kept.length(i));
        }
        journal.on(true);
    }

    private void add(Suspension s, long key, int length) {
        long hash = SipHash.hash(key, length);
        Queue queue = find(s.client.db, hash, key, length);
        if (queue == null) {
            queue = new Queue(s.client.db, hash);
            queue.otherOfHash = queues.put(hash, queue);
        } else if (isOf(queue.last, s)) {
            return; // the same key a second time
        }
        Link link = new Link(s, queue, key, length, s.keys);
        s.keys = link;
        node.heldNames().take(s.client, 0);
        link.previous = queue.last;
        if (queue.last == null) {
            queue.first = link;
        } else {
            queue.last.next = link;
        }
        queue.last = link;
    }

    @SuppressWarnings("ReferenceEquality") // this very one
    private static boolean isOf(Link link, Suspension s) {
        return link.suspension == s;
    }

    private Queue find(int db, long hash, long key, int length) {
        Queue queue = queues.get(hash);
        while (queue != null && !(queue.db == db && queue.first.is(key, length))) {
            queue = queue.otherOfHash;
        }
        return queue;
    }

    private void remove(Suspension s) {
        for (Link link = s.keys; link != null; link = link.otherKey) {
            node.heldNames().give(s.client, 0);
            link.out = true;
            Queue queue = link.queue;
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
        s.keys = null;
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
        boolean applied = node.pauseApplying();
        try {
            while (!touched.isEmpty()) {
                Queue queue = touched.remove();
                queue.touched = false;
                serve(queue);
            }
        } finally {
            serving = false;
            if (applied) {
                node.applying(true);
            }
        }
    }

    private void serve(Queue queue) {
        Link link = queue.first;
        while (link != null) {
            if (!link.out) {
                serve(link);
            }
            link = link.next;
        }
    }

    private void serve(Link link) {
        OfType cause = (OfType) link.suspension.cause;
        Keyspace db = node.store().db(link.queue.db);
        long entry = db.peek(link.key, link.length);
        if (entry != 0 && Entry.type(entry) == cause.type) {
            link.suspension.ready = link;
            node.suspensions().resume(link.suspension);
            link.suspension.ready = null;
        } else if (cause.endsWithKey) {
            node.suspensions().fail(link.suspension, GONE);
        }
    }
}
