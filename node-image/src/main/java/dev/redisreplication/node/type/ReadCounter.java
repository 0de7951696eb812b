package dev.redisreplication.node.type;

import dev.redisreplication.node.store.Keyspace;
import java.util.OptionalLong;

/**
 * How many entries of a stream a group has read, and how many it has before it (its lag), as far as that can be known: entries
 * that were deleted in the middle hide it.
 */
public final class ReadCounter {
    private ReadCounter() {}

    /** Moves a group on to an entry that was read, with its count. */
    public static void advance(Keyspace db, long stream, long group, long milliseconds, long sequence) {
        long read = Groups.entriesRead(group);
        if (read != Groups.NOT_KNOWN && !deletedFrom(db, stream, milliseconds, sequence)) {
            read++;
        } else if (Streams.entriesAdded(stream) != 0) {
            read = upTo(db, stream, milliseconds, sequence);
        }
        Groups.reached(group, milliseconds, sequence, read);
    }

    /** How many entries a group has before it, if that is known. */
    public static OptionalLong lag(Keyspace db, long stream, long group) {
        long added = Streams.entriesAdded(stream);
        if (added == 0) {
            return OptionalLong.of(0);
        }
        long milliseconds = Groups.lastMilliseconds(group);
        long sequence = Groups.lastSequence(group);
        long read = Groups.entriesRead(group);
        if (read == Groups.NOT_KNOWN || deletedFrom(db, stream, milliseconds, sequence)) {
            read = upTo(db, stream, milliseconds, sequence);
        }
        return read == Groups.NOT_KNOWN ? OptionalLong.empty() : OptionalLong.of(added - read);
    }

    /** Whether an entry with this id or a larger one was deleted, and was not trimmed away with all before it. */
    private static boolean deletedFrom(Keyspace db, long stream, long milliseconds, long sequence) {
        return Streams.length(stream) != 0
                && compareWithDeleted(stream, milliseconds, sequence) <= 0
                && deletedInside(db, stream);
    }

    /** Whether an entry was deleted behind the first one that is there. */
    private static boolean deletedInside(Keyspace db, long stream) {
        if ((Streams.maxDeletedMilliseconds(stream) | Streams.maxDeletedSequence(stream)) == 0) {
            return false;
        }
        boolean[] inside = new boolean[1];
        Streams.edge(
                db,
                stream,
                false,
                (milliseconds, sequence) -> inside[0] = compareWithDeleted(stream, milliseconds, sequence) <= 0);
        return inside[0];
    }

    private static int compareWithDeleted(long stream, long milliseconds, long sequence) {
        return Streams.compare(
                milliseconds, sequence, Streams.maxDeletedMilliseconds(stream), Streams.maxDeletedSequence(stream));
    }

    /** How many entries were ever added up to an id, which need not be there; or {@link Groups#NOT_KNOWN}. */
    public static long upTo(Keyspace db, long stream, long milliseconds, long sequence) {
        long added = Streams.entriesAdded(stream);
        long length = Streams.length(stream);
        if (added == 0) {
            return 0;
        }
        int toLast =
                Streams.compare(milliseconds, sequence, Streams.lastMilliseconds(stream), Streams.lastSequence(stream));
        if (length == 0 && toLast <= 0) {
            return added;
        }
        if (toLast == 0) {
            return added;
        }
        if (toLast > 0 || deletedInside(db, stream)) {
            return Groups.NOT_KNOWN;
        }
        long[] counted = {Groups.NOT_KNOWN};
        Streams.edge(db, stream, false, (firstMilliseconds, firstSequence) -> {
            int toFirst = Streams.compare(milliseconds, sequence, firstMilliseconds, firstSequence);
            if (toFirst <= 0) {
                counted[0] = added - length + (toFirst == 0 ? 1 : 0);
            }
        });
        return counted[0];
    }
}
