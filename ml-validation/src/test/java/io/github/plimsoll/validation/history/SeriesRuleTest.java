package io.github.plimsoll.validation.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.github.plimsoll.validation.history.SeriesRule.Judgement;
import io.github.plimsoll.validation.history.SeriesRule.Point;
import io.github.plimsoll.validation.history.SeriesRule.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SeriesRuleTest {

    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

    private static List<Point> daily(double... values) {
        List<Point> series = new ArrayList<>();
        for (double value : values) {
            series.add(new Point(START.plus(Duration.ofDays(series.size())), value));
        }
        return series;
    }

    private static List<Judgement> judge(SeriesRule rule, double... values) {
        return rule.judge(daily(values), 0, values.length);
    }

    private static List<Integer> unusual(SeriesRule rule, double... values) {
        return indexes(judge(rule, values), Verdict.UNUSUAL);
    }

    private static List<Integer> indexes(List<Judgement> judgements, Verdict verdict) {
        return judgements.stream()
                .filter(judgement -> judgement.verdict() == verdict)
                .map(Judgement::index)
                .toList();
    }

    private static double[] measured(SeriesRule rule, double... values) {
        return judge(rule, values).stream()
                .mapToDouble(Judgement::measured)
                .filter(number -> !Double.isNaN(number))
                .toArray();
    }

    @Test
    void aThresholdIsBrokenOutsideItsBoundsAndNotOnThem() {
        SeriesRule rule = SeriesRule.threshold(-0.5, 1);

        assertThat(unusual(rule, -0.5, 1, 1.000001, -0.6, 0)).containsExactly(2, 3);
        assertThat(unusual(SeriesRule.threshold(Double.NEGATIVE_INFINITY, 1), -1e300, 2))
                .containsExactly(1);
    }

    @Test
    void anAbsoluteChangeIsTheDifferenceToTheValueBefore() {
        assertThat(measured(SeriesRule.absoluteChange(-1, 1), 1, 3, 2, 2)).containsExactly(2, -1, 0);
        assertThat(unusual(SeriesRule.absoluteChange(-1, 1), 1, 3, 2, 2)).containsExactly(1);
        assertThat(indexes(judge(SeriesRule.absoluteChange(-1, 1), 1, 3), Verdict.UNDECIDED))
                .containsExactly(0);
    }

    @Test
    void differencesOfHigherOrdersAreDifferencesOfDifferences() {
        assertThat(measured(SeriesRule.absoluteChange(-9, 9, 2), 0, 1, 4, 9, 16))
                .containsExactly(2, 2, 2);
        assertThat(measured(SeriesRule.absoluteChange(-9, 9, 3), 0, 1, 8, 27, 64))
                .containsExactly(6, 6);
        assertThat(measured(SeriesRule.absoluteChange(-9, 9, 3), 0, 1)).isEmpty();
    }

    @Test
    void aRelativeChangeIsTheRatioToAnEarlierValue() {
        assertThat(measured(SeriesRule.relativeChange(0.5, 2), 2, 4, 1, 1)).containsExactly(2, 0.25, 1);
        assertThat(measured(SeriesRule.relativeChange(0.5, 2, 2), 2, 4, 1, 1)).containsExactly(0.5, 0.25);
        assertThat(unusual(SeriesRule.relativeChange(0.5, 2), 2, 4, 1, 1)).containsExactly(2);
    }

    @Test
    void fromZeroToSomethingIsAnInfiniteRatioAndFromZeroToZeroIsNone() {
        List<Judgement> judgements = judge(SeriesRule.relativeChange(0.5, 2), 0, 0, 3);

        assertThat(indexes(judgements, Verdict.UNUSUAL)).containsExactly(2);
        assertThat(indexes(judgements, Verdict.UNDECIDED)).containsExactly(0, 1);
    }

    @Test
    void aRateIsAChangeInATime() {
        List<Point> series = List.of(
                new Point(START, 10),
                new Point(START.plus(Duration.ofHours(12)), 20),
                new Point(START.plus(Duration.ofHours(60)), 30));

        List<Judgement> judgements =
                SeriesRule.rateOfChange(Duration.ofDays(1), -10, 10).judge(series, 0, 3);

        assertThat(judgements).extracting(Judgement::measured).containsExactly(Double.NaN, 20.0, 5.0);
        assertThat(indexes(judgements, Verdict.UNUSUAL)).containsExactly(1);
    }

    @Test
    void anUnusualValueIsTakenOutOfTheOnlineMeanAgain() {
        double[] values = {1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 50, 1.5, 50};

        assertThat(unusual(SeriesRule.onlineNormal(3), values)).containsExactly(12, 14);
        assertThat(unusual(SeriesRule.onlineNormal(3).learningFromAll(), values))
                .containsExactly(12);
        assertThat(unusual(SeriesRule.onlineNormal(3, Double.POSITIVE_INFINITY), values))
                .isEmpty();
    }

    @Test
    void nothingIsUnusualWhereNoValueCouldBe() {
        double[] values = {1, 1, 1, 1, 9};

        assertThat(indexes(judge(SeriesRule.onlineNormal(3), values), Verdict.UNDECIDED))
                .containsExactly(0, 1, 2, 3, 4);
        assertThat(unusual(SeriesRule.onlineNormal(1.5), values)).containsExactly(4);
        assertThat(unusual(SeriesRule.onlineNormal(1.5).skipping(0.9), values)).isEmpty();
    }

    @Test
    void aBatchIsHeldToTheMeanOfTheOthers() {
        List<Point> series = daily(2, 4, 6, 40, 4);

        List<Judgement> judgements = SeriesRule.batchNormal(3).judge(series, 3, 5);

        assertThat(judgements.get(0)).isEqualTo(new Judgement(3, 40, -2, 10, Verdict.UNUSUAL));
        assertThat(judgements.get(1).verdict()).isEqualTo(Verdict.USUAL);
        assertThat(indexes(SeriesRule.batchNormal(3).learningFromAll().judge(series, 3, 5), Verdict.UNUSUAL))
                .isEmpty();
        assertThat(indexes(SeriesRule.batchNormal(3).judge(series, 1, 5), Verdict.UNDECIDED))
                .hasSize(4);
    }

    @Test
    void aSeriesThatIsFlatIsForetoldExactly() {
        double[] values = new double[30];
        Arrays.fill(values, 0.1);
        values[29] = 0.2;
        List<Point> series = daily(values);

        for (SeriesRule rule : List.of(SeriesRule.smoothed(3), SeriesRule.seasonal(7, 3), SeriesRule.batchNormal(3))) {
            assertThat(indexes(rule.judge(series, 28, 29), Verdict.USUAL))
                    .as("%s", rule)
                    .containsExactly(28);
            assertThat(indexes(rule.judge(series, 29, 30), Verdict.UNUSUAL))
                    .as("%s", rule)
                    .containsExactly(29);
        }
    }

    @Test
    void aSeasonAndATrendAreForetold() {
        double[] values = new double[36];
        for (int i = 0; i < values.length; i++) {
            values[i] = 10 + 0.5 * i + new double[] {0, 3, -3}[i % 3];
        }
        List<Point> series = daily(values);

        List<Judgement> judgements = SeriesRule.seasonal(3, 3).judge(series, 30, 36);

        assertThat(judgements)
                .allSatisfy(judgement -> assertThat((judgement.least() + judgement.most()) / 2)
                        .isCloseTo(values[judgement.index()], within(1e-6)));
    }

    @Test
    void aWrongDayOfTheWeekIsUnusualThoughItsValueIsNot() {
        double[] values = new double[43];
        for (int i = 0; i < values.length; i++) {
            values[i] = (i % 7 == 6 ? 10 : 100) + (i * 37 % 5);
        }
        values[42] = 12;

        assertThat(indexes(SeriesRule.seasonal(7, 4).judge(daily(values), 41, 42), Verdict.USUAL))
                .hasSize(1);
        assertThat(indexes(SeriesRule.seasonal(7, 4).judge(daily(values), 42, 43), Verdict.UNUSUAL))
                .hasSize(1);
        assertThat(indexes(SeriesRule.threshold(0, 110).judge(daily(values), 42, 43), Verdict.USUAL))
                .hasSize(1);
    }

    @Test
    void aLevelFollowsAtOnceWhereThatForetellsBest() {
        List<Judgement> judgements = SeriesRule.smoothed(0).judge(daily(1, 1, 5, 5, 5, 5, 7), 6, 7);

        assertThat(judgements.get(0).least()).isCloseTo(5, within(1e-4));
    }

    @Test
    void forecastsNeedTwoSeasonsOrThreeValues() {
        double[] values = {1, 2, 1, 2, 1};

        assertThat(indexes(SeriesRule.seasonal(2, 3).judge(daily(values), 3, 5), Verdict.UNDECIDED))
                .hasSize(2);
        assertThat(indexes(SeriesRule.seasonal(2, 3).judge(daily(values), 4, 5), Verdict.UNDECIDED))
                .isEmpty();
        assertThat(indexes(SeriesRule.smoothed(3).judge(daily(values), 2, 3), Verdict.UNDECIDED))
                .hasSize(1);
    }

    @Test
    void aRuleCanBeToldToWait() {
        SeriesRule rule = SeriesRule.threshold(0, 1).after(2);

        List<Judgement> judgements = judge(rule, 5, 5, 5);

        assertThat(judgements)
                .extracting(Judgement::verdict)
                .containsExactly(Verdict.UNDECIDED, Verdict.UNDECIDED, Verdict.UNUSUAL);
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SeriesRule.threshold(2, 1))
                .withMessage("bounds: 2.0 to 1.0 (expected: least <= most)");
        assertThatIllegalArgumentException().isThrownBy(() -> SeriesRule.threshold(Double.NaN, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> SeriesRule.absoluteChange(0, 1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> SeriesRule.relativeChange(0, 1, 10_001));
        assertThatIllegalArgumentException().isThrownBy(() -> SeriesRule.rateOfChange(Duration.ZERO, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> SeriesRule.onlineNormal(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> SeriesRule.batchNormal(Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> SeriesRule.seasonal(1, 3));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SeriesRule.threshold(0, 1).after(-1));
        assertThatIllegalStateException()
                .isThrownBy(() -> SeriesRule.threshold(0, 1).skipping(0.1));
        assertThatIllegalStateException()
                .isThrownBy(() -> SeriesRule.smoothed(3).learningFromAll());
        assertThatIllegalArgumentException().isThrownBy(() -> new Point(START, Double.NaN));
        List<Point> twice = List.of(new Point(START, 1), new Point(START, 2));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SeriesRule.threshold(0, 1).judge(twice, 0, 2))
                .withMessageContaining("series[1]");
    }

    @Property
    void onlineBoundsAreThoseOfTheValuesThatWereUsual(
            @ForAll @Size(min = 1, max = 40) List<@DoubleRange(min = -10, max = 10) Double> given,
            @ForAll @DoubleRange(min = 0.5, max = 3) double deviations) {
        double[] values = given.stream().mapToDouble(value -> value).toArray();

        List<Judgement> judgements =
                judge(SeriesRule.onlineNormal(deviations).skipping(0).learningFromAll(), values);

        for (int i = 0; i < values.length; i++) {
            double mean = Arrays.stream(values, 0, i + 1).average().orElseThrow();
            double squares = Arrays.stream(values, 0, i + 1)
                    .map(value -> (value - mean) * (value - mean))
                    .sum();
            double most = mean + deviations * Math.sqrt(squares / (i + 1));
            if (judgements.get(i).verdict() != Verdict.UNDECIDED) {
                assertThat(judgements.get(i).most()).isCloseTo(most, within(1e-9));
            }
        }
    }

    @Property
    void everyPointThatIsAskedForIsJudgedOnceAndInOrder(
            @ForAll @Size(max = 30) List<@DoubleRange(min = -10, max = 10) Double> given,
            @ForAll @IntRange(max = 30) int from) {
        double[] values = given.stream().mapToDouble(value -> value).toArray();
        int first = Math.min(from, values.length);

        for (SeriesRule rule : List.of(
                SeriesRule.threshold(-1, 1),
                SeriesRule.absoluteChange(-1, 1, 3),
                SeriesRule.relativeChange(-1, 1, 2),
                SeriesRule.rateOfChange(Duration.ofDays(1), -1, 1),
                SeriesRule.onlineNormal(1),
                SeriesRule.batchNormal(1),
                SeriesRule.smoothed(1),
                SeriesRule.seasonal(3, 1))) {
            List<Judgement> judgements = rule.judge(daily(values), first, values.length);

            assertThat(judgements).as("%s", rule).hasSize(values.length - first);
            for (int i = 0; i < judgements.size(); i++) {
                assertThat(judgements.get(i).index()).isEqualTo(first + i);
            }
        }
    }
}
