package dev.redisreplication.node.rdb;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Dumps with every encoding that a version of the format has. */
public final class OldDumps {
    private static final long FAR = 4_102_444_800L; // the year 2100

    private OldDumps() {}

    /** What a server of that version could write, and all that was before it. */
    public static byte[] everything(int version) {
        String longText = "a long text ".repeat(30);
        OldDump d = new OldDump(version).bytes(254, 0);
        d.key(0, "string").string("hello");
        d.key(0, "int8").bytes(0xc0, 0x85).key(0, "int16").bytes(0xc1, 0x39, 0x30);
        d.key(0, "int32").bytes(0xc2, 0, 0, 0, 0x80).key(0, "run").compressedRun('x');
        d.expiresAtSecond(2_000_000_000).key(0, "expires").string("x");
        d.key(1, "list").length(3).string("a").bytes(0xc0, 7).string(longText);
        d.key(2, "set").length(2).string("a").string("b");
        d.key(3, "zset").length(5).string("a").textScore("1.5").string("b").textScore("-3e-7");
        d.string("c").bytes(254).string("d").bytes(255).string("e").textScore("17");
        d.key(4, "hash").length(2).string("f").string("v").string("g").string(longText);
        d.key(9, "zipmap").string(OldDump.zipmap("f", "v", "g", "x".repeat(300), "h", ""));
        d.key(10, "ziplist")
                .string(OldDump.ziplist(List.of(
                        "a",
                        0L,
                        12L,
                        13L,
                        -1L,
                        300L,
                        -70000L,
                        1L << 30,
                        Long.MIN_VALUE,
                        longText,
                        "b",
                        "y".repeat(20_000),
                        "c")));
        d.key(11, "intset2")
                .string(OldDump.intset(2, -5, 7, 300))
                .key(11, "intset4")
                .string(OldDump.intset(4, -70000, 1));
        d.key(11, "intset8").string(OldDump.intset(8, Long.MIN_VALUE, 0, Long.MAX_VALUE));
        d.key(12, "zset-ziplist").string(OldDump.ziplist(List.of("b", -3L, "c", "1.5", "a", "inf")));
        d.key(13, "hash-ziplist").string(OldDump.ziplist(List.of("f", "v", 12L, 17L)));
        if (version >= 3) {
            d.expiresAt(FAR * 1000 + 123).key(0, "expires-ms").string("x");
        }
        if (version >= 7) {
            d.bytes(250).string("redis-ver").string("3.2.0").bytes(251, 1, 0);
            d.bytes(250).string("of a later version").bytes(0xc0, 1); // is passed by
            d.bytes(250).string("lua").string("return 1"); // Redis 4 to 6 kept scripts
            d.key(14, "quicklist")
                    .length(2)
                    .string(OldDump.ziplist(List.of("a", 1L)))
                    .string(OldDump.ziplist(List.of("b")));
        }
        if (version >= 8) {
            d.key(5, "zset2").length(2).string("a").fixed64(Double.doubleToLongBits(0.1));
            d.string("b").fixed64(Double.doubleToLongBits(Double.NEGATIVE_INFINITY));
        }
        if (version >= 9) {
            d.bytes(248)
                    .length(100)
                    .key(0, "idle")
                    .string("x")
                    .bytes(249, 7)
                    .key(0, "frequent")
                    .string("x");
            stream(d, 15, "stream");
        }
        if (version >= 10) {
            d.key(16, "hash-listpack").string(OldDump.listpack(List.of("f", "v", 12L, -70000L)));
            d.key(17, "zset-listpack").string(OldDump.listpack(List.of("b", -3L, "c", "1.5")));
            d.key(18, "quicklist2")
                    .length(2)
                    .length(1)
                    .string("plain")
                    .length(2)
                    .string(OldDump.listpack(List.of(
                            "a",
                            9L,
                            127L,
                            128L,
                            -1L,
                            -4096L,
                            5000L,
                            -70000L,
                            1L << 30,
                            Long.MIN_VALUE,
                            "t".repeat(63),
                            longText,
                            "y".repeat(20_000),
                            "z")));
            d.bytes(245).string("#!lua name=old\nredis.register_function('f', function() return 1 end)");
            stream(d, 19, "stream2");
        }
        if (version >= 11) {
            d.key(20, "set-listpack").string(OldDump.listpack(List.of("a", 300L, "b")));
            stream(d, 21, "stream3");
        }
        if (version >= 12) {
            d.bytes(244, 1, 0, 0);
            d.key(24, "hash-times").fixed64(FAR * 1000).length(2);
            d.length(6).string("f").string("v").length(0).string("g").string("w");
            d.key(25, "hash-times-listpack").fixed64(FAR * 1000);
            d.string(OldDump.listpack(List.of("f", "v", FAR * 1000, "g", 12L, 0L)));
        }
        d.bytes(254, 3).key(0, "elsewhere").string("db 3");
        return d.end();
    }

    private static void stream(OldDump d, int type, String name) {
        d.key(type, name).length(1).string(OldDump.streamId(5, 1));
        d.string(OldDump.listpack(List.of(
                2L, 1L, 1L, "f", 0L, // live, deleted, one field in common
                2L, 0L, 0L, "v", 4L, 3L, 0L, 1L, "gone", 4L, 0L, 300L, 0L, 1L, "g", "w", 6L)));
        d.length(2).length(305).length(7);
        if (type >= 19) {
            d.length(5).length(1).length(5).length(2).length(3);
        }
        d.length(1).string("group").length(5).length(1);
        if (type >= 19) {
            d.length(1);
        }
        d.length(1).raw(latin(OldDump.streamId(5, 1))).fixed64(FAR).length(3);
        d.length(1).string("consumer").fixed64(FAR);
        if (type >= 21) {
            d.fixed64(FAR);
        }
        d.length(1).raw(latin(OldDump.streamId(5, 1)));
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
