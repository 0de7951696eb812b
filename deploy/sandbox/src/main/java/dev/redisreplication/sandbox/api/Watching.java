package dev.redisreplication.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.api.Store.Change;
import dev.redisreplication.sandbox.api.Store.Event;
import dev.redisreplication.sandbox.http.HttpExchange;
import dev.redisreplication.sandbox.http.HttpExchange.MessageSink;
import dev.redisreplication.sandbox.http.HttpRequest;
import dev.redisreplication.sandbox.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Serves one watch until its client goes or its time is over. */
final class Watching {
    private static final long BOOKMARK_SECONDS = 20;
    private static final long DEFAULT_SECONDS = 1800;
    private static final Event GONE = new Event(-1, Change.DELETED, null, null);

    private final Store store;
    private final ResourceType type;
    private final String namespace;
    private final Predicate<? super ObjectNode> selector;
    private final HttpExchange exchange;
    private final Presentation presentation;
    private final BlockingQueue<Event> queue = new LinkedBlockingQueue<>();
    private long sent;

    /** How objects are shown: whole, as rows of a table, or as metadata alone. */
    interface Presentation {
        ObjectNode show(ObjectNode object, boolean first);
    }

    Watching(
            Store store,
            ResourceType type,
            String namespace,
            Predicate<? super ObjectNode> selector,
            HttpExchange exchange,
            Presentation presentation) {
        this.store = store;
        this.type = type;
        this.namespace = namespace;
        this.selector = selector;
        this.exchange = exchange;
        this.presentation = presentation;
    }

    void serve() throws IOException {
        HttpRequest request = exchange.request();
        String from = request.param("resourceVersion");
        boolean initial = request.flag("sendInitialEvents");
        List<ObjectNode> present = List.of();
        ObjectNode refusal = null;
        Runnable stop = () -> {};
        long version;
        synchronized (store) {
            version = store.version();
            long after = version;
            if (initial || from.isEmpty() || from.equals("0")) {
                present = store.list(type, namespace, selector).items();
            } else {
                after = parse(from);
            }
            try {
                stop = store.listen(type, after, queue::add);
            } catch (ApiException e) {
                refusal = e.toStatus();
            }
        }
        try (MessageSink sink = request.wantsWebSocket() ? exchange.webSocket() : exchange.stream("application/json")) {
            exchange.onGone(sink, () -> queue.add(GONE));
            if (refusal != null) {
                send(sink, "ERROR", refusal);
                return;
            }
            for (ObjectNode object : present) {
                show(sink, "ADDED", object);
            }
            if (initial) {
                bookmark(sink, version, true);
            }
            follow(sink, request);
        } finally {
            stop.run();
        }
    }

    private void follow(MessageSink sink, HttpRequest request) throws IOException {
        String limit = request.param("timeoutSeconds");
        long end = System.nanoTime()
                + TimeUnit.SECONDS.toNanos(limit.isEmpty() || limit.equals("0") ? DEFAULT_SECONDS : parse(limit));
        try {
            while (System.nanoTime() < end) {
                long wait = Math.min(end - System.nanoTime(), TimeUnit.SECONDS.toNanos(BOOKMARK_SECONDS));
                Event event = queue.poll(wait, TimeUnit.NANOSECONDS);
                if (GONE.equals(event)) {
                    return;
                }
                if (event != null) {
                    tell(sink, event);
                } else if (request.flag("allowWatchBookmarks")) {
                    // Everything up to the version has been queued; what is left in the queue is older than it.
                    long version;
                    synchronized (store) {
                        version = queue.isEmpty() ? store.version() : -1;
                    }
                    if (version > 0) {
                        bookmark(sink, version, false);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** To a selector an object that stops matching is deleted, and one that begins to match is added. */
    private void tell(MessageSink sink, Event event) throws IOException {
        if (!namespace.isEmpty() && !namespace.equals(Json.namespace(event.object()))) {
            return;
        }
        boolean matched = event.previous() != null && selector.test(event.previous());
        boolean matches = event.change() != Change.DELETED && selector.test(event.object());
        if (matches) {
            show(sink, matched ? "MODIFIED" : "ADDED", event.object());
        } else if (matched) {
            show(sink, "DELETED", event.object());
        }
    }

    private void show(MessageSink sink, String kind, ObjectNode object) throws IOException {
        send(sink, kind, presentation.show(object, sent++ == 0));
    }

    private void bookmark(MessageSink sink, long version, boolean endOfInitial) throws IOException {
        ObjectNode object = Json.object().put("kind", type.kind()).put("apiVersion", type.apiVersion());
        ObjectNode metadata = object.putObject("metadata").put("resourceVersion", Long.toString(version));
        metadata.putNull("creationTimestamp");
        if (endOfInitial) {
            metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
        }
        send(sink, "BOOKMARK", object);
    }

    private static void send(MessageSink sink, String kind, ObjectNode object) throws IOException {
        sink.send(("{\"type\":\"" + kind + "\",\"object\":" + Json.write(object) + "}\n")
                .getBytes(StandardCharsets.UTF_8));
    }

    private static long parse(String number) {
        try {
            return Long.parseLong(number);
        } catch (NumberFormatException e) {
            throw ApiException.badRequest("strconv.ParseUint: parsing \"" + number + "\": invalid syntax");
        }
    }
}
