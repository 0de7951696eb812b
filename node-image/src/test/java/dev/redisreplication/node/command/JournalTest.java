package dev.redisreplication.node.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redisreplication.node.memory.ByteText;
import dev.redisreplication.node.resp.Ascii;
import dev.redisreplication.node.resp.NativeBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JournalTest {
    private final Journal journal = new Journal();
    private final NativeBuffer key = new NativeBuffer(64);
    private final List<String> told = new ArrayList<>();

    @AfterEach
    void close() {
        key.close();
    }

    @Test
    void nothingIsKeptWhileNobodyWantsIt() {
        Journal.Subscription reader = subscribe("reader");
        assertThat(journal.active()).isFalse();
        add(Event.CHANGED, 0, "before");
        reader.on(true);
        assertThat(journal.active()).isTrue();
        add(Event.CHANGED, 0, "after");
        journal.deliver();
        reader.on(false);
        assertThat(journal.active()).isFalse();
        assertThat(told).containsExactly("reader CHANGED 0 after");
    }

    @Test
    void eachReaderGetsAllEntriesOnceInOrder() {
        subscribe("first").on(true);
        subscribe("second").on(true);
        add(Event.CHANGED, 0, "a");
        add(Event.EXPIRED, 15, "");
        journal.add(Event.FLUSHED, Journal.ALL);
        assertThat(told).isEmpty();
        journal.deliver();
        assertThat(told)
                .containsExactly(
                        "first CHANGED 0 a",
                        "first EXPIRED 15 ",
                        "first FLUSHED -1 ",
                        "second CHANGED 0 a",
                        "second EXPIRED 15 ",
                        "second FLUSHED -1 ");
        told.clear();
        journal.deliver();
        assertThat(told).isEmpty();
    }

    @Test
    void aReaderMayCatchUpBeforeTheEnd() {
        Journal.Subscription early = subscribe("early");
        early.on(true);
        subscribe("late").on(true);
        add(Event.CHANGED, 0, "a");
        early.catchUp();
        add(Event.CHANGED, 0, "b");
        journal.deliver();
        assertThat(told)
                .containsExactly("early CHANGED 0 a", "early CHANGED 0 b", "late CHANGED 0 a", "late CHANGED 0 b");
    }

    @Test
    void aReaderThatComesLaterHearsNothingOfWhatWasBefore() {
        subscribe("first").on(true);
        Journal.Subscription later = subscribe("later");
        add(Event.CHANGED, 0, "a");
        later.on(true);
        add(Event.CHANGED, 0, "b");
        journal.deliver();
        assertThat(told).containsExactly("first CHANGED 0 a", "first CHANGED 0 b", "later CHANGED 0 b");
    }

    @Test
    void whatIsMoreThanItMayHoldIsToldBeforeTheEnd() {
        subscribe("reader").on(true);
        String large = "x".repeat(1 << 20);
        for (int i = 0; i < 40; i++) {
            add(Event.CHANGED, 0, large);
        }
        assertThat(told.size()).isBetween(1, 39);
        journal.deliver();
        assertThat(told).hasSize(40);
    }

    private Journal.Subscription subscribe(String name) {
        return journal.subscribe((event, db, address, length) ->
                told.add(name + " " + event + " " + db + " " + Ascii.string(address, length)));
    }

    private void add(Event event, int db, String text) {
        key.clear();
        key.put(ByteText.bytes(text));
        journal.add(event, db, key.address(), text.length());
    }
}
