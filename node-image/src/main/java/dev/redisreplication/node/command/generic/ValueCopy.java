package dev.redisreplication.node.command.generic;

import dev.redisreplication.node.command.argument.Found;
import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.type.Hashes;
import dev.redisreplication.node.type.Lists;
import dev.redisreplication.node.type.Sets;
import dev.redisreplication.node.type.SortedSets;
import dev.redisreplication.node.type.StreamVisitor;
import dev.redisreplication.node.type.Streams;
import dev.redisreplication.node.type.Strings;

/**
 * Copies a value with its time to live to another key. The elements are held in between, because a database must not be
 * written while one of its values is visited.
 */
final class ValueCopy {
    private static final int SLICE = 16;

    private final Found held = new Found();
    private final Slice bytes = new Slice();

    /** Copies the value of {@code entry} to a key of {@code to} that is absent. */
    void copy(Keyspace from, long entry, Keyspace to, long key, int length) {
        held.clear();
        long expiresAt = Entry.expiry(entry);
        switch (Entry.type(entry)) {
            case STRING -> copyString(entry, to, key, length, expiresAt);
            case LIST -> copyList(from, entry, to, key, length, expiresAt);
            case SET -> copySet(from, entry, to, key, length, expiresAt);
            case HASH -> copyHash(from, entry, to, key, length, expiresAt);
            case ZSET -> copySortedSet(from, entry, to, key, length, expiresAt);
            case STREAM -> copyStream(from, entry, to, key, length, expiresAt);
        }
        held.clear();
    }

    private void copyString(long entry, Keyspace to, long key, int length, long expiresAt) {
        Strings.get(entry, bytes);
        bytes.copyOf(bytes.address(), bytes.length());
        Strings.set(to, key, length, bytes.address(), bytes.length(), expiresAt);
    }

    private void copyList(Keyspace from, long entry, Keyspace to, long key, int length, long expiresAt) {
        Lists.range(from, entry, 0, -1, held::add);
        long target = Lists.create(to, key, length, expiresAt);
        for (int i = 0; i < held.size(); i++) {
            Lists.pushLast(to, target, held.address(i), held.length(i));
        }
    }

    private void copySet(Keyspace from, long entry, Keyspace to, long key, int length, long expiresAt) {
        Sets.forEach(from, entry, held::add);
        long target = Sets.create(to, key, length, expiresAt);
        for (int i = 0; i < held.size(); i++) {
            Sets.add(to, target, held.address(i), held.length(i));
        }
    }

    private void copyHash(Keyspace from, long entry, Keyspace to, long key, int length, long expiresAt) {
        Hashes.forEach(from, entry, (field, fieldLength, value, valueLength) -> {
            held.add(field, fieldLength);
            held.add(value, valueLength);
        });
        long target = Hashes.create(to, key, length, expiresAt);
        for (int i = 0; i < held.size(); i += 2) {
            Hashes.set(to, target, held.address(i), held.length(i), held.address(i + 1), held.length(i + 1));
        }
    }

    private void copySortedSet(Keyspace from, long entry, Keyspace to, long key, int length, long expiresAt) {
        SortedSets.range(from, entry, 0, SortedSets.size(entry), false, (member, memberLength, score) -> {
            held.add(member, memberLength);
            held.add(Double.doubleToRawLongBits(score));
        });
        long target = SortedSets.create(to, key, length, expiresAt);
        for (int i = 0; i < held.size(); i += 2) {
            SortedSets.add(to, target, held.address(i), held.length(i), Double.longBitsToDouble(held.get(i + 1)));
        }
    }

    private void copyStream(Keyspace from, long entry, Keyspace to, long key, int length, long expiresAt) {
        long lastMilliseconds = Streams.lastMilliseconds(entry);
        long lastSequence = Streams.lastSequence(entry);
        long entriesAdded = Streams.entriesAdded(entry);
        long deletedMilliseconds = Streams.maxDeletedMilliseconds(entry);
        long deletedSequence = Streams.maxDeletedSequence(entry);
        Streams.range(from, entry, 0, 0, -1, -1, false, -1, new StreamHolder(held));
        long target = Streams.create(to, key, length, expiresAt);
        for (int i = 0; i < held.size(); ) {
            i = appendEntry(to, target, i);
        }
        Streams.setLast(to, target, lastMilliseconds, lastSequence, entriesAdded);
        Streams.setMaxDeleted(to, target, deletedMilliseconds, deletedSequence);
    }

    /** Holds an entry as its two id numbers, its number of pairs, and then its pairs. */
    private record StreamHolder(Found held) implements StreamVisitor {
        @Override
        public void entry(long milliseconds, long sequence, int pairs) {
            held.add(milliseconds);
            held.add(sequence);
            held.add(pairs);
        }

        @Override
        public void field(long field, int fieldLength, long value, int valueLength) {
            held.add(field, fieldLength);
            held.add(value, valueLength);
        }
    }

    /** Appends the held entry that begins at {@code i}; returns where the next one begins. */
    private int appendEntry(Keyspace to, long target, int i) {
        int values = 2 * (int) held.get(i + 2);
        long at = bytes.reserve(values * SLICE);
        for (int v = 0; v < values; v++) {
            Memory.putLong(at + (long) v * SLICE, held.address(i + 3 + v));
            Memory.putLong(at + (long) v * SLICE + 8, held.length(i + 3 + v));
        }
        Streams.append(to, target, held.get(i), held.get(i + 1), values / 2, at);
        return i + 3 + values;
    }
}
