package dev.redisreplication.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.operator.observe.LeaseView.Gone;
import org.junit.jupiter.api.Test;

class LeaseViewTest {

    @Test
    void whoWentLastCanBeLeftOut() {
        Gone gone = Gone.NOBODY.and("", 10).and("one", 20).and("two", 30).and("two", 40);
        assertThat(gone.at()).isEqualTo(40);
        assertThat(gone.except("two")).isEqualTo(20);
        assertThat(gone.except("one")).isEqualTo(40);
        assertThat(gone.except("")).isEqualTo(40);
    }

    @Test
    void whatIsNotOfOnePodIsNeverLeftOut() {
        assertThat(Gone.NOBODY.and("one", 10).and("", 20).except("")).isEqualTo(20);
        assertThat(Gone.NOBODY.and("one", 20).and("", 10).except("one")).isEqualTo(10);
        assertThat(Gone.NOBODY.except("one")).isEqualTo(FenceView.NEVER);
    }
}
