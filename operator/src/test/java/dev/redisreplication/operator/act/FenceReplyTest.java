package dev.redisreplication.operator.act;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.operator.observe.FenceView;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FenceReplyTest {
    private static final long RECEIVED = 50_000;

    private static List<Object> reply(Object... more) {
        List<Object> items = new ArrayList<>(List.of("run-id", "r", "term", 7L, "role-before", "replica"));
        items.addAll(List.of(more));
        return items;
    }

    private static long votedAt(Object... more) {
        return FenceReply.parse("g-1", "r", 7, RECEIVED, reply(more))
                .orElseThrow()
                .votedAt();
    }

    @Test
    void aVoteIsAsOldAsTheNodeSays() {
        assertThat(votedAt("master-silent-ms", 10L, "vote-age-ms", 400L)).isEqualTo(RECEIVED - 400);
        assertThat(votedAt("master-silent-ms", 10L, "vote-age-ms", -1L)).isEqualTo(FenceView.NEVER);
    }

    @Test
    void aNodeThatDoesNotSayVotedWhenItLastHeardItsMasterAtTheLatest() {
        assertThat(votedAt("master-silent-ms", 300L)).isEqualTo(RECEIVED - 300);
        assertThat(votedAt("master-silent-ms", -1L)).isEqualTo(RECEIVED);
        assertThat(votedAt()).isEqualTo(RECEIVED);
    }

    @Test
    void theConfirmationOfAnotherProcessOrTermIsNone() {
        assertThat(FenceReply.parse("g-1", "other", 7, RECEIVED, reply())).isEmpty();
        assertThat(FenceReply.parse("g-1", "r", 8, RECEIVED, reply())).isEmpty();
        assertThat(FenceReply.parse("g-1", "r", 7, RECEIVED, reply("vote-age-ms", "x")))
                .isEmpty();
    }
}
