package io.github.plimsoll.validation.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Schema;
import java.math.BigDecimal;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class GuardPropertiesTest {

    @Provide
    Arbitrary<Double> ends() {
        return Arbitraries.oneOf(
                Arbitraries.integers().between(-3, 3).map(Integer::doubleValue),
                Arbitraries.of(
                        Double.NEGATIVE_INFINITY,
                        -1e19,
                        -0x1p63,
                        -0x1p53,
                        -0.5,
                        -0.0,
                        0.5,
                        0x1p53,
                        0x1p63,
                        1e19,
                        Double.MAX_VALUE,
                        Double.POSITIVE_INFINITY));
    }

    @Provide
    Arbitrary<Double> values() {
        return Arbitraries.oneOf(ends(), Arbitraries.doubles(), Arbitraries.just(Double.NaN));
    }

    @Provide
    Arbitrary<Long> integers() {
        return Arbitraries.oneOf(
                Arbitraries.longs().between(-4, 4),
                Arbitraries.longs(),
                Arbitraries.of(Long.MIN_VALUE, Long.MAX_VALUE, (1L << 53) + 1, (1L << 53) - 1, -(1L << 53) - 1));
    }

    @Property
    void aNumberPassesIfAndOnlyIfItIsFiniteAndBetweenTheEnds(
            @ForAll("ends") double a, @ForAll("ends") double b, @ForAll("values") double value) {
        Feature feature = Feature.number("x").range(Math.min(a, b), Math.max(a, b));

        boolean passes = Guard.rejecting()
                .check(Schema.ofDoubles(feature).read(new double[] {value}))
                .isEmpty();

        assertThat(passes).isEqualTo(Double.isFinite(value) && between(feature, new BigDecimal(value)));
    }

    @Property
    void anIntegerPassesIfAndOnlyIfItIsBetweenTheEnds(
            @ForAll("ends") double a, @ForAll("ends") double b, @ForAll("integers") long value) {
        Feature feature = Feature.integer("x").range(Math.min(a, b), Math.max(a, b));
        Schema<Long> schema =
                Schema.builder(Long.class).integer(feature, Long::longValue).build();

        boolean passes = Guard.rejecting().check(schema.read(value)).isEmpty();

        assertThat(passes).isEqualTo(between(feature, BigDecimal.valueOf(value)));
    }

    @Property
    void allowingMoreNeverRefusesMore(
            @ForAll("ends") double a, @ForAll("ends") double b, @ForAll("values") double value) {
        Feature feature = Feature.number("x").range(Math.min(a, b), Math.max(a, b));
        var row = Schema.ofDoubles(feature).read(new double[] {value});

        int strict = Guard.rejecting().check(row).size();
        int lenient = Guard.rejecting().allowingNotFinite("x").check(row).size();

        assertThat(lenient).isLessThanOrEqualTo(strict);
        if (Double.isFinite(value)) {
            assertThat(lenient).isEqualTo(strict);
        }
    }

    /** Exact, slow, and obviously right. */
    private static boolean between(Feature feature, BigDecimal value) {
        return (feature.min() == Double.NEGATIVE_INFINITY
                        || (feature.min() != Double.POSITIVE_INFINITY
                                && value.compareTo(new BigDecimal(feature.min())) >= 0))
                && (feature.max() == Double.POSITIVE_INFINITY
                        || (feature.max() != Double.NEGATIVE_INFINITY
                                && value.compareTo(new BigDecimal(feature.max())) <= 0));
    }
}
