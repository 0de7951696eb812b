package dev.redisreplication.node.acl;

import dev.redisreplication.node.command.Denial;
import dev.redisreplication.node.command.Users;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What users tried and may not do, the newest first. Equal attempts within a minute are one entry. */
public final class AclLog {
    private static final int MOST_COMPARED = 10;
    private static final long SAME_WITHIN_MILLIS = 60_000;
    private static final int MOST_KEPT = 1024; // bytes of a name; Redis keeps all, but the heap is small here

    private final List<Entry> entries = new ArrayList<>(); // the newest last

    /**
     * One of them, as it is shown.
     *
     * @param object the command, key or channel
     * @param at milliseconds since 1970 of the last one
     * @param client as CLIENT LIST shows it
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody asks whether two are equal
    public record Entry(
            long count,
            Denial.Reason reason,
            Users.Context context,
            byte[] object,
            String user,
            long at,
            String client) {

        private boolean isLike(Entry other) {
            return reason == other.reason
                    && context == other.context
                    && Math.abs(at - other.at) <= SAME_WITHIN_MILLIS
                    && Arrays.equals(object, other.object)
                    && user.equals(other.user);
        }

        private Entry again(Entry other) {
            return new Entry(count + 1, reason, context, object, user, other.at, other.client);
        }
    }

    void add(Entry whole, long most) {
        Entry entry = shortened(whole);
        for (int i = entries.size() - 1; i >= Math.max(0, entries.size() - MOST_COMPARED); i--) {
            if (entries.get(i).isLike(entry)) {
                entries.add(entries.remove(i).again(entry));
                return;
            }
        }
        entries.add(entry);
        if (entries.size() > most) {
            entries.subList(0, (int) (entries.size() - most)).clear();
        }
    }

    private static Entry shortened(Entry e) {
        if (e.object.length <= MOST_KEPT && e.user.length() <= MOST_KEPT) {
            return e;
        }
        return new Entry(
                e.count,
                e.reason,
                e.context,
                Arrays.copyOf(e.object, Math.min(e.object.length, MOST_KEPT)),
                e.user.substring(0, Math.min(e.user.length(), MOST_KEPT)),
                e.at,
                e.client);
    }

    /** At most {@code most}, the newest first. */
    public List<Entry> newest(long most) {
        int count = (int) Math.min(Math.max(most, 0), entries.size());
        return List.copyOf(
                entries.subList(entries.size() - count, entries.size()).reversed());
    }

    /** Forgets them. */
    public void clear() {
        entries.clear();
    }
}
