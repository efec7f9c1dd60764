package io.github.plimsoll.validation.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class PowerSumsTest {

    private static final MathContext PRECISE = new MathContext(60);

    @Property(tries = 300)
    void sumsAndMomentsAreTheNearestDoubles(@ForAll("numbers") List<Double> numbers) {
        double[] values = numbers.stream().mapToDouble(x -> x + 0.0).toArray();

        PowerSums sums = sums(values);

        BigDecimal n = BigDecimal.valueOf(values.length);
        BigDecimal sum = Arrays.stream(values).mapToObj(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add);
        BigDecimal squares =
                Arrays.stream(values).mapToObj(x -> new BigDecimal(x).pow(2)).reduce(BigDecimal.ZERO, BigDecimal::add);
        assertThat(sums.sum()).isEqualTo(sum.doubleValue());
        assertThat(sums.mean(values.length)).isEqualTo(sum.divide(n, PRECISE).doubleValue());
        BigDecimal variance = squares.multiply(n).subtract(sum.pow(2)).divide(n.pow(2), PRECISE);
        assertThat(sums.secondMoment(values.length, values.length)).isEqualTo(variance.doubleValue());
    }

    @Property(tries = 300)
    void higherMomentsAreThoseOfExactArithmetic(@ForAll("numbers") List<Double> numbers) {
        double[] values = numbers.stream().mapToDouble(x -> x + 0.0).toArray();

        PowerSums sums = sums(values);

        BigDecimal n = BigDecimal.valueOf(values.length);
        BigDecimal mean = Arrays.stream(values)
                .mapToObj(BigDecimal::new)
                .reduce(BigDecimal.ZERO, BigDecimal::add)
                .divide(n, new MathContext(700));
        BigDecimal second = central(values, mean, 2);
        if (Arrays.stream(values).distinct().count() == 1) {
            assertThat(sums.skewness(values.length)).isNaN();
            assertThat(sums.excessKurtosis(values.length)).isNaN();
            return;
        }
        double skewness = central(values, mean, 3)
                .divide(second.sqrt(PRECISE).pow(3), PRECISE)
                .doubleValue();
        double kurtosis = central(values, mean, 4)
                .divide(second.pow(2), PRECISE)
                .subtract(BigDecimal.valueOf(3))
                .doubleValue();
        assertThat(sums.skewness(values.length)).isEqualTo(skewness, within(1e-13 * Math.abs(skewness) + 1e-15));
        assertThat(sums.excessKurtosis(values.length)).isEqualTo(kurtosis, within(1e-13 * Math.abs(kurtosis) + 1e-15));
    }

    private static BigDecimal central(double[] values, BigDecimal mean, int power) {
        return Arrays.stream(values)
                .mapToObj(x -> new BigDecimal(x).subtract(mean).pow(power))
                .reduce(BigDecimal.ZERO, BigDecimal::add)
                .divide(BigDecimal.valueOf(values.length), new MathContext(700));
    }

    @Test
    void aHugeMeanDoesNotEatTheVariance() {
        double[] values = {1e15 + 1, 1e15 + 2, 1e15 + 3, -1e300, 1e300};

        assertThat(sums(new double[] {1e15 + 1, 1e15 + 2, 1e15 + 3}).secondMoment(3, 2))
                .isEqualTo(1);
        assertThat(sums(values).sum()).isEqualTo(3e15 + 6);
    }

    @Test
    void equalSumsAreHeldAlikeWhateverTheOrder() {
        Random random = new Random(1);
        double[] values = random.doubles(1000)
                .map(x -> (x - 0.5) * Math.scalb(1.0, random.nextInt(200) - 100))
                .toArray();
        double[] reversed = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            reversed[i] = values[values.length - 1 - i];
        }

        PowerSums whole = sums(values);
        PowerSums parts = sums(Arrays.copyOf(reversed, 300));
        parts.add(sums(Arrays.copyOfRange(reversed, 300, 1000)));
        parts.carry();

        for (int power = 1; power <= 4; power++) {
            assertThat(parts.power(power)).isEqualTo(whole.power(power));
        }
    }

    @Test
    void whatAddsUpToNothingIsHeldLikeNothing() {
        PowerSums sums = sums(new double[] {0.1, -0.1, 3e200, -3e200});

        assertThat(sums.power(1)).isEqualTo(new ExactSum());
        assertThat(sums.power(3)).isEqualTo(new ExactSum());
        assertThat(sums.sum()).isZero();
    }

    private static PowerSums sums(double[] values) {
        PowerSums sums = new PowerSums();
        for (int from = 0; from < values.length; from += 2048) {
            double[] block = Arrays.copyOfRange(values, from, Math.min(values.length, from + 2048));
            sums.add(block, block.length);
        }
        sums.carry();
        return sums;
    }

    @Provide
    Arbitrary<List<Double>> numbers() {
        Arbitrary<Double> moderate = Arbitraries.doubles().between(-1e6, 1e6).ofScale(4);
        Arbitrary<Double> far = Arbitraries.doubles().between(1e9, 1.0001e9).ofScale(3);
        Arbitrary<Double> whole = Arbitraries.integers().between(-9000, 9000).map(i -> (double) i);
        Arbitrary<Double> wide = Arbitraries.integers()
                .between(-150, 150)
                .flatMap(e -> Arbitraries.doubles().between(-2, 2).map(x -> Math.scalb(x, e)));
        return Arbitraries.oneOf(
                moderate.list().ofMinSize(1).ofMaxSize(50),
                far.list().ofMinSize(1).ofMaxSize(50),
                whole.list().ofMinSize(1).ofMaxSize(50),
                wide.list().ofMinSize(1).ofMaxSize(50),
                Arbitraries.oneOf(moderate, far, whole, wide)
                        .list()
                        .ofMinSize(1)
                        .ofMaxSize(50));
    }
}
