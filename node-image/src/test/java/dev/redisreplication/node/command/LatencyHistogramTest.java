package dev.redisreplication.node.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LatencyHistogramTest {
    private final LatencyHistogram histogram = new LatencyHistogram();

    @Test
    void percentilesAreLessThanAHundredthAboveTheTimes() {
        SplittableRandom random = new SplittableRandom(7);
        long[] times = new long[10_000];
        for (int i = 0; i < times.length; i++) {
            times[i] = (long) Math.exp(random.nextDouble(Math.log(3_600e9)));
            histogram.add(times[i]);
        }
        Arrays.sort(times);
        for (double percent : new double[] {0, 1, 25, 50, 90, 99, 99.9}) {
            long right = times[(int) Math.max(0, Math.ceil(times.length * percent / 100) - 1)];
            long most = Math.min(right, (1L << 41) - 1);
            assertThat(histogram.percentile(percent)).as("p%s", percent).isBetween(most, most + most / 100 + 1);
        }
        assertThat(histogram.total()).isEqualTo(times.length);
    }

    /** The steps of the distribution are Redis'. */
    @Test
    void theDistributionIsCumulative() {
        for (long nanos : new long[] {0, 1_024, 1_025, 1_100, 30_000, 30_000, 2_000_000, 250_000_000}) {
            histogram.add(nanos);
        }
        List<String> steps = new ArrayList<>();
        histogram.distribution((micros, count) -> steps.add(micros + ":" + count));
        assertThat(steps).containsExactly("1:3", "2:4", "33:6", "2113:7", "270532:8");
        histogram.reset();
        assertThat(histogram.total()).isZero();
        assertThat(histogram.percentile(50)).isZero();
    }

    @Test
    void whatIsBeyondAllBoundsIsCounted() {
        histogram.add(Long.MAX_VALUE);
        histogram.add(-1);
        List<Long> counts = new ArrayList<>();
        histogram.distribution((micros, count) -> counts.add(count));
        assertThat(counts).containsExactly(1L, 2L);
    }
}
