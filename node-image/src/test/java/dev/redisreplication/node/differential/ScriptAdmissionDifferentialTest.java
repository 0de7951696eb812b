package dev.redisreplication.node.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Why a script or a function is refused, by what it declares of itself: each pair of reasons is made true on a real server and
 * on a node; scripts of every kind are run there, and are queued before and after the reasons are true.
 */
class ScriptAdmissionDifferentialTest {
    private static final List<String> FLAGS = List.of(
            "",
            "no-writes",
            "allow-oom",
            "allow-stale",
            "no-cluster",
            "allow-cross-slot-keys",
            "no-writes,allow-stale",
            "allow-oom,allow-stale");

    private static final List<String> BODIES = List.of("return 1", "return redis.call('set', 'a', '1')");

    @TempDir
    Path folder;

    @Test
    void theSameReasonIsGiven() throws Exception {
        assertThat(Refusals.compare(folder, side -> conversations(load(side)))).isGreaterThan(10_000);
    }

    /** Scripts, the one without a first line first. */
    private static List<String> scripts() {
        List<String> scripts = new ArrayList<>();
        for (String body : BODIES) {
            scripts.add(body);
            for (String flags : FLAGS) {
                scripts.add("#!lua" + (flags.isEmpty() ? "" : " flags=" + flags) + "\n" + body);
            }
        }
        return scripts;
    }

    /** Loads all scripts, and a library of functions of every kind; answers the digests. */
    private static List<String> load(Refusals side) throws IOException {
        StringBuilder library = new StringBuilder("#!lua name=all\n");
        for (int body = 0; body < BODIES.size(); body++) {
            for (int i = 0; i < FLAGS.size(); i++) {
                String flags = FLAGS.get(i).isEmpty() ? "" : "'" + FLAGS.get(i).replace(",", "', '") + "'";
                library.append(
                        "redis.register_function{function_name = 'f%d_%d', flags = {%s}, callback = function() %s end}\n"
                                .formatted(body, i, flags, BODIES.get(body)));
            }
        }
        side.must("FUNCTION", "LOAD", library.toString());
        List<String> digests = new ArrayList<>();
        for (String script : scripts()) {
            digests.add(side.ask("SCRIPT", "LOAD", script));
        }
        return digests;
    }

    private static List<Refusals.Conversation> conversations(List<String> digests) {
        List<List<String>> commands = new ArrayList<>();
        for (String suffix : List.of("", "_RO")) {
            for (String script : scripts()) {
                commands.add(List.of("EVAL" + suffix, script, "0"));
            }
            for (String digest : digests) {
                commands.add(List.of("EVALSHA" + suffix, digest, "0"));
            }
            for (int body = 0; body < BODIES.size(); body++) {
                for (int i = 0; i < FLAGS.size(); i++) {
                    commands.add(List.of("FCALL" + suffix, "f" + body + "_" + i, "0"));
                }
            }
            commands.add(List.of("EVAL" + suffix, "#!lua flags=nothing\nreturn 1", "0"));
            commands.add(List.of("EVAL" + suffix, "#!perl\nreturn 1", "0"));
            commands.add(List.of("EVAL" + suffix, "#!lua", "0"));
            commands.add(List.of("EVAL" + suffix, "return", "1"));
            commands.add(List.of("EVALSHA" + suffix, "0".repeat(40), "0"));
            commands.add(List.of("EVALSHA" + suffix, "short", "0"));
            commands.add(List.of("FCALL" + suffix, "nothing", "0"));
        }
        commands.add(List.of("SCRIPT", "LOAD", "return 1"));
        commands.add(List.of("SCRIPT", "EXISTS", "0"));
        commands.add(List.of("SCRIPT", "KILL"));
        commands.add(List.of("FUNCTION", "LIST", "LIBRARYNAME", "none"));
        commands.add(List.of("FUNCTION", "STATS"));
        commands.add(List.of("FUNCTION", "DELETE", "nothing"));
        commands.add(List.of("FUNCTION", "LOAD", "nothing"));
        List<Refusals.Conversation> all = new ArrayList<>();
        List<String> multi = List.of("MULTI");
        List<String> exec = List.of("EXEC");
        for (List<String> command : commands) {
            all.add(new Refusals.Conversation(List.of(), List.of(command)));
            all.add(new Refusals.Conversation(List.of(multi), List.of(command, exec)));
            all.add(new Refusals.Conversation(List.of(multi, command), List.of(exec)));
        }
        return all;
    }
}
