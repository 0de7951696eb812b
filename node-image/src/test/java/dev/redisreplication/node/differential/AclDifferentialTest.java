package dev.redisreplication.node.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.server.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Users with random rules, beside a real server. Rules for commands are compared by what they allow, command by command: Redis 7.0
 * makes a list up that comes to the same, from the commands it has; a node, as Redis 7.2 does, shows the rules as they were given.
 */
@ExtendWith(Proof.class)
class AclDifferentialTest {
    /** Of another arity here, or with other keys. */
    private static final Set<String> DIFFERENT = Set.of("replicaof", "slaveof");

    private static final long[] SEEDS = Proof.seeds(25).toArray();
    private static final int CALLS = 12;
    private static final int COMMANDS = 300;

    private static final List<String> KEYS =
            List.of("~s*", "%R~n*", "~l?", "%W~e*", "~[xz]*", "%RW~h1", "%W~h*", "&c*");

    @RegisterExtension
    static final Arena arena = Arena.followed();

    private static List<List<String>> rows;
    private static AclRules rules;

    @BeforeAll
    static void start() throws Exception {
        try (Wire redis = new Wire(arena.redis().port());
                Wire node = new Wire(arena.node().port())) {
            TreeMap<String, Long> theirs = arities(redis.call("COMMAND").items());
            TreeMap<String, Long> ours = arities(node.call("COMMAND").items());
            ours.keySet().retainAll(theirs.keySet());
            ours.keySet().removeAll(DIFFERENT);
            rows = new ArrayList<>();
            ours.forEach((name, arity) -> rows.add(call(name, arity)));
            List<String> categories =
                    redis.call("ACL", "CAT").items().stream().map(Reply::text).toList();
            rules = new AclRules(List.copyOf(ours.keySet()), categories);
            assertThat(ours).hasSizeGreaterThan(200);
        }
    }

    private static TreeMap<String, Long> arities(List<Reply> infos) {
        TreeMap<String, Long> arities = new TreeMap<>();
        for (Reply info : infos) {
            arities.put(info.items().get(0).text(), info.items().get(1).asLong());
            arities.putAll(arities(info.items().get(9).items()));
        }
        return arities;
    }

    /** A call of the command with keys and numbers, of which some are allowed to some users. */
    private static List<String> call(String name, long arity) {
        List<String> call = new ArrayList<>(List.of(name.split("\\|", -1)));
        List<String> words = List.of("k1", "1", "r1", "k2", "ax");
        for (int i = 0; call.size() < Math.abs(arity) + (arity < 0 ? 1 : 0); i++) {
            call.add(words.get(i % words.size()));
        }
        return call;
    }

    @Test
    void rulesMeanWhatTheyMeanToRedis() throws IOException {
        try (Wire redis = new Wire(arena.redis().port());
                Wire node = new Wire(arena.node().port())) {
            for (long seed : SEEDS) {
                SplittableRandom random = new SplittableRandom(seed);
                String user = "u" + Math.floorMod(seed, 5);
                for (int i = 0; i < CALLS; i++) {
                    List<String> call = new ArrayList<>(List.of("ACL", "SETUSER", user));
                    call.addAll(rules.next(random));
                    same(redis, node, call, "seed " + seed);
                    assertThat(described(node, user)).as("%s", call).isEqualTo(described(redis, user));
                }
                for (List<String> row : rows) {
                    List<String> dry = new ArrayList<>(List.of("ACL", "DRYRUN", user));
                    dry.addAll(row);
                    same(redis, node, dry, "seed " + seed + ", " + node.call("ACL", "GETUSER", user));
                }
                Proof.played("rules", CALLS + rows.size());
            }
            same(redis, node, List.of("ACL", "USERS"), "");
        }
    }

    private static void same(Wire redis, Wire node, List<String> call, String where) throws IOException {
        assertThat(node.call(call).toString())
                .as("%s: %s", where, call)
                .isEqualTo(redis.call(call).toString());
    }

    @Test
    void theCasesThatRandomRulesDoNotMeet() throws IOException {
        List<String> setup = List.of(
                "CONFIG SET requirepass x",
                "CONFIG SET requirepass \"\"",
                "ACL SETUSER lim reset on nopass ~a* %R~r* &c* +@all -debug -acl -config",
                "ACL SETUSER lim +config|get +acl|whoami");
        List<String> script = List.of(
                "AUTH lim x",
                "ACL WHOAMI",
                "SET r1 1",
                "SET r1 1 GET",
                "MGET a1 r1 b1 a2",
                "DEL a1 b1",
                "CONFIG GET nothing",
                "CONFIG SET a b",
                "CONFIG",
                "PUBLISH cc x",
                "PUBLISH dd x",
                "EVAL \"return redis.call('get','b')\" 0",
                "EVAL \"return redis.pcall('config','set','b','c')\" 0",
                "EVAL \"return redis.call('publish','d','c')\" 0",
                "EVAL \"return {redis.acl_check_cmd('get','b'), redis.acl_check_cmd('get','a')}\" 0",
                "EVAL \"return {redis.acl_check_cmd('get'), redis.acl_check_cmd('config', 'set')}\" 0",
                "EVAL \"return 1\" 1 b",
                "MULTI",
                "GET b1",
                "SET a1 1",
                "EXEC",
                "MULTI",
                "SET a1 1",
                "SET a2 1",
                "PUBLISH c 1",
                "@ACL SETUSER lim resetkeys ~a2 resetchannels",
                "EXEC",
                "@ACL SETUSER lim -exec",
                "MULTI",
                "EXEC",
                "PING",
                "AUTH nobody x",
                "AUTH default x y",
                "AUTH default x",
                "AUTH lim",
                "HELLO 3 AUTH nobody x",
                "HELLO 3 AUTH lim x SETNAME n",
                "PSUBSCRIBE c*",
                "RESET",
                "ACL WHOAMI",
                "@ACL SETUSER default off",
                "GET a",
                "RESET",
                "GET a",
                "AUTH x",
                "AUTH lim x",
                "GET a2",
                "@ACL SETUSER default on",
                "@ACL LOG RESET x",
                "@ACL LOG x",
                "@ACL GENPASS 0",
                "@ACL GENPASS x",
                "@ACL GENPASS 1 2",
                "@ACL SETUSER \"a b\" on",
                "@ACL GETUSER nobody",
                "@ACL DELUSER default lim",
                "@ACL DELUSER nobody",
                "@ACL SAVE",
                "@ACL LOAD",
                "@ACL HELP",
                "@ACL CAT nothing",
                "@ACL NOTHING",
                "@ACL DRYRUN nobody get a",
                "@ACL DRYRUN lim nothing",
                "@ACL DRYRUN lim get",
                "@CLIENT KILL USER nobody",
                "@ACL DELUSER lim");
        List<List<String>> answers = new ArrayList<>();
        for (int port : List.of(arena.redis().port(), arena.node().port())) {
            try (Wire control = new Wire(port);
                    Wire client = new Wire(port)) {
                control.call("FLUSHALL");
                control.call("ACL", "LOG", "RESET");
                List<String> said = new ArrayList<>();
                for (String line : setup) {
                    said.add(line + " -> " + control.call(Commands.parse(line)));
                }
                for (String line : script) {
                    boolean byControl = line.startsWith("@");
                    Reply reply =
                            (byControl ? control : client).call(Commands.parse(byControl ? line.substring(1) : line));
                    said.add(line + " -> " + reply.toString().replaceAll("(\\$id) :\\d+", "$1 :0"));
                }
                said.addAll(log(control));
                answers.add(said);
            }
        }
        assertThat(answers.get(1)).isEqualTo(answers.get(0));
    }

    /** All that GETUSER says, without the rules for commands. */
    private static String described(Wire server, String user) throws IOException {
        return withoutCommands(server.call("ACL", "GETUSER", user));
    }

    private static String withoutCommands(Reply reply) {
        StringBuilder text = new StringBuilder();
        List<Reply> items = reply.items();
        if (items == null) {
            return reply.toString();
        }
        for (int i = 0; i < items.size(); i++) {
            boolean commands = i > 0 && "commands".equals(items.get(i - 1).text());
            text.append(commands ? items.get(i).text().substring(0, 5) : withoutCommands(items.get(i)))
                    .append(' ');
        }
        return text.toString();
    }

    static LongStream seeds() {
        return LongStream.of(SEEDS);
    }

    /** All groups' commands, alone, in transactions, scripts and functions, of a user who may do some of it. */
    @ParameterizedTest
    @MethodSource("seeds")
    void whoMayDoSomeOfItIsAnsweredAndLoggedAsByRedis(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(-seed);
        Grammar grammar = Grammar.load(Fuzz.GROUPS);
        ScriptPrograms programs = new ScriptPrograms(Fuzz.GROUPS);
        try (Wire redis = new Wire(arena.redis().port());
                Wire node = new Wire(arena.node().port());
                Duel duel = arena.duel(random.nextBoolean() ? 2 : 3)) {
            for (Wire server : List.of(redis, node)) {
                server.call("ACL", "LOG", "RESET");
                server.call("FUNCTION", "FLUSH");
            }
            List<String> call = new ArrayList<>(List.of("ACL", "SETUSER", "somebody", "reset", "on", "nopass"));
            call.addAll(List.of("+@all", "-acl", "-config", "-debug"));
            KEYS.stream().filter(any -> random.nextInt(3) > 0).forEach(call::add);
            same(redis, node, call, "");
            for (int i = 0; i < 6; i++) {
                List<String> more = new ArrayList<>(List.of("ACL", "SETUSER", "somebody"));
                more.addAll(rules.next(random));
                same(redis, node, more, ""); // some are wrong, and change nothing
            }
            same(redis, node, List.of("ACL", "SETUSER", "somebody", "on", "nopass", "+multi", "+exec"), "");
            assertThat(duel.compare(List.of("AUTH", "somebody", "x"))).isEmpty();
            int played = 0;
            while (played < COMMANDS) {
                List<List<String>> step =
                        switch (random.nextInt(12)) {
                            case 0, 1 -> programs.next(random);
                            case 2 -> List.of(List.of("PUBLISH", random.nextBoolean() ? "c1" : "d", "x"));
                            default -> List.of(grammar.next(random));
                        };
                for (List<String> command : step) {
                    assertThat(duel.compare(command))
                            .as("of %s", node.call("ACL", "GETUSER", "somebody"))
                            .isEmpty();
                }
                played += step.size();
            }
            assertThat(log(node)).isEqualTo(log(redis));
            assertThat(duel.compareContents()).isEmpty();
            assertThat(arena.aftermath().compare(arena.redis().port())).isNull();
            Proof.played("commands of users", played);
        }
    }

    /** ACL LOG without what a clock and the buffers of a client say. */
    private static List<String> log(Wire server) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Reply entry : server.call("ACL", "LOG", "1000").items()) {
            lines.add(logged(entry));
        }
        return lines;
    }

    /** One entry of it. */
    static String logged(Reply entry) {
        List<Reply> fields = entry.items();
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < fields.size(); i += 2) {
            String name = fields.get(i).text();
            String value = name.equals("age-seconds") ? "" : fields.get(i + 1).toString();
            if (name.equals("client-info")) {
                value = fields.get(i + 1).text().replaceAll(".* (cmd=\\S+ user=\\S+) .*", "$1");
            }
            // A node keeps the beginning of a long name only.
            line.append(name)
                    .append('=')
                    .append(value, 0, Math.min(value.length(), 200))
                    .append(' ');
        }
        return line.toString();
    }

    @Test
    void clientsWhoseUsersChangeStandAsWithRedis() throws IOException {
        int[] met = new int[4];
        for (long seed : SEEDS) {
            try (AclCrowd crowd =
                    new AclCrowd(arena.redis().port(), arena.node().port(), rules)) {
                assertThat(crowd.play(seed, COMMANDS / 2)).isNull();
                for (int i = 0; i < met.length; i++) {
                    met[i] += crowd.met()[i];
                }
            }
        }
        assertThat(Arrays.stream(met).min().orElseThrow())
                .as("disconnected, refused, blocked and served: %s", Arrays.toString(met))
                .isPositive();
    }

    @Test
    void aFileGoesBackAndForth(@TempDir Path folder) throws Exception {
        Path ours = Files.createFile(folder.resolve("ours.acl"));
        Path theirs = Files.createFile(folder.resolve("theirs.acl"));
        try (RealRedis realRedis = RealRedis.start("--aclfile", theirs.toString());
                Server server = Server.start("--port", "0", "--bind", "127.0.0.1", "--aclfile", ours.toString());
                Wire redis = new Wire(realRedis.port());
                Wire node = new Wire(server.port())) {
            SplittableRandom random = new SplittableRandom(1);
            for (int i = 0; i < 60; i++) {
                List<String> call = new ArrayList<>(List.of("ACL", "SETUSER", "u" + i % 10));
                call.addAll(rules.next(random));
                same(redis, node, call, "");
            }
            for (Wire server1 : List.of(redis, node)) {
                assertThat(server1.call("ACL", "SAVE").text()).isEqualTo("OK");
            }
            List<String> written = Files.readAllLines(ours);
            assertThat(node.call("ACL", "LOAD").text()).isEqualTo("OK");
            assertThat(texts(node.call("ACL", "LIST"))).isEqualTo(written);
            assertThat(node.call("ACL", "SAVE").text()).isEqualTo("OK");
            assertThat(Files.readAllLines(ours)).isEqualTo(written);

            // Each reads the other's file, and knows the same users then.
            Files.copy(ours, folder.resolve("copy"));
            Files.copy(theirs, ours, StandardCopyOption.REPLACE_EXISTING);
            assertThat(withoutUnknown(node, ours)).isEqualTo("OK");
            Files.copy(folder.resolve("copy"), theirs, StandardCopyOption.REPLACE_EXISTING);
            assertThat(redis.call("ACL", "LOAD").text()).isEqualTo("OK");
            for (int i = 0; i < 10; i++) {
                assertThat(described(node, "u" + i)).isEqualTo(described(redis, "u" + i));
                for (List<String> row : rows) {
                    List<String> dry = new ArrayList<>(List.of("ACL", "DRYRUN", "u" + i));
                    dry.addAll(row);
                    same(redis, node, dry, "u" + i);
                }
            }
        }
    }

    /** Loads a file of Redis that may name commands which are not here: those words go. */
    private static String withoutUnknown(Wire node, Path file) throws IOException {
        while (true) {
            String reply = node.call("ACL", "LOAD").text();
            Set<String> unknown = new TreeSet<>();
            Matcher m = Pattern.compile("applying operation '([^']*)'").matcher(reply);
            while (m.find()) {
                unknown.add(m.group(1));
            }
            if (unknown.isEmpty()) {
                return reply;
            }
            String text = Files.readString(file);
            for (String word : unknown) {
                text = text.replaceAll(" " + Pattern.quote(word) + "(?=[ )\n])", "");
            }
            Files.writeString(file, text);
        }
    }

    private static List<String> texts(Reply reply) {
        return reply.items().stream().map(Reply::text).toList();
    }
}
