package dev.redisreplication.node.command;

import static dev.redisreplication.node.command.KeyFlag.ACCESS;
import static dev.redisreplication.node.command.KeyFlag.DELETE;
import static dev.redisreplication.node.command.KeyFlag.INCOMPLETE;
import static dev.redisreplication.node.command.KeyFlag.OW;
import static dev.redisreplication.node.command.KeyFlag.RO;
import static dev.redisreplication.node.command.KeyFlag.RW;
import static dev.redisreplication.node.command.KeyFlag.UPDATE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.resp.NativeBuffer;
import dev.redisreplication.node.resp.RequestParser;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Keys of commands that are specified in ways which only few commands need. */
class KeysTest {
    private final CommandTable.Builder table = new CommandTable.Builder();
    private final Handler none = call -> {};

    @Test
    void numberedKeysOfWhichNoneIsWanted() throws Exception {
        table.row("eval", -3, none).numberedKeys(2, RW, ACCESS, UPDATE);
        assertThat(keys("EVAL script 2 a b c")).containsExactly("a [RW, ACCESS, UPDATE]", "b [RW, ACCESS, UPDATE]");
        assertThat(keys("EVAL script 0 a")).isEmpty();
        assertThat(keys("EVAL script 3 a b")).isEmpty();
        assertThat(keys("EVAL script x a b")).isEmpty();
        assertThat(keys("EVAL script 9223372036854775807 a b")).isEmpty();
    }

    @Test
    void destinationBeforeNumberedKeys() throws Exception {
        table.row("zunionstore", -4, none).key(1, OW, UPDATE).numberedKeys(2, RO, ACCESS);
        assertThat(keys("ZUNIONSTORE d 2 a b WEIGHTS 1 2"))
                .containsExactly("d [OW, UPDATE]", "a [RO, ACCESS]", "b [RO, ACCESS]");
        assertThat(keys("ZUNIONSTORE d 0 a b")).isEmpty();
    }

    @Test
    void keywordFromTheEndWithFunctionBehindIt() throws Exception {
        table.row("migrate", -6, none)
                .key(3, RW, ACCESS, DELETE)
                .keysBehind("KEYS", -2, new KeySpec.Range(-1, 1, 0), RW, ACCESS, DELETE, INCOMPLETE)
                .keysBy((request, keys) -> keys.add(3, RW));
        assertThat(keys("MIGRATE h 1 k 0 1")).containsExactly("k [RW]");

        CommandTable.Builder complete = new CommandTable.Builder();
        complete.row("m", -2, none).keysBehind("KEYS", -2, new KeySpec.Range(-1, 1, 0), RW);
        assertThat(keys(complete, "M x KEYS a b")).containsExactly("a [RW]", "b [RW]");
        assertThat(keys(complete, "M x y KEYS")).isEmpty();
        assertThat(keys(complete, "M KEYS a")).isEmpty();
    }

    @Test
    void functionWhereNobodyCanSpecify() throws Exception {
        table.row("sort", -2, none).key(1, RO, ACCESS).unknownKeys(OW, UPDATE).keysBy((request, keys) -> {
            keys.add(1, RO, ACCESS);
            keys.add(request.argc() - 1, OW, UPDATE);
        });
        assertThat(keys("SORT a STORE b")).containsExactly("a [RO, ACCESS]", "b [OW, UPDATE]");
        assertThat(table.build().find("sort").has(Flag.MOVABLEKEYS)).isTrue();
    }

    @Test
    void halfOfWhatFollowsTheKeyword() throws Exception {
        table.row("xread", -4, none).keysBehind("STREAMS", 1, new KeySpec.Range(-1, 1, 2), RO);
        assertThat(keys("XREAD COUNT 1 streams a b 0 0")).containsExactly("a [RO]", "b [RO]");
        assertThat(keys("XREAD COUNT 1 streams a b 0")).containsExactly("a [RO]");
        assertThat(keys("XREAD COUNT 1 STREAMS")).isEmpty();
    }

    private List<String> keys(String command) throws Exception {
        return keys(table, command);
    }

    private static List<String> keys(CommandTable.Builder table, String command) throws Exception {
        try (NativeBuffer line = new NativeBuffer(256)) {
            line.put(command + "\r\n");
            RequestParser parser = new RequestParser();
            parser.parse(line.address(), line.readable());
            CommandRow row = table.build().find(parser.request());
            Keys keys = new Keys();
            List<String> found = new ArrayList<>();
            boolean any = row.findKeys(parser.request(), keys);
            keys.each((i, flags) -> found.add(command.split(" ", -1)[i] + " " + KeyFlag.of(flags)));
            assertThat(any).isEqualTo(!found.isEmpty());
            assertThat(keys.size()).isEqualTo(found.size());
            return found;
        }
    }
}
