package dev.redisreplication.node.sentinel.io;

import dev.redisreplication.node.net.Loop;
import dev.redisreplication.node.sentinel.Action;
import dev.redisreplication.node.sentinel.Link;
import dev.redisreplication.node.sentinel.Sentinel;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** All connections to instances, by their links. On the event loop. */
final class Talks {
    /** A host that is not there is tried again; one that is far away needs less. */
    private static final int CONNECT_MILLIS = 3000;

    private record Key(Link link, boolean listens) {}

    private final Loop loop;
    private final BooleanSupplier secure;
    private final Map<Key, Talk> all = new HashMap<>();

    /** @param secure whether connections are made by TLS, at that time */
    Talks(Loop loop, BooleanSupplier secure) {
        this.loop = loop;
        this.secure = secure;
    }

    void connect(Sentinel sentinel, Action.Connect what) {
        Key key = new Key(what.to().link(), what.listens());
        Talk talk = new Talk(sentinel, what.master(), what.to(), what.listens(), () -> all.remove(key));
        all.put(key, talk);
        talk.attempt(loop.connect(
                what.to().address().host(), what.to().address().port(), CONNECT_MILLIS, secure.getAsBoolean(), talk));
    }

    void send(Action.Send what) {
        Talk talk = all.get(new Key(what.link(), what.listens()));
        if (talk != null) {
            talk.send(what.words(), what.question());
        }
    }

    void close(Action.Close what) {
        Talk talk = all.remove(new Key(what.link(), what.listens()));
        if (talk != null) {
            talk.drop();
        }
    }
}
