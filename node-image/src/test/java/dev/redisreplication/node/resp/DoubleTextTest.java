package dev.redisreplication.node.resp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DoubleTextTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0.0, -0",
        "1, 1",
        "-17, -17",
        "0.1, 0.10000000000000001",
        "3.5, 3.5",
        "1e16, 10000000000000000",
        "1e17, 1e+17",
        "-9223372036854775808, -9.2233720368547758e+18",
        "9223372036854775807, 9.2233720368547758e+18",
        "1.5e300, 1.5000000000000001e+300",
        "0.0001, 0.0001",
        "0.00001, 1.0000000000000001e-05",
        "123456789.123, 123456789.123",
        "Infinity, inf",
        "-Infinity, -inf",
        "NaN, nan",
        "5e-324, 4.9406564584124654e-324"
    })
    void printsAsC(double value, String text) {
        assertThat(DoubleText.of(value)).isEqualTo(text);
    }
}
