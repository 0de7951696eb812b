package dev.redisreplication.node.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.replication.ManagedNode.Role;
import dev.redisreplication.node.replication.ManagedNode.Verdict;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ManagedNodeTest {
    @Test
    void bootsWithoutARoleButWithItsTerm() {
        ManagedNode node = new ManagedNode(7);
        assertThat(node.role()).isEqualTo(Role.NONE);
        assertThat(node.term()).isEqualTo(7);
        assertThat(node.promote(6).refusal()).isEqualTo("STALETERM current is 7");
        assertThat(node.follow("h", 1, 6).refusal()).startsWith("STALETERM");
        assertThat(node.fence(6).refusal()).startsWith("STALETERM");
    }

    @Test
    void fenceIsRepeatable() {
        ManagedNode node = new ManagedNode(1);
        node.becomeReplica("h", 1, 1);
        assertThat(node.fence(1).isRefused()).as("a replica of this term").isTrue();
        assertThat(node.fence(2).change()).isTrue();
        node.becomeFenced(2);
        Verdict again = node.fence(2);
        assertThat(again.isRefused()).isFalse();
        assertThat(again.change()).isFalse();
        assertThat(node.fence(3).change()).isTrue();
        node.becomeFenced(3);
        assertThat(node.roleBeforeFence()).isEqualTo(Role.REPLICA);
    }

    @Test
    void oneMasterATerm() {
        ManagedNode node = new ManagedNode(0);
        node.becomeReplica("h", 1, 4);
        assertThat(node.promote(4).isRefused())
                .as("a replica of the master of this term")
                .isTrue();
        node.becomeFenced(5);
        assertThat(node.promote(5).change()).isTrue();
        node.becomeMaster(5);
        assertThat(node.promote(5).change()).as("is so already").isFalse();
        assertThat(node.follow("h", 1, 5).isRefused())
                .as("it is the master of this term")
                .isTrue();
        Verdict next = node.follow("h", 1, 6);
        assertThat(next.isRefused()).isFalse();
        assertThat(next.demotes()).isTrue();
    }

    @Test
    void renewalsNeedTheTermTheRoleAndAnOldReading() {
        ManagedNode node = new ManagedNode(0);
        assertThat(node.renew(0, 1, 2).refusal()).startsWith("NOTMASTER");
        node.becomeMaster(3);
        assertThat(node.renew(2, 1, 2).refusal()).startsWith("STALETERM");
        assertThat(node.renew(3, 3, 2).refusal()).startsWith("ERR");
        assertThat(node.renew(3, 2, 2).isRefused()).isFalse();
    }

    @Test
    void onlyItsOwnQuestionComesBackAsAVote() {
        ManagedNode node = new ManagedNode(0);
        node.becomeMaster(3);
        assertThat(node.question(1_000, 2)).as("nobody granted a lease").isNull();
        node.lease().renew(1_000, 1_000, 1_000, 2);
        assertThat(node.question(1_600, 1)).as("no majority").isNull();
        assertThat(node.question(1_600, 2)).isEqualTo("3:1600");
        assertThat(node.question(1_601, 2)).as("just asked").isNull();
        assertThat(node.reading(3, "3:1600", 1_700)).isEqualTo(1_600);
        assertThat(node.reading(3, "2:1600", 1_700)).as("of another master").isEqualTo(Long.MIN_VALUE);
        assertThat(node.reading(2, "3:1600", 1_700))
                .as("of a replica elsewhere")
                .isEqualTo(Long.MIN_VALUE);
        assertThat(node.reading(3, "3:1701", 1_700)).as("from the future").isEqualTo(Long.MIN_VALUE);
        for (String odd : new String[] {"-", "", "3:", "3:x", "3:-1", "3:9999999999999999999"}) {
            assertThat(node.reading(3, odd, 1_700)).as(odd).isEqualTo(Long.MIN_VALUE);
        }
        node.becomeFenced(4);
        assertThat(node.reading(4, "4:1600", 1_700)).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void aLeaseNeverOutlivesARole() {
        ManagedNode node = new ManagedNode(0);
        node.becomeMaster(1);
        node.lease().renew(0, 0, 1_000, 2);
        assertThat(node.lease().holds(10)).isTrue();
        node.becomeMaster(2);
        assertThat(node.lease().holds(10)).isFalse();
    }

    @Test
    void termsNeverGoBackWhateverIsOrdered() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        ManagedNode node = new ManagedNode(0);
        for (int i = 0; i < 100_000; i++) {
            long before = node.term();
            Role role = node.role();
            long term = Math.max(0, before + random.nextInt(4) - 1);
            switch (random.nextInt(3)) {
                case 0 -> {
                    if (!node.fence(term).isRefused()) {
                        node.becomeFenced(term);
                    }
                }
                case 1 -> {
                    if (!node.promote(term).isRefused()) {
                        assertThat(term > before || role != Role.REPLICA)
                                .as("seed %d", seed)
                                .isTrue();
                        node.becomeMaster(term);
                    }
                }
                default -> {
                    if (!node.follow("h", 1, term).isRefused()) {
                        assertThat(term > before || role != Role.MASTER)
                                .as("seed %d", seed)
                                .isTrue();
                        node.becomeReplica("h", 1, term);
                    }
                }
            }
            assertThat(node.term()).as("seed %d", seed).isGreaterThanOrEqualTo(before);
        }
    }
}
