package dev.redisreplication.node.fuzz;

import dev.redisreplication.node.rdb.OldDumps;
import dev.redisreplication.node.resp.CommandEncoder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Good inputs, from which the others are made. */
final class Seeds {
    private static final String ID = "0123456789abcdef0123456789abcdef01234567";
    private static final String[] COMMANDS = {
        "SET a 1",
        "SET b value PX 1000000",
        "APPEND a 7",
        "INCRBY n 5",
        "SETRANGE b 100 x",
        "GETDEL b",
        "SETBIT bits 77 1",
        "RPUSH l a b c 17 -300",
        "LPUSH l z",
        "LPOP l 2",
        "LINSERT l BEFORE c y",
        "LTRIM l 0 2",
        "RPOPLPUSH l m",
        "SADD s a b 1 2",
        "SADD i 1 2 70000",
        "SREM s a",
        "SMOVE s i b",
        "SINTERSTORE t s i",
        "HSET h f v g 12",
        "HDEL h f",
        "HINCRBY h g 4",
        "HPEXPIREAT h 4102444800000 FIELDS 1 g",
        "HPERSIST h FIELDS 1 g",
        "ZADD z 1.5 a -inf b 3 c",
        "ZINCRBY z 2 a",
        "ZREMRANGEBYSCORE z 2 3",
        "ZRANGESTORE y z 0 -1",
        "XADD x 5-1 f v",
        "XADD x 5-* g w",
        "XGROUP CREATE x k 0",
        "XCLAIM x k c 0 5-1 TIME 5 RETRYCOUNT 2 FORCE JUSTID",
        "XDEL x 5-1",
        "XTRIM x MAXLEN 1",
        "XSETID x 9-9",
        "PFADD p a b c",
        "GEOADD q 13.3 38.1 place",
        "EXPIREAT a 4102444800",
        "PEXPIREAT n 4102444800000",
        "PERSIST a",
        "DEL a s",
        "RENAME z w",
        "COPY w v",
        "MOVE v 1",
        "SELECT 1",
        "SWAPDB 0 1",
        "FLUSHDB",
        "EVAL return 0",
        "BITOP AND d a b",
        "PUBLISH c m"
    };

    private Seeds() {}

    static List<byte[]> requests() {
        return List.of(
                latin("7*3\r\n$3\r\nSET\r\n$1\r\na\r\n$2\r\n12\r\n*1\r\n$4\r\nPING\r\n"),
                latin("1SET a \"x\\x41 y\" 'z'\r\nPING\n*0\r\n*-1\r\n"));
    }

    static List<byte[]> master() {
        return List.of(
                latin("+PONG\n+OK\n+OK\n+OK\n+OK\n+FULLRESYNC " + ID + " 42\n$5\nhello*1"),
                latin("-NOAUTH\n-WRONGPASS\n+OK\n+OK\n+CONTINUE " + ID + "\n"),
                latin("\n$EOF:" + ID + "\nREDIS" + ID));
    }

    /** Dumps without their header and end; the first byte says which version. */
    static List<byte[]> dumps() {
        List<byte[]> all = new ArrayList<>();
        for (int version = 1; version <= 12; version++) {
            byte[] dump = OldDumps.everything(version);
            byte[] body = Arrays.copyOfRange(dump, 8, dump.length - (version < 5 ? 1 : 9));
            body[0] = (byte) (version - 1);
            all.add(body);
        }
        return all;
    }

    /** Increments: commands, transactions, times, positions. */
    static List<byte[]> files() {
        String mark = "#REPL " + ID + " 100 " + ID.replace('0', 'f') + " 50\r\n";
        List<byte[]> all = commands("");
        all.addAll(commands("#TS:1700000000\r\n"));
        all.addAll(commands(mark));
        return all;
    }

    /** What comes after a dump; the first byte says in which pieces. */
    static List<byte[]> streams() {
        List<byte[]> all = commands("\u0007*1\r\n$4\r\nPING\r\n");
        all.addAll(commands("\u00ff*3\r\n$8\r\nREPLCONF\r\n$6\r\nGETACK\r\n$1\r\n*\r\n"));
        return all;
    }

    private static List<byte[]> commands(String before) {
        List<byte[]> all = new ArrayList<>();
        int each = 8;
        for (int from = 0; from < COMMANDS.length; from += each) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.writeBytes(latin(before));
            int to = Math.min(COMMANDS.length, from + each);
            for (int i = from; i < to; i++) {
                if (i == from + 2) {
                    bytes.writeBytes(CommandEncoder.command("MULTI"));
                }
                bytes.writeBytes(CommandEncoder.command(COMMANDS[i].split(" ", -1)));
                if (i == from + 5) {
                    bytes.writeBytes(CommandEncoder.command("EXEC"));
                }
            }
            all.add(bytes.toByteArray());
        }
        return all;
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
