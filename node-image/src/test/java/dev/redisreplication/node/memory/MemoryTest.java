package dev.redisreplication.node.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MemoryTest {
    private final Slice slice = new Slice();

    @Test
    void copiesOverlappingRanges() {
        Random random = new Random(1);
        long at = slice.reserve(400);
        byte[] model = new byte[400];
        random.nextBytes(model);
        Memory.copy(model, 0, at, 400);
        for (int i = 0; i < 20_000; i++) {
            int length = random.nextInt(random.nextInt(4) == 0 ? 200 : 40);
            int from = random.nextInt(200);
            int to = random.nextInt(200);
            System.arraycopy(model, from, model, to, length);
            Memory.copy(at + from, at + to, length);
            assertThat(Memory.bytes(at, 400)).isEqualTo(model);
        }
    }

    @Test
    void comparesAsUnsignedBytes() {
        Random random = new Random(2);
        long at = slice.reserve(128);
        for (int i = 0; i < 20_000; i++) {
            byte[] a = new byte[random.nextInt(30)];
            byte[] b = new byte[random.nextInt(30)];
            for (byte[] bytes : new byte[][] {a, b}) {
                for (int j = 0; j < bytes.length; j++) {
                    bytes[j] = (byte) (random.nextInt(2) * 255);
                }
            }
            Memory.copy(a, 0, at, a.length);
            Memory.copy(b, 0, at + 64, b.length);
            assertThat(Integer.signum(Memory.compare(at, a.length, at + 64, b.length)))
                    .isEqualTo(Integer.signum(Arrays.compareUnsigned(a, b)));
            int shorter = Math.min(a.length, b.length);
            assertThat(Memory.equal(at, at + 64, shorter)).isEqualTo(Arrays.equals(a, 0, shorter, b, 0, shorter));
            assertThat(Memory.equal(at, a.length, b)).isEqualTo(Arrays.equals(a, b));
        }
    }

    @Test
    void decimalsAreRenderedAsTheJdkDoes() {
        Random random = new Random(3);
        for (int i = 0; i < 100_000; i++) {
            long value = random.nextLong() >> random.nextInt(64);
            checkDecimal(value);
        }
        for (long value = 1; value > 0; value *= 10) {
            checkDecimal(value);
            checkDecimal(value - 1);
            checkDecimal(-value);
        }
        checkDecimal(Long.MIN_VALUE);
        checkDecimal(Long.MAX_VALUE);
    }

    private void checkDecimal(long value) {
        assertThat(slice.decimal(value).toString()).isEqualTo(Long.toString(value));
        assertThat(Decimal.isCanonical(slice.address(), slice.length())).isTrue();
        assertThat(Decimal.parse(slice.address(), slice.length())).isEqualTo(value);
    }

    @Test
    void onlyCanonicalDecimalsAreTaken() {
        Random random = new Random(4);
        String alphabet = "0123456789-+ 9";
        for (int i = 0; i < 200_000; i++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(22);
            for (int j = 0; j < length; j++) {
                text.append(alphabet.charAt(random.nextInt(j == 0 || random.nextInt(20) == 0 ? 14 : 10)));
            }
            slice.copyOf(text.toString().getBytes(StandardCharsets.US_ASCII));
            assertThat(Decimal.isCanonical(slice.address(), slice.length()))
                    .as(text.toString())
                    .isEqualTo(isCanonical(text.toString()));
        }
    }

    private static boolean isCanonical(String text) {
        if (!text.matches("0|-?[1-9][0-9]*")) {
            return false;
        }
        return new BigInteger(text).bitLength() < 64;
    }

    @Test
    void hashesDependOnEachByteAndOnTheLength() {
        long at = slice.reserve(64);
        Memory.zero(at, 64);
        for (int length = 0; length < 40; length++) {
            long hash = SipHash.hash(at, length);
            assertThat(SipHash.hash(at, length + 1)).isNotEqualTo(hash);
            for (int i = 0; i < length; i++) {
                Memory.putByte(at + i, 1);
                assertThat(SipHash.hash(at, length)).isNotEqualTo(hash);
                Memory.putByte(at + i, 0);
            }
        }
    }
}
