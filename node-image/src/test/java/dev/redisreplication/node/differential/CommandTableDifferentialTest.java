package dev.redisreplication.node.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What COMMAND says of a command is what Redis says of it, for every command that both have: byte for byte, except that
 * sets and lists of commands come in any order.
 */
class CommandTableDifferentialTest {
    /** Rows whose INFO differs, and has to. */
    private static final Map<String, String> DIFFERENT = Map.of(
            "replicaof", "it takes a term here",
            "slaveof", "it takes a term here");

    private static final int NAME = 0;
    private static final int ARITY = 1;
    private static final int FLAGS = 2;
    private static final int CATEGORIES = 6;
    private static final int TIPS = 7;
    private static final int SUBCOMMANDS = 9;

    @RegisterExtension
    static final Arena arena = new Arena();

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void infoIsThatOfRedis(int protocol) throws Exception {
        try (Wire redis = wire(arena.redis().port(), protocol);
                Wire node = wire(arena.node().port(), protocol)) {
            Map<String, String> theirs = infos(redis.call("COMMAND"));
            Map<String, String> ours = infos(node.call("COMMAND"));
            ours.keySet().retainAll(theirs.keySet()); // commands of our own, and of later versions
            DIFFERENT
                    .keySet()
                    .forEach(name ->
                            assertThat(ours.remove(name)).as(name).isNotNull().isNotEqualTo(theirs.get(name)));
            assertEqual(ours, theirs);
            for (String name : List.of("get", "client|ID", "client", "nothing", "client|nothing")) {
                List<String> info = List.of("COMMAND", "INFO", name, "nothing", "set");
                List<Reply> items = node.call(info).items();
                assertThat(items).hasSize(3);
                if (!name.equals("client")) { // it has one more subcommand here
                    assertThat(infos(items)).isEqualTo(infos(redis.call(info).items()));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void docsAreThoseOfRedis(int protocol) throws Exception {
        try (Wire redis = wire(arena.redis().port(), protocol);
                Wire node = wire(arena.node().port(), protocol)) {
            Map<String, String> theirs = docs(redis.call("COMMAND", "DOCS"));
            Map<String, String> ours = docs(node.call("COMMAND", "DOCS"));
            ours.keySet().retainAll(theirs.keySet());
            assertEqual(ours, theirs);
            for (String name : List.of("get", "config|GET", "GETEX", "nothing", "config|nothing")) {
                assertThat(node.call("COMMAND", "DOCS", name, "nothing").toString())
                        .isEqualTo(
                                redis.call("COMMAND", "DOCS", name, "nothing").toString());
            }
        }
    }

    private static void assertEqual(Map<String, String> ours, Map<String, String> theirs) {
        assertThat(ours)
                .hasSizeGreaterThan(200)
                .allSatisfy((name, row) -> assertThat(row).as(name).isEqualTo(theirs.get(name)));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void keysAreThoseOfRedis(int protocol) throws Exception {
        try (Wire redis = wire(arena.redis().port(), protocol);
                Wire node = wire(arena.node().port(), protocol)) {
            Map<String, Reply> rows = new LinkedHashMap<>();
            eachRow(node.call("COMMAND").items(), row -> rows.put(name(row), row));
            rows.keySet().retainAll(infos(redis.call("COMMAND")).keySet());
            rows.remove("replicaof"); // of other arity here
            rows.remove("slaveof");
            int withKeys = 0;
            for (Reply row : rows.values()) {
                for (List<String> command : calls(row)) {
                    for (String question : List.of("GETKEYS", "GETKEYSANDFLAGS")) {
                        List<String> call = new ArrayList<>(List.of("COMMAND", question));
                        call.addAll(command);
                        Reply answer = node.call(call);
                        assertThat(answer.toString())
                                .as(String.join(" ", call))
                                .isEqualTo(redis.call(call).toString());
                        withKeys += answer.isError() ? 0 : 1;
                    }
                }
            }
            assertThat(withKeys).isGreaterThan(1000);
        }
    }

    /** Calls of the command with fewer arguments than it takes up to six more, some of them numbers or words that count. */
    private static List<List<String>> calls(Reply row) {
        List<String> name = List.of(name(row).split("\\|"));
        int arity = Math.abs((int) row.items().get(ARITY).asLong());
        List<List<String>> calls = new ArrayList<>();
        for (int argc = Math.max(name.size(), arity - 1); argc <= arity + 6; argc++) {
            for (String word : List.of("", "1", "2", "3", "-1", "99999999999", "GET", "STREAMS", "streams", "STORE")) {
                for (int at = name.size(); at < argc; at++) {
                    List<String> call = new ArrayList<>(name);
                    for (int i = call.size(); i < argc; i++) {
                        call.add(i == at ? word : "k" + i);
                    }
                    calls.add(call);
                }
            }
            if (argc == name.size()) {
                calls.add(name);
            }
        }
        return calls;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void listsAreThoseOfRedis(int protocol) throws Exception {
        try (Wire redis = wire(arena.redis().port(), protocol);
                Wire node = wire(arena.node().port(), protocol)) {
            Set<String> theirs = infos(redis.call("COMMAND")).keySet();
            Set<String> ours = infos(node.call("COMMAND")).keySet();
            List<List<String>> filters = new ArrayList<>();
            filters.add(List.of());
            for (Reply category : redis.call("ACL", "CAT").items()) {
                filters.add(List.of("FILTERBY", "ACLCAT", category.text()));
            }
            for (String pattern : List.of("*", "client|*", "X*", "g[ae]t*", "get", "", "a|b", "*|*")) {
                filters.add(List.of("filterby", "pattern", pattern));
            }
            filters.add(List.of("FILTERBY", "MODULE", "m"));
            filters.add(List.of("FILTERBY", "ACLCAT", "nothing"));
            filters.add(List.of("FILTERBY", "ACLCAT", "STRING"));
            filters.add(List.of("FILTERBY", "nothing", "x"));
            filters.add(List.of("FILTERBY", "PATTERN"));
            filters.add(List.of("FILTERBY"));
            filters.add(List.of("x"));
            filters.add(List.of("FILTERBY", "PATTERN", "x", "y"));
            for (List<String> filter : filters) {
                List<String> call = new ArrayList<>(List.of("COMMAND", "LIST"));
                call.addAll(filter);
                assertThat(only(theirs, node.call(call)))
                        .as(String.join(" ", call))
                        .isEqualTo(only(ours, redis.call(call)));
            }
        }
    }

    /** The names of the reply that are among {@code known} and whose category is not disputed, or the error. */
    private static String only(Set<String> known, Reply names) {
        return names.isAggregate()
                ? names.type()
                        + names.items().stream()
                                .filter(name -> known.contains(name.text()) && !DIFFERENT.containsKey(name.text()))
                                .map(Reply::toString)
                                .collect(Collectors.toCollection(TreeSet::new))
                                .toString()
                : names.toString();
    }

    @Test
    void countIsThatOfTheTableAndHelpThatOfRedis() throws Exception {
        try (Wire redis = wire(arena.redis().port(), 2);
                Wire node = wire(arena.node().port(), 2)) {
            assertThat(node.call("COMMAND", "HELP").toString())
                    .isEqualTo(redis.call("COMMAND", "HELP").toString());
            assertThat(node.call("COMMAND", "COUNT").asLong())
                    .isEqualTo(node.call("COMMAND").items().size());
        }
    }

    private static Wire wire(int port, int protocol) throws IOException {
        Wire wire = new Wire(port);
        wire.call("HELLO", String.valueOf(protocol));
        return wire;
    }

    private static String name(Reply row) {
        return row.items().get(NAME).text();
    }

    static Map<String, String> infos(Reply rows) {
        return infos(rows.items());
    }

    /** Each row and each subcommand as text, by its name. */
    private static Map<String, String> infos(List<Reply> rows) {
        Map<String, String> infos = new TreeMap<>();
        eachRow(rows, row -> {
            if (!row.isAggregate()) {
                infos.put("nothing", row.toString());
                return;
            }
            List<Reply> facts = new ArrayList<>(row.items());
            for (int set : List.of(FLAGS, CATEGORIES, TIPS)) {
                facts.set(set, facts.get(set).sorted(1));
            }
            facts.set(SUBCOMMANDS, new Reply(facts.get(SUBCOMMANDS).type(), "", null)); // a row each
            infos.put(name(row), facts.toString());
        });
        return infos;
    }

    private static void eachRow(List<Reply> rows, Consumer<Reply> visitor) {
        for (Reply row : rows) {
            visitor.accept(row);
            if (row.isAggregate()) {
                eachRow(row.items().get(SUBCOMMANDS).items(), visitor);
            }
        }
    }

    static Map<String, String> docs(Reply map) {
        Map<String, String> docs = new TreeMap<>();
        docs(map, docs);
        return docs;
    }

    private static void docs(Reply map, Map<String, String> into) {
        for (int i = 0; i < map.items().size(); i += 2) {
            List<Reply> facts = new ArrayList<>(map.items().get(i + 1).items());
            for (int f = 0; f < facts.size(); f += 2) {
                if (facts.get(f).text().equals("subcommands")) {
                    docs(facts.get(f + 1), into);
                    facts.set(f + 1, new Reply(facts.get(f + 1).type(), "", null));
                } else if (facts.get(f).text().equals("summary")) {
                    Reply summary = facts.get(f + 1);
                    facts.set(f + 1, new Reply(summary.type(), summary.text().strip(), null)); // one ends with a blank
                }
            }
            into.put(map.items().get(i).text(), facts.toString());
        }
    }
}
