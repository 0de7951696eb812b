package dev.redisreplication.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.net.TestTransport;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.BinaryJedisPubSub;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol.Command;

/** Arguments and values that the node's small heap could not take: they are refused or go past it. */
class LongArgumentsTest {
    private static final String LONG = "9".repeat(Call.MAX_COPIED + 1);

    @TempDir
    private Path dir;

    private Server start() throws Exception {
        List<String> args =
                new ArrayList<>(List.of("--port", "0", "--bind", "127.0.0.1", "--save", "", "--dir", dir.toString()));
        args.addAll(TestTransport.flags());
        return Server.start(args.toArray(new String[0]));
    }

    @Test
    void refusesNamesAndOptionsThatAreTooLong() throws Exception {
        try (Server server = start();
                Jedis jedis = Clients.connect(server)) {
            assertThatThrownBy(() -> jedis.watch(LONG)).hasMessage("ERR argument is too long");
            assertThatThrownBy(() -> jedis.configGet(LONG)).hasMessage("ERR argument is too long");
            assertThatThrownBy(() -> jedis.clientSetname(LONG)).hasMessage("ERR argument is too long");
            assertThatThrownBy(() -> jedis.sendCommand(Command.EXPIRE, "k", "1", LONG))
                    .hasMessage("ERR argument is too long");
        }
    }

    @Test
    void longValuesAreNoNumbers() throws Exception {
        try (Server server = start();
                Jedis jedis = Clients.connect(server)) {
            jedis.set("k", LONG);
            assertThatThrownBy(() -> jedis.incrByFloat("k", 1)).hasMessage("ERR value is not a valid float");
            assertThatThrownBy(() -> jedis.sendCommand(Command.ZADD, "z", LONG, "m"))
                    .hasMessage("ERR value is not a valid float");
            assertThatThrownBy(() -> jedis.sendCommand(Command.ZCOUNT, "z", "-inf", LONG))
                    .hasMessage("ERR min or max is not a float");
            jedis.set("k", "x".repeat(5 << 20));
            assertThatThrownBy(() -> jedis.sendCommand(Command.LCS, "k", "missing"))
                    .hasMessageContaining("exceeds proto-max-bulk-len");
        }
    }

    @Test
    void aKeyMayBeLongWhileOthersAreWatched() throws Exception {
        try (Server server = start();
                Jedis jedis = Clients.connect(server)) {
            jedis.watch("k");
            assertThat(jedis.set(LONG, "v")).isEqualTo("OK");
            assertThat(jedis.get(LONG)).isEqualTo("v");
        }
    }

    @Test
    void aMessageMayBeLong() throws Exception {
        byte[] channel = "channel".getBytes(StandardCharsets.UTF_8);
        byte[] message = LONG.getBytes(StandardCharsets.UTF_8);
        List<Integer> heard = new ArrayList<>();
        try (Server server = start();
                Jedis listener = Clients.connect(server);
                Jedis jedis = Clients.connect(server)) {
            listener.subscribe(
                    new BinaryJedisPubSub() {
                        @Override
                        public void onSubscribe(byte[] name, int subscribed) {
                            assertThat(jedis.publish(message, message)).isZero();
                            assertThat(jedis.publish(channel, message)).isOne();
                        }

                        @Override
                        public void onMessage(byte[] name, byte[] text) {
                            heard.add(text.length);
                            unsubscribe();
                        }
                    },
                    channel);
        }
        assertThat(heard).containsExactly(message.length);
    }
}
