package dev.redisreplication.node.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.SelectStrategy;
import org.junit.jupiter.api.Test;

/** A loop on a clock of its own: each turn waits for its first request, then works. */
class LingerTest {
    private static final long LIMIT = 20_000;
    private static final long LOOK = 500; // a look at the sockets takes this long

    private long now = 1_000_000;
    private long roundBegan;
    private int looks;
    private long nextRequest;

    private final Linger linger = new Linger(LIMIT, () -> roundBegan, () -> now);

    /** One turn: a request comes {@code wait} after the last turn's end and keeps the loop for {@code work}. */
    private boolean slept(long wait, long work) throws Exception {
        looks = 0;
        nextRequest = now + wait;
        int strategy = linger.calculateStrategy(this::look, false);
        boolean slept = strategy == SelectStrategy.SELECT;
        now = Math.max(now, nextRequest);
        roundBegan = now;
        now += work;
        return slept;
    }

    private int look() {
        looks++;
        now += LOOK;
        return now >= nextRequest ? 1 : 0;
    }

    private void turns(int count, long wait, long work) throws Exception {
        for (int i = 0; i < count; i++) {
            var _ = slept(wait, work);
        }
    }

    @Test
    void aBusyLoopStaysAwake() throws Exception {
        turns(200, 3_000, 9_000);
        assertThat(slept(3_000, 9_000)).isFalse();
        assertThat(looks).isEqualTo(6);
    }

    @Test
    void butNotLongerThanItsLimit() throws Exception {
        turns(200, 3_000, 9_000);
        assertThat(slept(100_000, 9_000)).isTrue();
        assertThat(looks).isEqualTo((int) (LIMIT / LOOK));
    }

    @Test
    void oneWhoWaitsForEachReplyFindsItAsleepAsEver() throws Exception {
        turns(200, 25_000, 9_000);
        assertThat(slept(25_000, 9_000)).isTrue();
        assertThat(looks).isZero();
    }

    @Test
    void anIdleLoopNeverLooks() throws Exception {
        turns(200, 3_000, 9_000);
        turns(3, 100_000_000, 50_000);
        assertThat(slept(100_000_000, 50_000)).isTrue();
        assertThat(looks).isZero();
    }

    @Test
    void aPauseIsSoonForgotten() throws Exception {
        turns(200, 3_000, 9_000);
        turns(1, 60_000_000_000L, 9_000);
        turns(60, 3_000, 9_000);
        assertThat(slept(3_000, 9_000)).isFalse();
    }

    @Test
    void turnsWithoutAReadChangeNothing() throws Exception {
        turns(200, 3_000, 9_000);
        for (int i = 0; i < 100; i++) { // a timer's turns
            nextRequest = Long.MAX_VALUE;
            var _ = linger.calculateStrategy(this::look, false);
            now += 1_000;
        }
        turns(1, 3_000, 9_000);
        assertThat(slept(3_000, 9_000)).isFalse();
    }

    @Test
    void whatWaitsForTheLoopIsNotKeptWaiting() throws Exception {
        turns(200, 3_000, 9_000);
        looks = 0;
        nextRequest = Long.MAX_VALUE;
        assertThat(linger.calculateStrategy(this::look, true)).isZero();
        assertThat(looks).isEqualTo(1);
    }
}
