package dev.redisreplication.node.walkthrough;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.replication.system.ServerProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * {@code docs/walkthroughs/sentinel.md}, step by step, in casts of real Sentinels and ours, over real servers and over ours. What
 * all must have in common is compared with what real ones over real ones say; who leads is up to them.
 */
class SentinelWalkthroughTest {
    private static final String NAME = "sentinel";
    private static final List<String> SENTINELS = List.of("sentinel-1", "sentinel-2", "sentinel-3");
    private static final List<String> SERVERS = List.of("redis-master", "redis-replica-1", "redis-replica-2");

    /** Each cast waits for clocks most of the time: some play beside each other. */
    private static final int SIDE_BY_SIDE = 3;

    private static final ExecutorService STAGES = Executors.newFixedThreadPool(
            SIDE_BY_SIDE, Thread.ofPlatform().daemon().factory());

    @TempDir
    private static Path folder;

    private static final Map<String, Future<Map<String, Object>>> PERFORMANCES = new TreeMap<>();

    @BeforeAll
    static void play() {
        begin("real", actor -> isSentinel(actor) ? "redis-sentinel" : "redis");
        begin("real over ours", actor -> isSentinel(actor) ? "redis-sentinel" : "node");
        begin("ours over real", actor -> isSentinel(actor) ? "node-sentinel" : "redis");
        begin("ours", actor -> isSentinel(actor) ? "node-sentinel" : "node");
        Map<String, String> mixed = Map.of("sentinel-2", "redis-sentinel", "redis-replica-1", "node");
        begin("both", actor -> mixed.getOrDefault(actor, isSentinel(actor) ? "node-sentinel" : "redis"));
        STAGES.shutdown();
    }

    private static void begin(String name, UnaryOperator<String> programs) {
        PERFORMANCES.put(name, STAGES.submit(() -> told(programs, folder.resolve(name.replace(' ', '-')))));
    }

    @AfterAll
    static void end() throws InterruptedException {
        STAGES.shutdownNow(); // after a failure
        STAGES.awaitTermination(1, TimeUnit.MINUTES);
    }

    @Test
    void realSentinelsOverOurServers() throws Exception {
        compare("real over ours");
    }

    @Test
    void ourSentinelsOverRealServers() throws Exception {
        compare("ours over real");
    }

    @Test
    void ourSentinelsOverOurServers() throws Exception {
        compare("ours");
    }

    @Test
    void aQuorumOfBothOverServersOfBoth() throws Exception {
        compare("both");
    }

    private static boolean isSentinel(String actor) {
        return actor.startsWith("sentinel");
    }

    private static void compare(String name) throws Exception {
        Walkthrough.compare(told("real"), told(name));
    }

    private static Map<String, Object> told(String name) throws Exception {
        try {
            return PERFORMANCES.get(name).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TestAbortedException skipped) {
                throw skipped; // there is no real one here
            }
            throw e;
        }
    }

    // ---- the story

    private static Map<String, Object> told(UnaryOperator<String> programs, Path folder) throws Exception {
        Map<String, Object> notes = new TreeMap<>();
        try (Cast cast = new Cast(programs, Walkthrough.configuration(NAME), false, folder)) {
            Story story = new Story(cast, notes);
            story.watch();
            story.theMasterStops();
            story.theOldMasterReturns();
            story.aFailoverOnDemand();
            story.sentinelsStop();
        }
        return notes;
    }

    /** One performance. */
    private static final class Story {
        private final Cast cast;
        private final Map<String, Object> notes;
        private final Map<String, Actor> actors = new TreeMap<>();
        private final Map<String, Listener> listeners = new TreeMap<>();

        Story(Cast cast, Map<String, Object> notes) {
            this.cast = cast;
            this.notes = notes;
        }

        private List<Actor> sentinels() {
            return SENTINELS.stream()
                    .map(actors::get)
                    .filter(s -> s.server().isAlive())
                    .toList();
        }

        private void note(String what, Object found) throws Exception {
            note(notes, what, found);
        }

        private void note(Map<String, Object> in, String what, Object found) throws Exception {
            in.put("%02d %s".formatted(in.size() + 1, what), named(String.valueOf(found)));
        }

        /** With the names of actors in the place of their ports. */
        private String named(String text) throws Exception {
            String all = text;
            for (String actor : actors.keySet()) {
                all = all.replaceAll("\\b" + cast.port(actor) + "\\b", "<" + actor + ">");
            }
            return all.replaceAll("[0-9a-f]{40}", "<id>");
        }

        private static Object call(Actor actor, String... words) {
            try {
                return actor.server().call(words);
            } catch (JedisDataException e) {
                return "(error) " + e.getMessage();
            }
        }

        /** What Sentinels say of the group, the same from each of them. */
        private void look() throws Exception {
            Map<String, Object> seen = new TreeMap<>();
            // On a busy machine a Sentinel may hold another one for down for a moment.
            await("what all Sentinels say in the same moment", () -> {
                seen.clear();
                seen.putAll(notes);
                look(seen);
                return sentinels().stream()
                                .allMatch(s ->
                                        call(s, "INFO", "sentinel").toString().contains("status=ok"))
                        && seen.values().stream()
                                .noneMatch(said -> said.toString().startsWith("(error) NOQUORUM 1 ")
                                        || said.toString().contains("status=sdown")
                                        || said.toString().startsWith("OK 2 "));
            });
            notes.putAll(seen);
        }

        private void look(Map<String, Object> in) throws Exception {
            for (Actor sentinel : sentinels()) {
                note(in, "info", ((String) call(sentinel, "INFO", "sentinel")).strip());
                note(in, "address", call(sentinel, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", "mymaster"));
                note(in, "role", call(sentinel, "ROLE"));
                note(in, "quorum", call(sentinel, "SENTINEL", "CKQUORUM", "mymaster"));
                Map<String, Object> master = sentinel.server().map("SENTINEL", "MASTER", "mymaster");
                note(in, "fields of the master", master.keySet());
                note(in, "flags of the master", master.get("flags"));
                List<Map<String, String>> replicas = maps(call(sentinel, "SENTINEL", "REPLICAS", "mymaster"));
                for (Map<String, String> replica : replicas) {
                    if (replica.get("flags").equals("slave")) {
                        note(in, "fields of a replica", withoutDown(replica));
                        break;
                    }
                }
                List<String> known = new ArrayList<>();
                replicas.forEach(r -> known.add(r.get("name") + " " + r.get("slave-priority")));
                known.sort(null);
                note(in, "replicas", known);
                Set<String> names = new TreeSet<>(maps(call(sentinel, "SENTINEL", "SENTINELS", "mymaster"))
                        .getFirst()
                        .keySet());
                names.remove("s-down-time");
                note(in, "fields of a Sentinel", names);
            }
        }

        private static Set<String> withoutDown(Map<String, String> view) {
            Set<String> names = new TreeSet<>(view.keySet());
            names.remove("s-down-time");
            return names;
        }

        private static List<Map<String, String>> maps(Object reply) {
            List<Map<String, String>> all = new ArrayList<>();
            for (Object each : (List<?>) reply) {
                Map<String, String> map = new TreeMap<>();
                List<?> flat = (List<?>) each;
                for (int i = 0; i < flat.size(); i += 2) {
                    map.put((String) flat.get(i), (String) flat.get(i + 1));
                }
                all.add(map);
            }
            return all;
        }

        // ---- chapters

        void watch() throws Exception {
            for (String server : SERVERS) {
                actors.put(server, cast.start(server));
            }
            actors.get("redis-replica-1").awaitServedBy(actors.get("redis-master"));
            actors.get("redis-replica-2").awaitServedBy(actors.get("redis-master"));
            for (String sentinel : SENTINELS) {
                Actor started = cast.start(sentinel);
                actors.put(sentinel, started);
                listeners.put(sentinel, new Listener(started.server()));
                hasten(started);
            }
            awaitView("redis-master", 3);
            look();
        }

        /** What takes ten seconds and more otherwise; and a busy machine that pauses a process puts it into no TILT. */
        private static void hasten(Actor sentinel) {
            sentinel.server()
                    .call("SENTINEL", "DEBUG", "INFO-PERIOD", "1000", "PUBLISH-PERIOD", "500", "TILT-TRIGGER", "90000");
        }

        void theMasterStops() throws Exception {
            begin();
            actors.get("redis-master").server().kill();
            awaitMaster("redis-replica-1");
            follows("redis-replica-2", "redis-replica-1");
            takesWrites("redis-replica-1", "after the failover");
            for (Actor sentinel : sentinels()) {
                awaitFlag(sentinel, "redis-master", "s_down,slave,disconnected");
            }
            look();
            steps("redis-master", "redis-replica-1", "redis-replica-2");
        }

        void theOldMasterReturns() throws Exception {
            begin();
            actors.get("redis-master").server().start();
            follows("redis-master", "redis-replica-1");
            note(
                    "what was written meanwhile",
                    actors.get("redis-master").server().call("GET", "written"));
            awaitView("redis-replica-1", 3);
            String old = "slave " + at("redis-master") + " @ mymaster " + address("redis-replica-1");
            assertThat(allEvents()).contains("-sdown " + old, "+convert-to-slave " + old);
            look();
        }

        void aFailoverOnDemand() throws Exception {
            begin();
            note("failover", call(actors.get("sentinel-2"), "SENTINEL", "FAILOVER", "mymaster"));
            awaitMaster("redis-master");
            follows("redis-replica-1", "redis-master");
            follows("redis-replica-2", "redis-master");
            takesWrites("redis-master", "after a failover on demand");
            awaitView("redis-master", 3);
            look();
        }

        void sentinelsStop() throws Exception {
            String id = (String) call(actors.get("sentinel-1"), "SENTINEL", "MYID");
            String epoch = epoch(actors.get("sentinel-1").server());
            actors.get("sentinel-3").server().stop();
            Actor left = actors.get("sentinel-1");
            actors.get("sentinel-2").server().stop();
            awaitReply(
                    left,
                    "(error) NOQUORUM 1 usable Sentinels. Not enough available Sentinels to reach the specified quorum"
                            + " for this master. Not enough available Sentinels to reach the majority and authorize a"
                            + " failover");
            left.server().stop();
            left.server().start();
            hasten(left);
            assertThat(call(left, "SENTINEL", "MYID")).isEqualTo(id);
            assertThat(epoch(left.server())).isEqualTo(epoch);
            actors.get("sentinel-2").server().start();
            hasten(actors.get("sentinel-2"));
            actors.get("sentinel-3").server().start();
            hasten(actors.get("sentinel-3"));
            awaitView("redis-master", 3);
            look();
        }

        private static String epoch(ServerProcess sentinel) {
            return (String) sentinel.map("SENTINEL", "MASTER", "mymaster").get("config-epoch");
        }

        private void awaitReply(Actor sentinel, String reply) {
            await(reply, () -> call(sentinel, "SENTINEL", "CKQUORUM", "mymaster")
                    .equals(reply));
        }

        // ---- conditions

        private interface Condition {
            boolean holds() throws Exception;
        }

        private static void await(String what, Condition condition) {
            Awaitility.await(what)
                    .atMost(ServerProcess.PATIENCE)
                    .ignoreException(JedisConnectionException.class)
                    .until(condition::holds);
        }

        /** All Sentinels see this master, two replicas that follow it, and each other. */
        private void awaitView(String master, int sentinels) {
            for (Actor sentinel : sentinels()) {
                await("the view of " + sentinel.server(), () -> {
                    Map<String, Object> view = sentinel.server().map("SENTINEL", "MASTER", "mymaster");
                    List<Map<String, String>> replicas = maps(call(sentinel, "SENTINEL", "REPLICAS", "mymaster"));
                    List<Map<String, String>> others = maps(call(sentinel, "SENTINEL", "SENTINELS", "mymaster"));
                    return view.get("port").equals("" + cast.port(master))
                            && view.get("flags").equals("master")
                            && view.get("num-other-sentinels").equals("" + (sentinels - 1))
                            && others.stream().allMatch(s -> s.get("flags").equals("sentinel"))
                            && replicas.size() == 2
                            && replicas.stream()
                                    .allMatch(r -> r.get("flags").equals("slave")
                                            && r.get("master-link-status").equals("ok")
                                            && r.get("master-port").equals(view.get("port")));
                });
            }
        }

        private void awaitMaster(String master) {
            for (Actor sentinel : sentinels()) {
                await("the master of " + sentinel.server(), () -> {
                    Map<String, Object> view = sentinel.server().map("SENTINEL", "MASTER", "mymaster");
                    return view.get("port").equals("" + cast.port(master))
                            && view.get("flags").equals("master");
                });
            }
        }

        private void awaitFlag(Actor sentinel, String replica, String flags) {
            await(replica + " is " + flags, () -> maps(call(sentinel, "SENTINEL", "REPLICAS", "mymaster")).stream()
                    .anyMatch(r -> r.get("port").equals("" + portOf(replica))
                            && r.get("flags").equals(flags)));
        }

        private int portOf(String actor) {
            return actors.get(actor).server().port();
        }

        private void follows(String replica, String master) {
            Actor actor = actors.get(replica);
            await(
                    replica + " follows " + master,
                    () -> actor.server().info("master_port").equals("" + portOf(master))
                            && actor.server().info("master_link_status").equals("up"));
        }

        private void takesWrites(String master, String text) throws Exception {
            Actor actor = actors.get(master);
            await(
                    master + " takes writes",
                    () -> actor.server().call("SET", "written", text).equals("OK"));
            note("role of " + master, actor.server().info("role"));
        }

        // ---- events

        private void begin() {
            actors.values().forEach(actor -> actor.log().begin());
            listeners.values().forEach(Listener::begin);
        }

        private String address(String actor) {
            return Cast.HOST + " " + portOf(actor);
        }

        private String at(String actor) {
            return Cast.HOST + ":" + portOf(actor) + " " + address(actor);
        }

        private List<String> allEvents() {
            return listeners.values().stream()
                    .flatMap(listener -> listener.events().stream())
                    .toList();
        }

        /** Each step of a failover in its order, on the leader and on those that voted for it. */
        private void steps(String from, String to, String other) throws Exception {
            String master = "master mymaster " + address(from);
            String on = " @ mymaster " + address(from);
            String best = "slave " + at(to) + on;
            String next = "slave " + at(other) + on;
            String switched = "+switch-master mymaster " + address(from) + " " + address(to);
            Listener leader = listeners.values().stream()
                    .filter(l -> l.events().contains("+promoted-slave " + best))
                    .findFirst()
                    .orElseThrow();
            // The first on a machine at rest; one that pauses Sentinels lets an election end without a leader.
            String epoch = epoch(leader.server());
            String vote = "+vote-for-leader " + leader.id() + " " + epoch;
            assertThat(leader.events())
                    .containsSubsequence(
                            "+sdown " + master,
                            "+try-failover " + master,
                            "+elected-leader " + master,
                            "+failover-state-select-slave " + master,
                            "+selected-slave " + best,
                            "+failover-state-send-slaveof-noone " + best,
                            "+failover-state-wait-promotion " + best,
                            "+promoted-slave " + best,
                            "+failover-state-reconf-slaves " + master,
                            "+slave-reconf-sent " + next,
                            "+slave-reconf-inprog " + next,
                            "+slave-reconf-done " + next,
                            "+failover-end " + master,
                            switched)
                    .contains(vote, "+new-epoch " + epoch)
                    .anyMatch(event -> event.startsWith("+odown " + master + " #quorum "));
            assertThat(listeners.values())
                    .as("another one that voted for it")
                    .anyMatch(l -> l != leader && l.events().contains(vote));
            for (Listener listener : listeners.values()) {
                assertThat(listener.events()).contains(switched);
                assertThat(listener.events())
                        .as("the replicas of the new master")
                        .contains(
                                "+slave slave " + at(from) + " @ mymaster " + address(to),
                                "+slave slave " + at(other) + " @ mymaster " + address(to));
                if (listener != leader) {
                    assertThat(listener.events())
                            .anyMatch(event -> event.startsWith("+config-update-from sentinel ") && event.endsWith(on));
                }
                String log = listener.server().log();
                assertThat(listener.events())
                        .filteredOn(event -> !event.contains("role-change ")) // at loglevel verbose
                        .allSatisfy(event -> assertThat(log).contains(" " + event + "\n"));
            }
        }
    }
}
