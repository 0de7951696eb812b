package dev.redisreplication.node.rdb;

import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.store.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes down what a dump holds: {@code db/key} to type, expiry and elements, as text. */
final class Collector implements RdbVisitor {
    final Map<String, List<String>> keys = new LinkedHashMap<>();
    final Map<String, String> facts = new LinkedHashMap<>();
    final List<String> leftOut = new ArrayList<>();
    private int db;
    private List<String> now;

    @Override
    public void aux(String name, String value) {
        facts.put(name, value);
    }

    @Override
    public void selectDb(int index) {
        db = index;
    }

    @Override
    public void begin(Type type, Slice key, long expireAt) {
        now = new ArrayList<>();
        now.add(type + (expireAt < 0 ? "" : "@" + expireAt));
        keys.put(db + "/" + key, now);
    }

    @Override
    public void element(Slice value) {
        now.add(value.toString());
    }

    @Override
    public void field(Slice field, Slice value) {
        now.add(field + "=" + value);
    }

    @Override
    public void field(Slice field, Slice value, long expiresAt) {
        now.add(field + "=" + value + "@" + expiresAt);
    }

    @Override
    public void member(Slice member, double score) {
        now.add(member + ":" + score);
    }

    @Override
    public void entry(long milliseconds, long sequence, Slice[] fieldsAndValues, int count) {
        StringBuilder text = new StringBuilder(milliseconds + "-" + sequence);
        for (int i = 0; i < count; i++) {
            text.append(' ').append(fieldsAndValues[i]);
        }
        now.add(text.toString());
    }

    @Override
    public void streamFacts(StreamFacts stream) {
        now.add(stream.toString());
    }

    @Override
    public void group(Slice name, long lastMs, long lastSequence, long entriesRead) {
        now.add("group " + name + " " + lastMs + "-" + lastSequence + " " + entriesRead);
    }

    @Override
    public void pending(long ms, long sequence, long deliveredAt, long deliveries) {
        now.add("pending " + ms + "-" + sequence + " " + deliveredAt + " " + deliveries);
    }

    @Override
    public void consumer(Slice name, long seen, long active) {
        now.add("consumer " + name + " " + seen);
    }

    @Override
    public void pendingWith(long ms, long sequence) {
        now.add("with it " + ms + "-" + sequence);
    }

    @Override
    public void end() {
        now = null;
    }

    @Override
    public void leftOut(String what) {
        leftOut.add(what);
    }
}
