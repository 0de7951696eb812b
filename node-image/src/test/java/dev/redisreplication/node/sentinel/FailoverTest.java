package dev.redisreplication.node.sentinel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Failovers of the whole state machine, several of them together, in simulated time. */
class FailoverTest {
    private static final String MASTER = "master group 127.0.0.1 6000";
    private static final String AT = " @ group 127.0.0.1 6000";

    private static World settled(long seed, String... lines) throws Exception {
        World world = World.of(seed, 2, 3, 2, lines);
        world.run(15_000);
        for (FakeSentinel sentinel : world.sentinels) {
            Map<String, String> view = sentinel.machine.views().view(sentinel.master());
            assertThat(view)
                    .containsEntry("num-slaves", "2")
                    .containsEntry("num-other-sentinels", "2")
                    .containsEntry("flags", "master");
            sentinel.events.clear();
        }
        return world;
    }

    @Test
    void theLeaderPublishesEachStepInRedisOrder() throws Exception {
        World world = settled(1);
        world.node(6002).offset = 200;
        world.run(15_000);
        world.sentinels.forEach(s -> s.events.clear());
        world.nodes.getFirst().kill();
        world.run(5_000);
        FakeSentinel leader = world.sentinels.stream()
                .filter(s -> s.events.contains("+elected-leader " + MASTER))
                .findFirst()
                .orElseThrow();
        String best = "slave 127.0.0.1:6002 127.0.0.1 6002" + AT;
        String other = "slave 127.0.0.1:6001 127.0.0.1 6001" + AT;
        assertThat(leader.events)
                .filteredOn(e -> !e.contains("-odown") && !e.contains("role-change"))
                .containsExactly(
                        "+sdown " + MASTER,
                        "+odown " + MASTER + " #quorum 2/2",
                        "+new-epoch 1",
                        "+try-failover " + MASTER,
                        "+vote-for-leader " + leader.machine.configuration().myId() + " 1",
                        "+elected-leader " + MASTER,
                        "+failover-state-select-slave " + MASTER,
                        "+selected-slave " + best,
                        "+failover-state-send-slaveof-noone " + best,
                        "+failover-state-wait-promotion " + best,
                        "+promoted-slave " + best,
                        "+failover-state-reconf-slaves " + MASTER,
                        "+slave-reconf-sent " + other,
                        "+slave-reconf-inprog " + other,
                        "+slave-reconf-done " + other,
                        "+failover-end " + MASTER,
                        "+switch-master group 127.0.0.1 6000 127.0.0.1 6002",
                        "+slave slave 127.0.0.1:6001 127.0.0.1 6001 @ group 127.0.0.1 6002",
                        "+slave slave 127.0.0.1:6000 127.0.0.1 6000 @ group 127.0.0.1 6002",
                        "+sdown slave 127.0.0.1:6000 127.0.0.1 6000 @ group 127.0.0.1 6002");
        FakeSentinel observer =
                world.sentinels.stream().filter(s -> s != leader).findFirst().orElseThrow();
        assertThat(observer.events)
                .contains(
                        "+config-update-from sentinel "
                                + leader.machine.configuration().myId() + " 127.0.0.1 " + leader.port + AT,
                        "+switch-master group 127.0.0.1 6000 127.0.0.1 6002");
    }

    @Test
    void theOldMasterBecomesAReplicaWhenItReturns() throws Exception {
        World world = settled(2);
        world.nodes.getFirst().kill();
        world.run(20_000);
        int next = world.sentinels.getFirst().masterPort();
        assertThat(next).isNotEqualTo(6000);
        world.nodes.getFirst().restart();
        world.run(40_000);
        assertThat(world.nodes.getFirst().master).isEqualTo(next);
        assertThat(world.sentinels.stream().flatMap(s -> s.events.stream()))
                .contains("+convert-to-slave slave 127.0.0.1:6000 127.0.0.1 6000 @ group 127.0.0.1 " + next);
    }

    /** Whatever the delays and whoever dies in between: one leader in an epoch, one master in the end, known to all. */
    @Test
    void theyAgreeWhateverHappensInBetween() throws Exception {
        long rounds = Long.getLong("sentinel.worlds", 100);
        for (long seed = 0; seed < rounds; seed++) {
            World world = settled(seed);
            int victims = world.random.nextInt(3);
            world.nodes.getFirst().kill();
            FakeSentinel down = world.sentinels.get(world.random.nextInt(3));
            world.run(world.random.nextInt(1500));
            if (victims == 1) {
                down.kill();
                world.run(world.random.nextInt(1500));
                down.restart();
            } else if (victims == 2) {
                down.cutOff = true;
                world.run(world.random.nextInt(20_000));
                down.cutOff = false;
            }
            world.run(60_000);
            world.nodes.getFirst().restart();
            world.run(60_000);
            assertOneLeaderInAnEpoch(world, seed);
            FakeNode master = world.onlyMaster();
            assertThat(master).as("the master in the world of seed %d", seed).isNotNull();
            assertThat(world.sentinels).as("seed %d", seed).allMatch(s -> s.masterPort() == master.port);
            assertThat(world.nodes).as("seed %d", seed).allMatch(n -> n == master || n.master == master.port);
        }
    }

    private static void assertOneLeaderInAnEpoch(World world, long seed) {
        Map<String, String> leaders = new HashMap<>();
        for (FakeSentinel sentinel : world.sentinels) {
            String epoch = "none";
            for (String event : sentinel.events) {
                if (event.startsWith("+new-epoch ")) {
                    epoch = event;
                } else if (event.startsWith("+elected-leader ")) {
                    String before = leaders.put(epoch, "" + sentinel.port);
                    assertThat(before)
                            .as("another leader of %s, seed %d", epoch, seed)
                            .isNull();
                }
            }
        }
    }

    /** With down-after of a second: whenever it happens between two PINGs. */
    @Test
    void aMasterThatStartsAnewInLessThanHalfOfTheTimeStaysMaster() throws Exception {
        for (long seed = 0; seed < 50; seed++) {
            World world = settled(seed);
            world.run(world.random.nextInt(1000));
            world.nodes.getFirst().kill();
            world.run(350);
            world.nodes.getFirst().restart();
            world.run(20_000);
            assertThat(world.sentinels.stream().flatMap(s -> s.events.stream()))
                    .as("seed %d", seed)
                    .contains("+reboot " + MASTER)
                    .doesNotContain("+sdown " + MASTER, "+try-failover " + MASTER);
        }
    }

    @Test
    void aMasterThatRefusesIsDownAsSoonAsItsLastAnswerIsOldEnough() throws Exception {
        for (long seed = 0; seed < 50; seed++) {
            World world = settled(seed);
            world.run(world.random.nextInt(1000));
            world.nodes.getFirst().kill();
            world.run(480);
            assertThat(world.sentinels).as("seed %d", seed).noneMatch(s -> s.events.contains("+sdown " + MASTER));
            world.run(720);
            assertThat(world.sentinels)
                    .as("seed %d", seed)
                    .allMatch(s -> s.events.contains("+sdown " + MASTER)
                            || s.events.stream().anyMatch(e -> e.startsWith("+switch-master "))); // it was told first
        }
    }

    /** Who sees a master go in the same moment, and wants to lead in the same moment, gets no votes. */
    @Test
    void theyHardlyEverStandInEachOthersWay() throws Exception {
        int failed = 0;
        for (long seed = 0; seed < 100; seed++) {
            World world = settled(seed);
            world.longestDelay = 40; // as on a busy machine
            world.run(2_000 + world.random.nextInt(1000));
            world.nodes.getFirst().kill();
            world.run(4_000);
            failed += world.sentinels.getFirst().masterPort() == 6000 ? 1 : 0;
        }
        assertThat(failed).as("of 100 elections without a leader at first").isLessThan(3);
    }

    @Test
    void withoutAMajorityNobodyIsPromoted() throws Exception {
        World world = settled(3);
        world.sentinels.get(1).kill();
        world.sentinels.get(2).kill();
        world.nodes.getFirst().kill();
        world.run(60_000);
        FakeSentinel left = world.sentinels.getFirst();
        assertThat(left.events).contains("+sdown " + MASTER).noneMatch(e -> e.startsWith("+try-failover"));
        assertThat(world.nodes.get(1).orders).isEmpty();
        assertThat(left.machine.administration().quorum(left.master()).problem())
                .contains("specified quorum")
                .contains("the majority");
    }

    @Test
    void aVoteIsKeptOverARestart() throws Exception {
        World world = settled(4);
        FakeSentinel voter = world.sentinels.getFirst();
        String one = "1".repeat(40);
        String two = "2".repeat(40);
        assertThat(voter.machine.verdict("127.0.0.1", 6000, 5, one)).isEqualTo(new Sentinel.Verdict(false, one, 5));
        voter.kill();
        voter.restart();
        assertThat(voter.machine.verdict("127.0.0.1", 6000, 5, two).leader())
                .as("it has voted in this epoch, and does not tell for whom any more")
                .isEqualTo("*");
        assertThat(voter.machine.verdict("127.0.0.1", 6000, 6, two)).isEqualTo(new Sentinel.Verdict(false, two, 6));
        assertThat(voter.machine.verdict("127.0.0.1", 6000, 5, one).leader()).isEqualTo(two);
    }

    @Test
    void scriptsAreToldOfEventsAndOfTheSwitch() throws Exception {
        World world = settled(5, "notification-script group /bin/notify", "client-reconfig-script group /bin/reconf");
        world.nodes.getFirst().kill();
        world.run(5_000);
        int next = world.sentinels.getFirst().masterPort();
        List<List<String>> scripts =
                world.sentinels.stream().flatMap(s -> s.scripts.stream()).toList();
        assertThat(scripts)
                .contains(List.of("/bin/notify", "+sdown", MASTER))
                .contains(
                        List.of("/bin/reconf", "group", "leader", "start", "127.0.0.1", "6000", "127.0.0.1", "" + next))
                .contains(List.of(
                        "/bin/reconf", "group", "observer", "start", "127.0.0.1", "6000", "127.0.0.1", "" + next));
    }

    @Test
    void afterAPauseOfItsProcessItOnlyLooksForAWhile() throws Exception {
        World world = settled(6);
        FakeSentinel paused = world.sentinels.getFirst();
        paused.freeze();
        world.run(6_000); // the others go on, and so does the clock
        paused.thaw();
        assertThat(paused.events).contains("+tilt #tilt mode entered").noneMatch(e -> e.startsWith("+sdown"));
        assertThat(paused.machine.views().tiltSeconds()).isZero();
    }

    /** It is asked, and answers, but holds nobody for down and goes on with no failover, until the time is over. */
    @Test
    void inTiltItDoesNothing() throws Exception {
        World world = World.of(8, 2, 1, 1);
        world.run(15_000);
        FakeSentinel alone = world.sentinels.getFirst();
        Sentinel machine = alone.machine;
        alone.freeze();
        world.run(2_500);
        alone.thaw();
        assertThat(machine.administration().failOver(alone.master())).isNull();
        world.run(10_000);
        world.nodes.getFirst().kill();
        world.run(15_000);
        assertThat(machine.views().tiltSeconds()).isEqualTo(24);
        assertThat(machine.verdict("127.0.0.1", 6000, 0, "*").down()).isFalse();
        assertThat(alone.events)
                .contains("+tilt #tilt mode entered", "+try-failover " + MASTER)
                .noneMatch(e -> e.startsWith("+sdown") || e.startsWith("-tilt") || e.startsWith("+elected-leader"));
        assertThat(world.nodes.get(1).orders).isEmpty();
        world.run(20_000);
        assertThat(machine.views().tiltSeconds()).isEqualTo(-1);
        assertThat(alone.events).contains("-tilt #tilt mode exited", "+sdown " + MASTER);
        assertThat(alone.masterPort()).isNotEqualTo(6000);
    }

    @Test
    void aLeaderThatRestartsInTheMiddleKeepsEpochAndVote() throws Exception {
        for (long seed = 0; seed < 20; seed++) {
            World world = settled(seed);
            world.nodes.getFirst().kill();
            FakeSentinel leader = null;
            while (leader == null) {
                world.run(1);
                leader = world.sentinels.stream()
                        .filter(s -> s.events.contains("+elected-leader " + MASTER))
                        .findFirst()
                        .orElse(null);
            }
            world.run(world.random.nextInt(100)); // some steps later
            long epoch = leader.master().leaderEpoch;
            leader.kill();
            leader.restart();
            assertThat(leader.machine.verdict(
                            "127.0.0.1", leader.master().address.port(), epoch, "2".repeat(40)))
                    .as("seed %d: it has voted in this epoch, and gives no second vote", seed)
                    .isEqualTo(new Sentinel.Verdict(false, "*", epoch));
            world.run(60_000);
            world.nodes.getFirst().restart();
            world.run(60_000);
            assertOneLeaderInAnEpoch(world, seed);
            FakeNode master = world.onlyMaster();
            assertThat(master).as("the master in the world of seed %d", seed).isNotNull();
            assertThat(world.sentinels).as("seed %d", seed).allMatch(s -> s.masterPort() == master.port);
        }
    }

    @Test
    void aFailoverOnDemandNeedsNoVotes() throws Exception {
        World world = settled(7);
        FakeSentinel asked = world.sentinels.getFirst();
        assertThat(asked.machine.administration().failOver(asked.master())).isNull();
        assertThat(asked.machine.administration().failOver(asked.master()))
                .isEqualTo("INPROG Failover already in progress");
        world.run(15_000);
        int next = asked.masterPort();
        assertThat(next).isNotEqualTo(6000);
        assertThat(world.onlyMaster().port).isEqualTo(next);
        assertThat(world.sentinels).allMatch(s -> s.masterPort() == next);
    }
}
