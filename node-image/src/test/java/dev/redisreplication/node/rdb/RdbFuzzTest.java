package dev.redisreplication.node.rdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.resp.NativeBuffer;
import dev.redisreplication.node.store.Store;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Dumps of every version, changed at random, most of them with a right checksum: each is loaded, or refused with a place and
 * a reason. {@code -Drdb.fuzz.rounds} says how many.
 */
class RdbFuzzTest {
    private static final int ROUNDS = Integer.getInteger("rdb.fuzz.rounds", 8_000);
    private static final long SEED = Long.getLong("rdb.fuzz.seed", 1);
    private static final int PAGE = 4096;

    private enum Outcome {
        LOADED,
        REFUSED
    }

    @Test
    void whateverIsReadIsLoadedOrRefused() {
        List<byte[]> corpus = new ArrayList<>();
        for (int version = 1; version <= 12; version++) {
            corpus.add(OldDumps.everything(version));
        }
        Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
        for (int round = 0; round < ROUNDS; round++) {
            long seed = SEED * 1_000_000_007L + round;
            Random random = new Random(seed);
            byte[] dump = Mutations.of(corpus, random);
            if (random.nextInt(10) > 0) {
                mendChecksum(dump);
            }
            Outcome outcome = assertTimeoutPreemptively(
                    Duration.ofSeconds(60), () -> load(dump), () -> "seed " + seed + " has no end");
            outcomes.merge(outcome, 1, Integer::sum);
        }
        System.out.println("fuzzing of dumps: " + ROUNDS + " rounds, " + outcomes);
        assertThat(outcomes).as("both happen").containsKeys(Outcome.LOADED, Outcome.REFUSED);
    }

    /** At the end of the memory that is there: what reads on would not come far. */
    private static Outcome load(byte[] dump) {
        long size = (dump.length + PAGE) / PAGE * (long) PAGE;
        long mapped = Memory.map(size);
        long address = mapped + size - dump.length;
        Memory.copy(dump, 0, address, dump.length);
        try (Store store = new Store(16);
                StoreLoader loader = new StoreLoader(store, new LoadProgress())) {
            new RdbReader(address, dump.length, loader).read();
            writeAgain(store);
            return Outcome.LOADED;
        } catch (RdbException e) {
            assertThat(e.getMessage()).isNotBlank();
            return Outcome.REFUSED;
        } finally {
            Memory.unmap(mapped, size);
        }
    }

    /** What was loaded holds together. */
    private static void writeAgain(Store store) {
        try (NativeBuffer out = new NativeBuffer(4096)) {
            StoreSaver saver = new StoreSaver(new RdbWriter(out));
            for (int i = 0; i < store.databases(); i++) {
                int db = i;
                long cursor = 0;
                do {
                    cursor = store.db(i).scan(cursor, 100, entry -> saver.entry(store.db(db), db, entry));
                } while (cursor != 0);
            }
        }
    }

    private static void mendChecksum(byte[] dump) {
        int body = dump.length - 8;
        if (body > 0) {
            long copy = Memory.map(PAGE * (1 + body / (long) PAGE));
            Memory.copy(dump, 0, copy, body);
            ByteBuffer.wrap(dump).order(ByteOrder.LITTLE_ENDIAN).putLong(body, Crc64.update(0, copy, body));
            Memory.unmap(copy, PAGE * (1 + body / (long) PAGE));
        }
    }
}
