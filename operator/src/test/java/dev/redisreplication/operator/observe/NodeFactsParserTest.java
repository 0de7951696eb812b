package dev.redisreplication.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class NodeFactsParserTest {

    @Test
    void readsAManagedReplica() {
        NodeFacts facts = NodeFactsParser.parse("""
                # Replication\r
                role:slave\r
                master_host:10.0.0.1\r
                master_link_status:up\r
                master_sync_in_progress:0\r
                managed:1\r
                managed_role:replica\r
                term:7\r
                managed_clock:99\r
                run_id:abc\r
                managed_started_ms:5\r
                managed_master_silent_ms:12\r
                master_replid:r1\r
                master_replid2:r0\r
                master_repl_offset:1234\r
                second_repl_offset:1000\r
                loading:0\r
                """);
        assertThat(facts.role()).isEqualTo(ManagedRole.REPLICA);
        assertThat(facts.term()).isEqualTo(7);
        assertThat(facts.history()).isEqualTo(new History("r1", "r0", 1000));
        assertThat(facts.offset()).isEqualTo(1234);
        assertThat(facts.linkUp()).isTrue();
        assertThat(facts.masterSilentMs()).isEqualTo(12);
        assertThat(facts.startedAt()).isEqualTo(5);
    }

    @Test
    void readsHowWellANodeIs() {
        NodeFacts well = NodeFactsParser.parse("managed:1\nmanaged_role:master\nhanding_over:0\nstorage_error:\r\n");
        assertThat(well.handingOver()).isFalse();
        assertThat(well.keepsData()).isTrue();
        NodeFacts ill = NodeFactsParser.parse(
                "managed:1\nmanaged_role:master\nhanding_over:1\nstorage_error:No space left on device\r\n");
        assertThat(ill.handingOver()).isTrue();
        assertThat(ill.storageError()).isEqualTo("No space left on device");
        assertThat(ill.standing()).as("it is news").isNotEqualTo(well.standing());
        // A node of an earlier version says neither.
        assertThat(NodeFactsParser.parse("managed:1\nmanaged_role:master\n").standing())
                .isEqualTo(well.standing());
    }

    @Test
    void whatIsNotSaidProvesNothing() {
        NodeFacts facts = NodeFactsParser.parse("managed:1\nmanaged_role:none\n");
        assertThat(facts.startedAt()).isEqualTo(Long.MAX_VALUE);
        assertThat(facts.masterSilentMs()).isEqualTo(-1);
        assertThat(facts.linkUp()).isFalse();
    }

    @Test
    void otherServersAndNonsenseAreRefused() {
        assertThatThrownBy(() -> NodeFactsParser.parse("role:master\n")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> NodeFactsParser.parse("managed:1\nmanaged_role:king\n"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> NodeFactsParser.parse("managed:1\nmanaged_role:none\nterm:x\n"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
