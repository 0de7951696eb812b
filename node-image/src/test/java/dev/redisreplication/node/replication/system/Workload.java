package dev.redisreplication.node.replication.system;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.Transaction;
import redis.clients.jedis.params.SetParams;
import redis.clients.jedis.params.XAddParams;

/** Random writes of every data type into a bounded keyspace, and the whole contents of a server as text. */
final class Workload {
    private static final int KEYS = 60;
    private static final Set<String> OWN =
            Set.of("radix-tree-keys", "radix-tree-nodes", "seen-time", "active-time", "entries-read", "lag");

    private static final long LATER = 4_102_444_800_000L; // the year 2100

    private final Random random;
    private final long seed;
    private boolean timesOfFields;

    Workload(long seed) {
        this.seed = seed;
        this.random = new Random(seed);
    }

    /** With hashes whose fields have times to live, which servers know from Redis 7.4 on. */
    Workload withTimesOfFields() {
        timesOfFields = true;
        return this;
    }

    long seed() {
        return seed;
    }

    private String key(String type) {
        return type + ":" + random.nextInt(KEYS);
    }

    private byte[] value() {
        byte[] bytes = new byte[1 << random.nextInt(11)];
        random.nextBytes(bytes);
        return random.nextBoolean() ? bytes : Integer.toString(random.nextInt()).getBytes(StandardCharsets.US_ASCII);
    }

    /** That many random commands, some of them in transactions, some in database 1. */
    void run(Jedis jedis, int commands) {
        for (int left = commands; left > 0; ) {
            int batch = Math.min(left, 50);
            if (random.nextInt(10) == 0) {
                jedis.select(random.nextInt(2));
            }
            if (random.nextInt(5) == 0) {
                Transaction transaction = jedis.multi();
                for (int i = 0; i < 5; i++) {
                    transaction.incrBy(key("counter"), random.nextInt(100));
                }
                transaction.rpush(key("list"), "in a transaction");
                transaction.exec();
            }
            Pipeline pipeline = jedis.pipelined();
            for (int i = 0; i < batch; i++) {
                one(pipeline);
            }
            pipeline.sync();
            left -= batch;
        }
        jedis.select(0);
    }

    private void one(Pipeline to) {
        if (timesOfFields && random.nextInt(8) == 0) {
            timed(to);
            return;
        }
        switch (random.nextInt(17)) {
            case 0, 1 -> to.set(key("string").getBytes(StandardCharsets.US_ASCII), value());
            case 2 -> to.incr(key("counter"));
            case 3 -> to.set(key("expiring"), "x", SetParams.setParams().ex(10_000));
            case 4 -> to.rpush(key("list").getBytes(StandardCharsets.US_ASCII), value(), value());
            case 5 -> to.lpop(key("list"));
            case 6 -> to.sadd(key("set").getBytes(StandardCharsets.US_ASCII), value());
            case 7 -> to.sadd(key("numbers"), Integer.toString(random.nextInt(1000)));
            case 8 -> to.spop(key("numbers"));
            case 9 -> to.hset(key("hash").getBytes(StandardCharsets.US_ASCII), value(), value());
            case 10 -> to.zadd(key("sorted"), random.nextGaussian(), "m" + random.nextInt(500));
            case 11 -> to.zpopmin(key("sorted"));
            case 12 ->
                to.xadd(
                        key("stream"),
                        Map.of("f", "v" + random.nextInt(), "n", Integer.toString(random.nextInt(10))),
                        XAddParams.xAddParams());
            case 13, 14, 15 -> groups(to, key("stream"));
            default -> to.del(key("string"));
        }
    }

    private void timed(Pipeline to) {
        String key = "timed:" + random.nextInt(10);
        String field = "f" + random.nextInt(random.nextBoolean() ? 8 : 600);
        String time = Long.toString(LATER + random.nextInt(1_000_000));
        switch (random.nextInt(8)) {
            case 0, 1 -> to.hset(key, field, "v" + random.nextInt());
            case 2, 3, 4 -> to.sendCommand(Command.HPEXPIREAT, key, time, "FIELDS", "1", field);
            case 5 -> to.sendCommand(Command.HPERSIST, key, "FIELDS", "1", field);
            case 6 -> to.sendCommand(Command.HSETEX, key, "PXAT", time, "FIELDS", "1", field, "x");
            default -> to.hdel(key, field);
        }
    }

    /** Something about a consumer group of a stream; many a command finds none and is refused. */
    private void groups(Pipeline to, String key) {
        String group = "g" + random.nextInt(2);
        String consumer = "c" + random.nextInt(3);
        String time = Long.toString(1_700_000_000_000L + random.nextInt(1_000_000_000));
        switch (random.nextInt(8)) {
            case 0 -> to.sendCommand(Command.XGROUP, "CREATE", key, group, "0", "MKSTREAM");
            case 1, 2 ->
                to.sendCommand(Command.XREADGROUP, "GROUP", group, consumer, "COUNT", "5", "STREAMS", key, ">");
            case 3 -> to.sendCommand(Command.XREADGROUP, "GROUP", group, consumer, "NOACK", "STREAMS", key, ">");
            case 4 -> to.sendCommand(Command.XAUTOCLAIM, key, group, consumer, "0", "0", "COUNT", "3");
            case 5 -> to.sendCommand(Command.XCLAIM, key, group, consumer, "0", "1-1", "TIME", time, "LASTID", "1-2");
            case 6 -> to.sendCommand(Command.XTRIM, key, "MAXLEN", "3");
            default -> to.sendCommand(Command.XGROUP, "DELCONSUMER", key, group, consumer);
        }
    }

    /** One large value of every type, so that it does not fit in one packed block. */
    static void large(Jedis jedis) {
        Pipeline pipeline = jedis.pipelined();
        for (int i = 0; i < 3000; i++) {
            pipeline.rpush("large:list", "element " + i);
            pipeline.sadd("large:set", "member " + i);
            pipeline.sadd("large:intset", Integer.toString(i * 7));
            pipeline.hset("large:hash", "field " + i, "value " + i);
            pipeline.zadd("large:sorted", i * 0.5, "member " + i);
            pipeline.xadd("large:stream", Map.of("field", "value " + i), XAddParams.xAddParams());
        }
        pipeline.sendCommand(Command.XGROUP, "CREATE", "large:stream", "group", "0");
        for (int i = 0; i < 4; i++) {
            pipeline.sendCommand(
                    Command.XREADGROUP, "GROUP", "group", "c" + i, "COUNT", "600", "STREAMS", "large:stream", ">");
        }
        pipeline.set("large:string", "abc".repeat(100_000));
        pipeline.rpush("large:list", "x".repeat(100_000));
        pipeline.sync();
    }

    /** Everything in databases 0 and 1, whole values, and whether a key expires. */
    static Map<String, String> contents(Jedis jedis) {
        Map<String, String> all = new TreeMap<>();
        for (int db = 0; db < 2; db++) {
            jedis.select(db);
            for (String key : jedis.keys("*")) {
                all.put(db + "/" + key, jedis.expireTime(key) + " " + value(jedis, key));
            }
        }
        jedis.select(0);
        return all;
    }

    private static String value(Jedis jedis, String key) {
        byte[] name = key.getBytes(StandardCharsets.UTF_8);
        return switch (jedis.type(key)) {
            case "string" -> text(jedis.get(name));
            case "list" ->
                jedis.lrange(name, 0, -1).stream().map(Workload::text).toList().toString();
            case "set" -> sorted(jedis.smembers(name)).toString();
            case "hash" -> {
                Map<String, String> fields = new TreeMap<>();
                jedis.hgetAll(name).forEach((field, value) -> fields.put(text(field), text(value)));
                yield fields + (key.startsWith("timed:") ? times(jedis, key, fields.keySet()) : "");
            }
            case "zset" -> jedis.zrangeWithScores(key, 0, -1).toString();
            case "stream" ->
                jedis.xrange(key, "-", "+").stream()
                                .map(entry -> entry.getID() + new TreeMap<>(entry.getFields()).toString())
                                .toList()
                        + groups(jedis, key);
            default -> "";
        };
    }

    private static String times(Jedis jedis, String key, Set<String> fields) {
        return jedis.hpexpireTime(key, fields.toArray(String[]::new)).toString();
    }

    /** What XINFO says of a stream but for what is each server's own: its tree, and when and how much it saw of a group. */
    private static String groups(Jedis jedis, String key) {
        StringBuilder text = new StringBuilder();
        describe(jedis.sendCommand(Command.XINFO, "STREAM", key, "FULL", "COUNT", "0"), text);
        return text.toString();
    }

    private static void describe(Object reply, StringBuilder to) {
        if (!(reply instanceof List<?> items)) {
            to.append(' ').append(reply instanceof byte[] bytes ? text(bytes) : reply);
            return;
        }
        to.append('[');
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i) instanceof byte[] name && OWN.contains(text(name))) {
                i++;
            } else {
                describe(items.get(i), to);
            }
        }
        to.append(']');
    }

    private static Set<String> sorted(Set<byte[]> members) {
        Set<String> sorted = new TreeSet<>();
        members.forEach(member -> sorted.add(text(member)));
        return sorted;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
