package dev.redisreplication.node.replication.io;

import dev.redisreplication.node.command.Effects;
import dev.redisreplication.node.history.EffectLog;
import dev.redisreplication.node.net.Loop;
import dev.redisreplication.node.resp.CommandEncoder;
import dev.redisreplication.node.resp.NativeBuffer;
import java.util.function.BooleanSupplier;

/** Puts what this node changes as a master into the log, with SELECT where the database changes. */
final class Propagator implements Effects {
    private static final byte[] MULTI = CommandEncoder.command("MULTI");
    private static final byte[] EXEC = CommandEncoder.command("EXEC");
    private static final int UNKNOWN = -1;
    private static final int FIRST_KEPT = 64 << 10; // bytes

    private final EffectLog log;
    private final Loop loop;
    private final BooleanSupplier active;
    private int selected = UNKNOWN;
    private boolean grouped;
    private int count; // commands of the group
    private NativeBuffer first = new NativeBuffer(256); // the first one of a group, until there is a second
    private int firstDb;

    Propagator(EffectLog log, Loop loop, BooleanSupplier active) {
        this.log = log;
        this.loop = loop;
        this.active = active;
    }

    /** The database that the last logged command went to, or -1. */
    int selected() {
        return selected;
    }

    /** The next command says its database again: whoever starts reading here must know it. */
    void forgetSelected() {
        selected = UNKNOWN;
    }

    @Override
    public boolean active() {
        return active.getAsBoolean();
    }

    @Override
    public void append(int db, long address, int length) {
        if (!grouped) {
            write(db, address, length);
        } else if (count++ == 0) {
            firstDb = db;
            first.clear();
            first.put(address, length);
        } else {
            if (count == 2) {
                select(firstDb);
                log.append(MULTI);
                writeFirst();
            }
            write(db, address, length);
        }
    }

    private void writeFirst() {
        write(firstDb, first.address(), first.readable());
        first.clear();
        if (first.capacity() > FIRST_KEPT) {
            first.close();
            first = new NativeBuffer(256);
        }
    }

    private void write(int db, long address, int length) {
        select(db);
        log.append(address, length);
        loop.wantRound();
    }

    private void select(int db) {
        if (db >= 0 && db != selected) {
            selected = db;
            log.append(CommandEncoder.command("SELECT", Integer.toString(db)));
        }
    }

    /** Appends a command that changes no data: PING, REPLCONF GETACK. */
    void appendSignal(String... words) {
        log.append(CommandEncoder.command(words));
        loop.wantRound();
    }

    @Override
    public void begin() {
        grouped = true;
        count = 0;
    }

    @Override
    public void end() {
        grouped = false;
        if (count == 1) {
            writeFirst();
        } else if (count > 1) {
            log.append(EXEC);
        }
    }

    /** Whether a group of commands is not at its end yet. */
    boolean isGrouped() {
        return grouped;
    }

    @Override
    public long offset() {
        return log.end();
    }
}
