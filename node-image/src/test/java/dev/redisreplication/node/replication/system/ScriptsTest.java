package dev.redisreplication.node.replication.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redisreplication.node.server.Server;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ClientPauseMode;

/** Scripts that run for too long, and those that mean no good: the node goes on, and answers others as Redis does. */
class ScriptsTest {
    private static final int TIMEOUT = 60_000;
    private static final String BUSY =
            "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.";

    private Server server;
    private Jedis client;
    private final List<Jedis> clients = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        server = Server.start("--port", "0", "--bind", "127.0.0.1", "--save", "", "--busy-reply-threshold", "50");
        client = connect();
    }

    @AfterEach
    void stop() {
        clients.forEach(Jedis::close);
        server.close();
    }

    private Jedis connect() {
        Jedis jedis = new Jedis("127.0.0.1", server.port(), TIMEOUT);
        clients.add(jedis);
        return jedis;
    }

    private CompletableFuture<String> run(String script) {
        return run(other -> other.eval(script));
    }

    /** The outcome of a command on a connection of its own, in a thread of its own. */
    private CompletableFuture<String> run(Function<Jedis, Object> command) {
        Jedis other = connect();
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return String.valueOf(command.apply(other));
                    } catch (RuntimeException e) {
                        return e.getMessage();
                    }
                },
                task -> Thread.ofVirtual().start(task));
    }

    private boolean isBusy() {
        try {
            client.get("k");
            return false;
        } catch (RuntimeException e) {
            return BUSY.equals(e.getMessage());
        }
    }

    private void awaitBusy() {
        Awaitility.await().until(this::isBusy);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "while true do end",
                "while true do pcall(function() while true do end end) end",
                "while true do redis.call('get', 'k') end",
                "coroutine.wrap(function() while true do end end)()",
                "local function loop() return loop() end loop()",
            })
    void whatNeverEndsIsKilled(String script) {
        CompletableFuture<String> outcome = run(script);
        awaitBusy();
        Jedis late = connect(); // who comes meanwhile is answered, too
        assertThatThrownBy(late::ping).hasMessage(BUSY);
        assertThat(late.scriptKill()).isEqualTo("OK");
        assertThat(outcome.join()).startsWith("ERR Script killed by user with SCRIPT KILL...");
        assertThat(client.ping()).isEqualTo("PONG");
        assertThatThrownBy(client::scriptKill).hasMessage("NOTBUSY No scripts in execution right now.");
        assertThat(client.eval("return 1")).isEqualTo(1L);
    }

    @Test
    void whatHasWrittenIsNotKilled() {
        long loops = 2_000_000;
        String refusal = "NOTBUSY";
        while (refusal.startsWith("NOTBUSY")) { // it was over before it could be asked: it has to go on for longer
            loops *= 2;
            CompletableFuture<String> outcome =
                    run("redis.call('set', 'k', '1') for i = 1, " + loops + " do end return 'done'");
            refusal = killed(outcome);
            assertThat(outcome.join()).isEqualTo("done");
        }
        assertThat(refusal).startsWith("UNKILLABLE");
        assertThat(client.get("k")).isEqualTo("1");
    }

    /** What SCRIPT KILL is answered while this script runs, or when it has ended. */
    private String killed(CompletableFuture<String> outcome) {
        Awaitility.await().pollInterval(Duration.ofMillis(10)).until(() -> isBusy() || outcome.isDone());
        try {
            return client.scriptKill();
        } catch (RuntimeException e) {
            return e.getMessage();
        }
    }

    /** What the caller sends behind a script is not answered before the script is, whatever others are told. */
    @Test
    void theCallersNextRequestsWaitForTheScript() throws Exception {
        try (Socket caller = new Socket("127.0.0.1", server.port())) {
            caller.setSoTimeout(TIMEOUT);
            caller.getOutputStream().write("EVAL 'while true do end' 0\r\n".getBytes(StandardCharsets.US_ASCII));
            awaitBusy();
            caller.getOutputStream().write("ECHO 1\r\nECHO 2\r\n".getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> client.get("k")).hasMessage(BUSY); // the sockets were looked at
            }
            client.scriptKill();
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(caller.getInputStream(), StandardCharsets.US_ASCII));
            assertThat(in.readLine()).startsWith("-ERR Script killed by user");
            assertThat(List.of(in.readLine(), in.readLine(), in.readLine(), in.readLine()))
                    .containsExactly("$1", "1", "$1", "2");
        }
    }

    @Test
    void eachKindIsKilledByItsOwnCommand() {
        client.functionLoad("#!lua name=l\nredis.register_function('loop', function() while true do end end)");
        CompletableFuture<String> script = run("while true do end");
        awaitBusy();
        assertThatThrownBy(client::functionKill).hasMessage(BUSY);
        client.scriptKill();
        assertThat(script.join()).contains("killed by user with SCRIPT KILL");
        CompletableFuture<String> function = run(other -> other.fcall("loop", List.of(), List.of()));
        String busy = BUSY.replace("SCRIPT", "FUNCTION");
        Awaitility.await().until(() -> {
            try {
                client.get("k");
                return false;
            } catch (RuntimeException e) {
                return busy.equals(e.getMessage());
            }
        });
        assertThatThrownBy(client::scriptKill).hasMessage(busy);
        client.functionKill();
        assertThat(function.join()).contains("killed by user with FUNCTION KILL");
        assertThatThrownBy(client::functionKill).hasMessage("NOTBUSY No scripts in execution right now.");
    }

    /** Nobody knows what a script will do, unless it says that it writes nothing. */
    @Test
    void aPauseOfWritesHoldsScripts() {
        String library =
                "#!lua name=l\nredis.register_function('f', function() return redis.call('set', 'k', 'f') end)";
        client.functionLoad(library);
        client.set("k", "before");
        client.clientPause(TIMEOUT, ClientPauseMode.WRITE);
        List<CompletableFuture<String>> held = List.of(
                run("return redis.call('set', 'k', 'e')"),
                run("#!lua\nreturn redis.call('set', 'k', 's')"),
                run(other -> other.fcall("f", List.of(), List.of())));
        Awaitility.await().until(() -> client.info("clients").contains("blocked_clients:3\r\n"));
        assertThat(run("#!lua flags=no-writes\nreturn redis.call('get', 'k')").join())
                .isEqualTo("before");
        assertThat(client.evalReadonly("return redis.call('get', 'k')", List.of(), List.of()))
                .isEqualTo("before");
        client.clientUnpause();
        assertThat(held).extracting(CompletableFuture::join).containsOnly("OK");
        assertThat(client.get("k")).isNotEqualTo("before");
    }

    /** Each ends by itself, in an error or not, and leaves a node that answers and a sandbox as it was. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "local s = 'x' while true do s = s .. s end",
                "local t = {} for i = 1, 1e9 do t[i] = i end",
                "return ('x'):rep(1e6):gsub('x', ('y'):rep(1e6))",
                "local t = {} local s = ('x'):rep(1e6) for i = 1, 10000 do t[i] = s end return #table.concat(t)",
                "local function f() return f() + 1 end return f()",
                "local function f() coroutine.wrap(f)() end f()",
                "local function f() ('x'):gsub('x', f) end f()",
                "return loadstring(('('):rep(100000))",
                "return string.find(('a'):rep(1e6), ('a?'):rep(1e6))",
                "local t = {} t.t = t return cjson.encode(t)",
                "return cjson.decode(('['):rep(1e6))",
                "return cmsgpack.unpack((string.char(145)):rep(1e6))",
                "return setmetatable({}, {__index = function(t, k) return t[k + 1] end})[1]",
                "error(setmetatable({}, {__tostring = function() error('again') end}))",
                "error({})",
                "return {err = {}}",
                "for i = 1, 5000 do pcall(redis.call, 'nosuch') end error('a')",
                "redis = nil",
                "rawset(_G, 'redis', nil)",
                "table.insert(redis, 1) table.insert(_G, 1)",
                "setmetatable(_G, {})",
                "getmetatable('').__index = nil",
                "getmetatable(_G).__index = nil",
                "getmetatable(redis).x = 1",
                "string.rep = nil",
                "collectgarbage('stop')",
                "return loadstring(string.dump(function() end))()",
                "local a, t, u, s = {}, {}, {}, ('x'):rep(5e7) for i = 1, 60 do a[i] = 'k' end "
                        + "pcall(function() while true do t[#t + 1] = s .. #t end end) pcall(function() for i ="
                        + " 1, 1e9 do t[#t + 1] = ('y'):rep(1e5) .. i end end) local function w() end "
                        + "w(unpack(a)) w(unpack(a)) pcall(function() while true do u = {u} end end) "
                        + "redis.call('exists', unpack(a)) return 1",
                "local a, t, u, s = {}, {}, {}, ('x'):rep(5e7) for i = 1, 60 do a[i] = 'k' end "
                        + "pcall(function() while true do t[#t + 1] = s .. #t end end) pcall(function() for i ="
                        + " 1, 1e9 do t[#t + 1] = ('y'):rep(1e5) .. i end end) local function w() end "
                        + "w(unpack(a)) w(unpack(a)) local co = coroutine.wrap(function() end) pcall(function()"
                        + " while true do u = {u} end end) co(unpack(a))",
                "local a, t, u, s = {}, {}, {}, ('x'):rep(5e7) for i = 1, 14 do a[i] = 'k' end local "
                        + "f = function() return redis.call('exists', unpack(a)) end pcall(function() for i = "
                        + "1, 1e9 do t[i] = s .. i end end) pcall(function() for i = 1, 1e9 do t[i] = "
                        + "('x'):rep(1e5) .. i end end) pcall(function() while true do u = {u} end end) "
                        + "pcall(f) t = nil u = nil s = nil collectgarbage() return 1",
                "return load(function() return string.char(27) .. 'Lua' end)()",
            })
    void whatMeansNoGoodHurtsNobody(String script) {
        client.set("k", "v");
        run(script).join();
        assertThat(client.get("k")).isEqualTo("v");
        assertThat(client.eval(
                        "return {redis.call('get', 'k'), ('x'):rep(3), cjson.encode({1}), tostring(rawget(_G, 'x'))}"))
                .isEqualTo(List.of("v", "xxx", "[1]", "nil"));
    }
}
