package io.github.plimsoll.core.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalsTest {

    private static long bits(String text) {
        long atTheEnd = bits(text, "x");
        assertThat(bits(text, "1234567.9")).as(text + ", among other cells").isEqualTo(atTheEnd);
        return atTheEnd;
    }

    private static long bits(String text, String after) {
        byte[] bytes = ("x" + text + after).getBytes(StandardCharsets.UTF_8);
        return Decimals.bits(bytes, 1, bytes.length - after.getBytes(StandardCharsets.UTF_8).length, (byte) '.');
    }

    private static void sameAsTheJdk(String text) {
        assertThat(bits(text)).as(text).isEqualTo(Double.doubleToRawLongBits(Double.parseDouble(text)));
    }

    @Property(tries = 20_000)
    void aDecimalTextIsReadAsTheJdkReadsIt(@ForAll("decimals") String text) {
        sameAsTheJdk(text);
    }

    @Provide
    Arbitrary<String> decimals() {
        Arbitrary<String> digits =
                Arbitraries.strings().numeric().ofMinLength(0).ofMaxLength(25);
        return Combinators.combine(
                        Arbitraries.of("", "-", "+"),
                        digits,
                        Arbitraries.of("", "."),
                        digits,
                        Arbitraries.of("", "e", "E"),
                        Arbitraries.integers().between(-400, 400))
                .as((sign, whole, point, part, e, power) -> sign
                        + (whole.isEmpty() && (point.isEmpty() || part.isEmpty()) ? "0" : whole)
                        + point
                        + (point.isEmpty() ? "" : part)
                        + (e.isEmpty() ? "" : e + power));
    }

    @Property(tries = 20_000)
    void aShortTextIsANumberIfItIsOneToTheJdk(@ForAll("short texts") String text) {
        String trimmed = text.strip();
        boolean isNumber = trimmed.matches("[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)(e[-+]?[0-9]+)?");

        if (isNumber) {
            sameAsTheJdk(text);
        } else {
            assertThat(bits(text)).as("'" + text + "'").isEqualTo(Decimals.NO_NUMBER);
        }
    }

    @Property(tries = 20_000)
    void fewDigitsAreAWholeNumber(@ForAll("short texts") String text) {
        byte[] bytes = ("1" + text + "12345678").getBytes(StandardCharsets.UTF_8);

        long number = Decimals.digits(bytes, 1, 1 + text.length());

        boolean isNumber = text.matches("[0-9]{1,8}");
        assertThat(number).as("'" + text + "'").isEqualTo(isNumber ? Long.parseLong(text) : -1);
        assertThat(Decimals.digits(bytes, bytes.length - 7, bytes.length))
                .as("without a word's length to look at")
                .isEqualTo(-1);
    }

    /** Mostly digits, with what may and may not stand among them. */
    @Provide("short texts")
    Arbitrary<String> shortTexts() {
        return Arbitraries.strings()
                .withChars(
                        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '0', '9', '.', '-', '+', ' ', 'e', '/', ':')
                .ofMaxLength(11);
    }

    @Test
    void everyDoubleComesBackFromItsText() {
        SplittableRandom random = new SplittableRandom(20261121);
        for (int i = 0; i < 100_000; i++) {
            double value = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(value)) {
                assertThat(bits(Double.toString(value))).isEqualTo(Double.doubleToRawLongBits(value));
            }
            sameAsTheJdk(Double.toString(random.nextInt() / 1000.0));
        }
    }

    @Test
    void aNumberHalfWayBetweenTwoDoublesIsRoundedToTheEvenOne() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 2_000; i++) {
            double value = Double.longBitsToDouble(random.nextLong() & Long.MAX_VALUE);
            if (value < Double.MAX_VALUE && value > Double.MIN_NORMAL) {
                BigDecimal half = new BigDecimal(value)
                        .add(new BigDecimal(Math.nextUp(value)))
                        .divide(new BigDecimal(BigInteger.TWO));
                sameAsTheJdk(half.toString());
                sameAsTheJdk(half.add(new BigDecimal("1e-1100")).toString());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "0.0",
                "-0.0e9",
                ".5",
                "5.",
                "1e22",
                "1e23",
                "9007199254740993",
                "9007199254740992e1",
                "123456789012345678",
                "999999999999999999",
                "9223372036854775808",
                "4.9e-324",
                "2.4e-324",
                "2.5e-324",
                "1.7976931348623157e308",
                "1.7976931348623159e308",
                "1e999999999999",
                "1e-999999999999",
                "0.000000000000000000000000000001",
                "00000000000000000000001",
                "NaN",
                "-Infinity",
                "+Infinity"
            })
    void edgesAreReadAsTheJdkReadsThem(String text) {
        sameAsTheJdk(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "-",
                ".",
                "-.",
                "e5",
                "1e",
                "1e+",
                "1,5",
                "1.2.3",
                "1 2",
                "0x1p3",
                "1d",
                "1f",
                "nan",
                "inf",
                "--1",
                "1_000",
                "1.234,5",
                "٣",
                "12a",
                "Infinity1"
            })
    void whatIsNoDecimalNumberIsRefused(String text) {
        assertThat(bits(text)).isEqualTo(Decimals.NO_NUMBER);
    }

    @Test
    void spacesAroundANumberAreSkippedAndTheSeparatorIsTheOneStated() {
        byte[] bytes = " \t-1,25 ".getBytes(StandardCharsets.US_ASCII);

        assertThat(Double.longBitsToDouble(Decimals.bits(bytes, 0, bytes.length, (byte) ',')))
                .isEqualTo(-1.25);
        assertThat(Decimals.bits(bytes, 0, bytes.length, (byte) '.')).isEqualTo(Decimals.NO_NUMBER);
    }

    @Test
    void manyDigitsWithAnotherSeparatorAreReadExactlyToo() {
        byte[] bytes = "0,1234567890123456789".getBytes(StandardCharsets.US_ASCII);

        assertThat(Double.longBitsToDouble(Decimals.bits(bytes, 0, bytes.length, (byte) ',')))
                .isEqualTo(0.1234567890123456789);
    }
}
