package dev.redisreplication.node.command.argument;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PicksTest {

    @ParameterizedTest
    @CsvSource({"0, 5", "1, 1", "3, 5", "5, 5", "10000, 10001", "10001, 10001", "20000, 50000", "49999, 50000"})
    void takesAsManyAsAreWanted(long count, long size) {
        Picks picks = Picks.distinct(count, size);
        assertThat(LongStream.range(0, size).filter(i -> picks.takesNext()).count())
                .isEqualTo(count);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "3, 5", "10000, 10001", "10001, 10001", "20000, 50000"})
    void namesDifferentPositionsUpwards(long count, long size) {
        Picks picks = Picks.distinct(count, size);
        long[] positions = LongStream.range(0, count).map(i -> picks.next()).toArray();
        assertThat(positions).isSorted().doesNotHaveDuplicates();
        assertThat(LongStream.of(positions)).allMatch(p -> p >= 0 && p < size);
    }
}
