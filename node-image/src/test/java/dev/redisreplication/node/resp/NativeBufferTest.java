package dev.redisreplication.node.resp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NativeBufferTest {
    private static final String LINE = "0123456789abcdef";
    private static final int LINES = 3 * NativeBuffer.LINK / LINE.length();

    private static void fill(NativeBuffer out, int lines) {
        for (int i = 0; i < lines; i++) {
            out.put(LINE);
        }
    }

    private static String drain(NativeBuffer out) {
        StringBuilder all = new StringBuilder();
        while (out.links() > 0) {
            try (NativeBuffer link = out.takeLink()) {
                all.append(Ascii.string(link.address(), link.readable()));
            }
        }
        return all.append(Ascii.string(out.address(), out.readable())).toString();
    }

    @Test
    void aChainHoldsWhatWasPutInOrderAndNoStretchIsLarge() {
        try (NativeBuffer out = new NativeBuffer(32 * 1024)) {
            out.chain(() -> Long.MAX_VALUE);
            fill(out, LINES);
            assertThat(out.links()).isGreaterThan(1);
            assertThat(out.total()).isEqualTo((long) LINES * LINE.length());
            assertThat(out.held()).isBetween(out.total(), out.total() + 2 * NativeBuffer.LINK);
            assertThat(out.capacity()).isLessThanOrEqualTo(NativeBuffer.LINK);
            assertThat(drain(out)).isEqualTo(LINE.repeat(LINES));
        }
    }

    @Test
    void aLongValueGetsALinkOfItsOwn() {
        String value = "x".repeat(5 * NativeBuffer.LINK);
        try (NativeBuffer out = new NativeBuffer(4096)) {
            out.chain(() -> Long.MAX_VALUE);
            out.put("before ");
            out.put(value);
            out.put(" after");
            assertThat(drain(out)).isEqualTo("before " + value + " after");
        }
    }

    @Test
    void goesBackToAMarkInAnyLink() {
        for (int lines : new int[] {1, LINES / 3 - 1, LINES / 2, LINES - 1}) {
            try (NativeBuffer out = new NativeBuffer(4096)) {
                out.chain(() -> Long.MAX_VALUE);
                fill(out, lines);
                long mark = out.total();
                fill(out, LINES);
                out.rewind(mark);
                out.put("end");
                assertThat(drain(out)).as("mark after " + lines).isEqualTo(LINE.repeat(lines) + "end");
            }
        }
    }

    @Test
    void overTheBoundNothingIsHeldAndPuttingGoesOn() {
        try (NativeBuffer out = new NativeBuffer(4096)) {
            out.chain(() -> 2L * NativeBuffer.LINK);
            fill(out, LINES);
            out.put("x".repeat(3 * NativeBuffer.LINK));
            assertThat(out.overflowed()).isTrue();
            assertThat(out.held()).isLessThanOrEqualTo(NativeBuffer.LINK);
            out.unchain();
            assertThat(out.overflowed()).isFalse();
            out.put(LINE);
            assertThat(drain(out)).isEqualTo(LINE);
        }
    }

    @Test
    void whatIsNotChainedStaysOneStretch() {
        try (NativeBuffer in = new NativeBuffer(4096)) {
            fill(in, LINES);
            assertThat(in.links()).isZero();
            assertThat(Ascii.string(in.address(), in.readable())).isEqualTo(LINE.repeat(LINES));
        }
    }
}
