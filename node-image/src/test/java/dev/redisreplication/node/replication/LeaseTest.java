package dev.redisreplication.node.replication;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LeaseTest {
    private static final long NEVER = Long.MIN_VALUE;
    private final Lease lease = new Lease();

    @Test
    void countsFromTheReadingAndNotFromTheArrival() {
        lease.renew(5_000, 1_000, 1_000, 2);
        assertThat(lease.holds(5_000))
                .as("the renewal lay in a queue for four seconds")
                .isFalse();
        lease.renew(5_000, 4_900, 1_000, 2);
        assertThat(lease.remaining(5_000)).isEqualTo(900);
        lease.renew(5_000, 4_000, 1_000, 2);
        assertThat(lease.remaining(5_000))
                .as("an older reading shortens nothing")
                .isEqualTo(900);
        assertThat(lease.holds(5_900)).isFalse();
    }

    @Test
    void aMajorityOfReplicasRenewsIt() {
        lease.renew(0, 0, 1_000, 2);
        lease.vote(new long[] {800, NEVER});
        assertThat(lease.holds(1_001)).as("one of two is no majority of two").isFalse();
        lease.vote(new long[] {800, 700});
        assertThat(lease.remaining(1_001)).isEqualTo(699);
        lease.vote(new long[] {1_600});
        assertThat(lease.remaining(1_001)).as("the other has gone").isEqualTo(699);
    }

    @Test
    void votesNeedARenewalOfThisTerm() {
        lease.renew(0, 0, 1_000, 2);
        lease.drop();
        lease.vote(new long[] {900, 900});
        assertThat(lease.holds(901)).isFalse();
        assertThat(lease.shouldAsk(901, 2)).isFalse();
    }

    @Test
    void asksWhileTheOperatorIsSilentAndAMajorityIsConnected() {
        lease.renew(0, 0, 1_000, 2);
        assertThat(lease.shouldAsk(499, 2)).isFalse();
        assertThat(lease.shouldAsk(500, 1)).as("too few to agree").isFalse();
        assertThat(lease.shouldAsk(500, 2)).isTrue();
        lease.asked(500);
        assertThat(lease.shouldAsk(699, 2)).as("not more often than it helps").isFalse();
        assertThat(lease.shouldAsk(700, 2)).isTrue();
        lease.renew(700, 700, 1_000, 2);
        assertThat(lease.shouldAsk(1_000, 2)).as("the operator is back").isFalse();
    }

    @Test
    void asksAlsoWhenRenewalsComeTooLateToHelp() {
        lease.renew(0, 0, 1_000, 2);
        lease.renew(900, 100, 1_000, 2);
        assertThat(lease.remaining(900)).isEqualTo(200);
        assertThat(lease.shouldAsk(900, 2)).isTrue();
    }

    @Test
    void lostQuestionsAreFollowedByOthers() {
        lease.renew(0, 0, 1_000, 2);
        for (long now = 500; now <= 4_900; now += 200) {
            lease.asked(now);
        }
        // The replicas that were asked are gone; those that took their place never saw these questions.
        assertThat(lease.shouldAsk(5_100, 2)).isTrue();
        lease.renew(5_000, 5_000, 1_000, 2);
        assertThat(lease.shouldAsk(5_500, 2)).isTrue();
        lease.asked(5_500);
        lease.vote(new long[] {5_500, 5_500});
        assertThat(lease.remaining(6_000)).isEqualTo(500);
    }

    @Test
    void noReplicasNoVotes() {
        lease.renew(0, 0, 1_000, 0);
        lease.vote(new long[] {});
        assertThat(lease.holds(1_000)).isFalse();
    }
}
