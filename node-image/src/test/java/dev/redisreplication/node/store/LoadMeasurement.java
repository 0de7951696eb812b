package dev.redisreplication.node.store;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.type.Strings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Loads strings of 16+16 bytes and prints bytes a key, the longest stalls and the speed. Run it by hand with {@code -Xmx64m
 * -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED}; first argument: how many million keys (5).
 */
public final class LoadMeasurement {
    private LoadMeasurement() {}

    public static void main(String[] args) throws IOException {
        int keys = (args.length == 0 ? 5 : Integer.parseInt(args[0])) * 1_000_000;
        long key = Memory.map(4096);
        long value = key + 64;
        Memory.copy("value:abcdefghij".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, value, 16);
        warmUp(key, value);
        try (Store store = new Store(1)) {
            Keyspace db = store.db(0);
            long before = resident();
            long[] worst = new long[5];
            long start = System.nanoTime();
            long last = start;
            for (int i = 0; i < keys; i++) {
                digits(key, scatter(i, keys));
                Strings.set(db, key, 16, value, 16, Entry.NO_EXPIRY);
                long now = System.nanoTime();
                if (now - last > worst[0]) {
                    worst[0] = now - last;
                    Arrays.sort(worst);
                }
                last = now;
            }
            report("load", keys, System.nanoTime() - start);
            System.out.println("keys " + db.size() + ", longest five stalls in us: "
                    + Arrays.toString(Arrays.stream(worst).map(n -> n / 1000).toArray()));
            System.out.printf(
                    "bytes a key: resident %.1f, used %.1f, reserved %.1f%n",
                    (double) (resident() - before) / keys,
                    (double) db.usedMemory() / keys,
                    (double) db.reservedMemory() / keys);
            Slice out = new Slice();
            start = System.nanoTime();
            long sum = 0;
            for (int i = 0; i < keys; i++) {
                digits(key, scatter(i * 7 + 3, keys));
                long entry = Strings.find(db, key, 16);
                if (entry != 0) {
                    Strings.get(entry, out);
                    sum += out.length();
                }
            }
            report("get (" + sum + ")", keys, System.nanoTime() - start);
            start = System.nanoTime();
            for (int i = 0; i < keys; i++) {
                digits(key, scatter(i * 5 + 1, keys));
                Strings.set(db, key, 16, value, 16, Entry.NO_EXPIRY);
            }
            report("overwrite", keys, System.nanoTime() - start);
            snapshot(store, keys);
            start = System.nanoTime();
            for (int i = 0; i < keys; i++) {
                digits(key, scatter(i, keys));
                db.remove(key, 16);
            }
            report("delete", keys, System.nanoTime() - start);
            System.out.println("left: used " + db.usedMemory() + ", reserved " + db.reservedMemory());
        }
    }

    private static void warmUp(long key, long value) {
        try (Store store = new Store(1)) {
            for (int i = 0; i < 300_000; i++) {
                digits(key, i);
                Strings.set(store.db(0), key, 16, value, 16, Entry.NO_EXPIRY);
                Strings.find(store.db(0), key, 16);
            }
        }
    }

    private static void snapshot(Store store, int keys) {
        long[] seen = new long[1];
        long start = System.nanoTime();
        Snapshot snapshot = store.snapshot((keyspace, db, entry) -> seen[0] += Entry.keyLength(entry));
        while (!snapshot.step(1_000_000)) {
            Thread.onSpinWait();
        }
        report("snapshot (" + seen[0] / 16 + ")", keys, System.nanoTime() - start);
    }

    private static void report(String what, int count, long nanos) {
        System.out.printf("%s: %.2f million/s%n", what, count * 1e3 / nanos);
    }

    private static int scatter(int i, int n) {
        return (int) (Integer.toUnsignedLong(i) * 2_654_435_761L % n);
    }

    private static void digits(long at, int value) {
        long low = 0;
        int rest = value;
        for (int i = 0; i < 8; i++) {
            low = low << 8 | '0' + rest % 10;
            rest /= 10;
        }
        Memory.putLong(at, 0x303030303a79656bL); // "key:0000"
        Memory.putLong(at + 8, low);
    }

    private static long resident() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
            }
        }
        return 0;
    }
}
