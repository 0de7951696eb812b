package dev.redisreplication.node.aof;

import dev.redisreplication.node.command.Client;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.Execution;
import dev.redisreplication.node.command.Origin;
import dev.redisreplication.node.command.Replay;
import dev.redisreplication.node.history.Position;
import dev.redisreplication.node.log.Log;
import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.resp.ProtocolException;
import dev.redisreplication.node.resp.Request;
import dev.redisreplication.node.resp.RequestParser;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Executes the commands of one file of an append-only directory, in steps on the event loop, and counts how far in the
 * replication history that leads.
 */
final class AofReplay implements AutoCloseable {
    private static final int COMMANDS_BETWEEN_CLOCKS = 64;

    private final Execution execution;
    private final Replay replay;
    private final Path file;
    private final Arena arena = Arena.ofShared();
    private final long base;
    private final long size;
    private final Client client = Client.internal(Origin.FILE);
    private final RequestParser parser = new RequestParser();

    private long at;
    private long safeAt;
    private long counted;
    private long countedBefore; // without the last command: the SELECT of a mark is not part of the history
    private Position position;
    private Position safePosition;

    /**
     * A replay of {@code file}.
     *
     * @param from where its commands begin
     * @param start the position before them, or null when it is not known
     */
    AofReplay(Execution execution, Replay replay, Path file, long from, Position start) throws IOException {
        this.execution = execution;
        this.replay = replay;
        this.file = file;
        this.position = start;
        this.safePosition = start;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            base = bytes.address();
            size = bytes.byteSize();
        }
        at = from;
        safeAt = from;
    }

    /**
     * Executes for about this long.
     *
     * @return whether the end was reached
     * @throws IOException when the file is broken before its end
     */
    boolean step(long budgetNanos) throws IOException {
        long until = System.nanoTime() + budgetNanos;
        execution.tick();
        do {
            for (int i = 0; i < COMMANDS_BETWEEN_CLOCKS; i++) {
                if (!next()) {
                    return true;
                }
            }
        } while (System.nanoTime() < until);
        return false;
    }

    private boolean next() throws IOException {
        if (at >= size) {
            return false;
        }
        if (Memory.getByte(base + at) == '#') {
            return annotation();
        }
        Request request = parser.request();
        try {
            if (Memory.getByte(base + at) != '*') {
                throw new ProtocolException("expected '*', got '" + (char) Memory.getByte(base + at) + "'");
            }
            if (!parser.parse(base + at, (int) Math.min(size - at, Integer.MAX_VALUE))) {
                return false;
            }
            if (request.argc() == 0) {
                throw new ProtocolException("a command without a name");
            }
            String error = replay.applyOne(client, request);
            if (error != null) {
                Log.warning("CRITICAL: a command of " + file + ", at byte " + at + ", fails here: " + error);
            }
        } catch (ProtocolException | CommandError e) {
            throw new IOException(file + " is broken at byte " + at + ": " + e.getMessage(), e);
        }
        at += request.frameLength();
        countedBefore = counted;
        counted += request.frameLength();
        markSafe();
        return true;
    }

    private boolean annotation() {
        long end = at;
        while (end < size && Memory.getByte(base + end) != '\n') {
            end++;
        }
        if (end == size) {
            return false;
        }
        String line = new String(Memory.bytes(base + at, (int) (end - at)), StandardCharsets.US_ASCII);
        at = end + 1;
        Position told = Position.ofAnnotation(line, client.db());
        if (told != null && isBehind(told)) {
            counted = countedBefore;
        } else if (told != null) {
            position = told;
            counted = 0;
        }
        markSafe();
        return true;
    }

    /**
     * A history does not go back. An increment that was made and not used, because its manifest was not sure to last, may be
     * named although its predecessor went on.
     */
    private boolean isBehind(Position told) {
        return position != null
                && told.history().equals(position.history())
                && told.offset() < position.offset() + countedBefore;
    }

    /** A place at which the file could have ended: no transaction is open. */
    private void markSafe() {
        if (!client.inMulti()) {
            safeAt = at;
            safePosition = position == null ? null : position.plus(counted, client.db());
        }
    }

    /** Bytes from the start of the file that hold whole commands and whole transactions. */
    long safeLength() {
        return safeAt;
    }

    /** Bytes from the start of the file that were executed. */
    long done() {
        return at;
    }

    /** Whether bytes lie behind the last whole command. */
    boolean isTorn() {
        return safeAt < size;
    }

    /** Where in the history the file ends (at {@link #safeLength}), or null when it does not say. */
    Position end() {
        return safePosition;
    }

    @Override
    public void close() {
        parser.request().close();
        arena.close();
    }
}
