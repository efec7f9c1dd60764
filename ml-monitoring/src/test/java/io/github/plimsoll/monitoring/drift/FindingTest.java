package io.github.plimsoll.monitoring.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.plimsoll.monitoring.drift.Finding.Spelling.Change;
import io.github.plimsoll.validation.stats.Interval;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What findings say, word by word, and the numbers in them. */
class FindingTest {

    private static final Interval FIFTH = new Interval(0.15, 0.25);

    @Test
    void eachSaysItselfInWords() {
        assertThat(new Finding.Where("country", List.of("DE", "FR"), 120))
                .hasToString("only where country = DE, FR (120 rows)");
        assertThat(new Finding.Field("age", true, 7)).hasToString("age is new in 7 rows");
        assertThat(new Finding.Field("age", false, 7)).hasToString("age is not there in 7 rows");
        assertThat(new Finding.Exchange(Map.of("b", "a", "a", "b")))
                .hasToString("a has the values of b, b has the values of a");
        assertThat(new Finding.Turn("hour", 2, 24)).hasToString("hour is 2 of 24 steps ahead");
        assertThat(new Finding.Constant("t", "-999", 0, 0.31)).hasToString("t = -999: 0 % -> 31 %");
        assertThat(new Finding.NewNames("town", List.of("Bonn", "Ulm")))
                .hasToString("town has new names, such as Bonn, Ulm");
        assertThat(new Finding.Rounding("t", 1, 0.11)).hasToString("t has at most 1 decimals, as 11 % had before");
        assertThat(new Finding.Outside("t", new Interval(-5, 40), 0.5, 212))
                .hasToString("50 % of t are outside -5 to 40, up to 212");
        assertThat(new Finding.RepeatedRows(30, 500)).hasToString("30 of 500 rows occur twice");
        assertThat(new Finding.MedianShift("t", 1, 2, new Interval(1.5, 2.5)))
                .hasToString("median of t: 1 -> 2 (1.5 to 2.5)");
        assertThat(new Finding.Segment("town", "= Ulm", 0.9, 0.2))
                .hasToString("90 % of what moved has town = Ulm, as 20 % of all rows");
        assertThat(new Finding.Fallbacks(0, 0.2, FIFTH))
                .hasToString("answers that are not the model's: 0 % -> 20 % (15 % to 25 %)");
        assertThat(new CellShift("t > 3", 0.1, 0.2, FIFTH)).hasToString("t > 3: 10 % -> 20 % (15 % to 25 %)");
        assertThat(new Finding.PredictionShift("prediction", 1, 2, 3, 4, 0.5))
                .hasToString("predictions: mean 1 -> 2, median 3 -> 4, at least 50 % of them moved");
        assertThat(new Finding.PredictionShift("confidence", 1, 2, 3, 4, 0.5).toString())
                .startsWith("confidence: mean");
    }

    @Test
    void aConversionSaysOnlyWhatItDid() {
        assertThat(new Finding.Conversion("t", -1, 0, 1)).hasToString("t is now minus what it was");
        assertThat(new Finding.Conversion("t", 1000, 0, 1)).hasToString("t is now 1000 x what it was");
        assertThat(new Finding.Conversion("t", 1, -3.5, 1)).hasToString("t is now what it was - 3.5");
        assertThat(new Finding.Conversion("t", 1.8, 32, 0.25))
                .hasToString("t is now 1.8 x what it was + 32 in 25 % of rows");
    }

    @Test
    void aSpellingSaysInWhat() {
        Map<String, String> examples = Map.of("ulm", "Ulm", "bonn", "Bonn");

        assertThat(new Finding.Spelling("town", Change.CASE, examples))
                .hasToString("town is written in other case: \"bonn\" for \"Bonn\", \"ulm\" for \"Ulm\"");
        assertThat(new Finding.Spelling("town", Change.WHITESPACE, examples).toString())
                .contains("in other spaces: ");
        assertThat(new Finding.Spelling("town", Change.NORMALIZATION, examples).toString())
                .contains("in another form of its accents: ");
        assertThat(new Finding.Spelling("town", Change.ENCODING, examples).toString())
                .contains("in another encoding: ");
        assertThat(new Finding.Spelling("town", Change.PUNCTUATION, examples).toString())
                .contains("in other punctuation: ");
    }

    @Test
    void ofManyColumnsFiveAreNamed() {
        List<String> six = List.of("a", "b", "c", "d", "e", "f");

        assertThat(new Finding.Together(six)).hasToString("moved with it: a, b, c, d, e and 1 more");
        assertThat(new Finding.Together(six.subList(0, 5))).hasToString("moved with it: a, b, c, d, e");
    }

    @Test
    void sharesAreRoundedSoThatTheyCanBeTold() {
        assertThat(List.of(0.0, 0.9994, 0.9996, 1.0, 0.1, 0.0999, 0.04, 0.00095, 0.0005).stream()
                        .map(CellShift::percent))
                .containsExactly("0 %", "100 %", "100 %", "100 %", "10 %", "10 %", "4 %", "0.1 %", "0.050 %");
    }

    @Test
    void numbersHaveFiveDigitsAndAnExponentOnlyWhereTheyAreLong() {
        assertThat(Words.number(0)).isEqualTo("0");
        assertThat(Words.number(Double.NaN)).isEqualTo("NaN");
        assertThat(Words.number(Double.NEGATIVE_INFINITY)).isEqualTo("-Infinity");
        assertThat(Words.number(-1234567.8)).isEqualTo("-1234600");
        assertThat(Words.number(36.2)).isEqualTo("36.2");
        assertThat(Words.number(1e-4)).isEqualTo("0.0001");
        assertThat(Words.number(1.5e-7)).isEqualTo("1.5E-7");
        assertThat(Words.number(999_999_000)).isEqualTo("1000000000");
        assertThat(Words.number(1e9)).isEqualTo("1E+9");
        assertThat(Words.exact(0.1)).isEqualTo("0.1");
        assertThat(Words.exact(-0.0)).isEqualTo("0");
        assertThat(Words.exact(1e17)).isEqualTo("100000000000000000");
        assertThat(Words.exact(1e18)).isEqualTo("1E+18");
    }

    @Test
    void anIntervalIsWiderTheMoreCellsWereLookedAt() {
        CellShift one = CellShift.of("a", 0.1, 50, 100, 1);
        CellShift many = CellShift.of("a", 0.1, 50, 100, 20);

        // Clopper and Pearson of 50 in 100 at 95 % and at 99.75 %.
        assertThat(one.now()).isEqualTo(0.5);
        assertThat(one.interval().lower()).isCloseTo(0.3983, within(1e-4));
        assertThat(one.interval().upper()).isCloseTo(0.6017, within(1e-4));
        assertThat(many.interval().lower()).isLessThan(0.36);
        assertThat(CellShift.of("a", 0.1, 0, 0, 0).now()).isZero();
    }

    @Test
    void quantilesOfEvenlySpacedValuesAreTheirRanks() {
        double[] values =
                IntStream.rangeClosed(0, 200).mapToDouble(i -> 200 - i).toArray();

        double[] quantiles = Quantiles.of(values);

        assertThat(quantiles).hasSize(101);
        assertThat(quantiles[0]).isZero();
        assertThat(quantiles[37]).isEqualTo(74);
        assertThat(quantiles[100]).isEqualTo(200);
        assertThat(Quantiles.of(new double[0])).containsOnly(0);
    }

    @Test
    void everyScaleCanBeGoneBack() {
        List<double[]> scales = List.of(Conversions.SCALES);

        assertThat(scales)
                .allSatisfy(scale -> assertThat(scales).anySatisfy(back -> {
                    assertThat(back[0] * scale[0]).isCloseTo(1, within(1e-12));
                    assertThat(back[0] * scale[1] + back[1]).isCloseTo(0, within(1e-9));
                }));
    }

    @Test
    void aFactorIsTheKnownOneWhereThatFitsAsWell() {
        double[] known =
                Quantiles.of(IntStream.rangeClosed(1, 1_000).asDoubleStream().toArray());
        double[] inMiles =
                IntStream.range(0, 101).mapToDouble(i -> known[i] / 1.62).toArray();

        assertThat(Quantiles.fittedFactor(inMiles, known)).isCloseTo(1 / 1.62, within(1e-9));
        assertThat(Quantiles.misfit(inMiles, known, 1 / 1.62, 0)).isCloseTo(0, within(1e-9));
        assertThat(Quantiles.misfit(inMiles, known, 1 / 1.62, 3)).isCloseTo(3, within(1e-9));
        // 1.62 fits to the last digit, so 1.609 does not fit as well; with rounding noise it does.
        assertThat(Conversions.knownFactor(inMiles, known, 1 / 1.62)).isEqualTo(1 / 1.62);
        double[] noisy = IntStream.range(0, 101)
                .mapToDouble(i -> inMiles[i] + (i % 2 == 0 ? 10 : -10))
                .toArray();
        assertThat(Conversions.knownFactor(noisy, known, 1 / 1.62)).isEqualTo(1 / 1.609344);
        assertThat(Conversions.isNear(1.1, 1)).isFalse(); // 1.1 / 1 - 1 is above a tenth in binary
        assertThat(Conversions.isNear(1.09, 1)).isTrue();
        assertThat(Conversions.isNear(0.9, 1)).isTrue();
        assertThat(Conversions.isNear(0.89, 1)).isFalse();
        assertThat(Quantiles.fittedFactor(new double[101], known)).isEqualTo(1);
    }
}
