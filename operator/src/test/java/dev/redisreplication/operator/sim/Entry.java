package dev.redisreplication.operator.sim;

/**
 * The end of a data set: the last command in it and, through {@code previous}, all before it. Nodes share what they have in
 * common, so that "is a beginning of" and "has this write" are questions of identity, whatever the nodes believe.
 */
final class Entry {
    final Entry previous;
    final long offset;
    /** 0 for what is no write (GETACK, PING, an empty data set). */
    final int write;
    /** What a master wants to see again of a GETACK, "" for others. */
    final String question;
    /** The term in which it was written. */
    final long term;
    /** A data set that does not come from this group. */
    final boolean foreign;
    /** Nodes (bit = ordinal) that have had it. */
    long holders;

    boolean acked;
    boolean lost;

    private Entry(Entry previous, long offset, int write, String question, long term, boolean foreign) {
        this.previous = previous;
        this.offset = offset;
        this.write = write;
        this.question = question;
        this.term = term;
        this.foreign = foreign;
    }

    static Entry empty() {
        return new Entry(null, 0, 0, "", 0, false);
    }

    static Entry foreign(long offset) {
        return new Entry(null, offset, 0, "", 0, true);
    }

    Entry write(int id, int size, long term) {
        return new Entry(this, offset + size, id, "", term, foreign);
    }

    Entry getAck(String token) {
        return new Entry(this, offset + 5, 0, token, term, foreign);
    }

    /** Whether this data set has that entry. */
    boolean has(Entry other) {
        Entry at = this;
        while (at != null && at.offset > other.offset) {
            at = at.previous;
        }
        return at == other;
    }

    /** From now on that member has this data set, or (off) not any more. */
    void heldBy(int ordinal, boolean on) {
        long bit = 1L << ordinal;
        for (Entry at = this; at != null; at = at.previous) {
            at.holders = on ? at.holders | bit : at.holders & ~bit;
        }
    }

    boolean isEmpty() {
        return previous == null && !foreign;
    }
}
