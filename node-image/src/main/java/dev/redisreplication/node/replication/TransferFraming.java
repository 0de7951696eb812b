package dev.redisreplication.node.replication;

import dev.redisreplication.node.memory.Memory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Finds the end of a dump on the wire. Either its length is announced ({@code $123}), or a mark of 40 random bytes that
 * ends it ({@code $EOF:<mark>}); after the mark nothing follows until the replica's first acknowledgement.
 */
public final class TransferFraming {
    /** Bytes of the end mark. */
    public static final int MARK = 40;

    private final byte[] mark;
    private final byte[] last = new byte[MARK];
    private final long announced;
    private long received;
    private boolean complete;

    private TransferFraming(byte[] mark, long announced) {
        this.mark = mark;
        this.announced = announced;
    }

    /**
     * Understands the line that begins a transfer.
     *
     * @return the framing, or null when the line is no such announcement
     */
    public static TransferFraming of(String line) {
        if (line.matches("\\$EOF:[0-9a-f]{" + MARK + "}")) {
            return new TransferFraming(line.substring(5).getBytes(StandardCharsets.ISO_8859_1), -1);
        }
        if (line.matches("\\$\\d{1,18}")) {
            return new TransferFraming(null, Long.parseLong(line.substring(1)));
        }
        return null;
    }

    /**
     * Takes in bytes of the transfer.
     *
     * @return how many of them belong to it (the mark included)
     */
    public int take(long address, int length) {
        if (mark == null) {
            int mine = (int) Math.min(length, announced - received);
            received += mine;
            complete = received == announced;
            return mine;
        }
        received += length;
        int fresh = Math.min(length, MARK);
        System.arraycopy(last, fresh, last, 0, MARK - fresh);
        for (int i = 0; i < fresh; i++) {
            last[MARK - fresh + i] = Memory.getByte(address + length - fresh + i);
        }
        complete = received >= MARK && Arrays.equals(last, mark);
        return length;
    }

    /** Whether the whole transfer is there. */
    public boolean isComplete() {
        return complete;
    }

    /** Bytes of the dump proper so far; right once the transfer is complete. */
    public long dumpLength() {
        return mark == null ? received : Math.max(0, received - MARK);
    }

    /** Announced length, or -1 when only a mark ends it. */
    public long announced() {
        return announced;
    }

    /** Bytes that came in so far. */
    public long received() {
        return received;
    }
}
