package io.github.plimsoll.core.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.CharBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

// The classes here are as odd as a host's may be, and called by nobody but the schema.
@SuppressWarnings({"ArrayRecordComponent", "EffectivelyPrivate", "NullOptional", "UnusedMethod"})
class SchemaOfClassTest {

    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

    private enum Season {
        SPRING,
        SUMMER {
            @Override
            boolean isWarm() {
                return true;
            }
        };

        boolean isWarm() {
            return false;
        }
    }

    private record Everything(
            double d,
            float f,
            Double boxedD,
            Float boxedF,
            BigDecimal decimal,
            int i,
            long l,
            short s,
            byte b,
            Integer boxedI,
            Long boxedL,
            Short boxedS,
            Byte boxedB,
            BigInteger big,
            boolean yes,
            Boolean boxedYes,
            Season season,
            String text,
            CharSequence chars,
            @FeatureSpec(categories = {"A", "B"}) String letter,
            Instant instant,
            OffsetDateTime offset,
            ZonedDateTime zoned,
            Date date,
            float[] floats,
            @FeatureSpec(shape = {2}) double[] doubles,
            OptionalDouble maybeD,
            OptionalInt maybeI,
            OptionalLong maybeL,
            Optional<Season> maybeSeason,
            Optional<BigDecimal> maybeDecimal) {}

    private static Everything everything() {
        return new Everything(
                1.5,
                2.5f,
                3.5,
                4.5f,
                new BigDecimal("5.5"),
                6,
                7,
                (short) 8,
                (byte) 9,
                10,
                11L,
                (short) 12,
                (byte) 13,
                BigInteger.valueOf(14),
                true,
                false,
                Season.SUMMER,
                "text",
                CharBuffer.wrap("chars"),
                "B",
                NOON,
                NOON.atOffset(ZoneOffset.ofHours(3)),
                NOON.atZone(ZoneOffset.UTC),
                Date.from(NOON),
                new float[] {1, 2},
                new double[] {3, 4},
                OptionalDouble.of(15.5),
                OptionalInt.of(16),
                OptionalLong.of(17),
                Optional.of(Season.SPRING),
                Optional.of(new BigDecimal("18.5")));
    }

    @Test
    void everySupportedTypeIsRead() {
        FeatureRow row = Schema.of(Everything.class).read(everything());

        assertThat(row.violations()).isEmpty();
        assertThat(row.features().stream().map(feature -> row.value(row.indexOf(feature.name()))))
                .containsExactly(
                        1.5,
                        2.5,
                        3.5,
                        4.5,
                        5.5,
                        6L,
                        7L,
                        8L,
                        9L,
                        10L,
                        11L,
                        12L,
                        13L,
                        14L,
                        true,
                        false,
                        "SUMMER",
                        "text",
                        "chars",
                        "B",
                        NOON,
                        NOON,
                        NOON,
                        NOON,
                        new float[] {1, 2},
                        new double[] {3, 4},
                        15.5,
                        16L,
                        17L,
                        "SPRING",
                        18.5);
    }

    @Test
    void featuresFollowFromTheTypes() {
        Schema<Everything> schema = Schema.of(Everything.class);

        assertThat(schema.features())
                .extracting(Feature::name)
                .startsWith("d", "f", "boxedD")
                .endsWith("maybeDecimal");
        assertThat(schema.feature("decimal")).isEqualTo(Feature.number("decimal"));
        assertThat(schema.feature("big")).isEqualTo(Feature.integer("big"));
        assertThat(schema.feature("yes")).isEqualTo(Feature.bool("yes"));
        assertThat(schema.feature("season")).isEqualTo(Feature.category("season", "SPRING", "SUMMER"));
        assertThat(schema.feature("letter")).isEqualTo(Feature.category("letter", "A", "B"));
        assertThat(schema.feature("chars")).isEqualTo(Feature.text("chars"));
        assertThat(schema.feature("date")).isEqualTo(Feature.timestamp("date"));
        assertThat(schema.feature("floats")).isEqualTo(Feature.tensor("floats", -1));
        assertThat(schema.feature("doubles")).isEqualTo(Feature.tensor("doubles", 2));
        assertThat(schema.feature("maybeI")).isEqualTo(Feature.integer("maybeI").nullable());
        assertThat(schema.feature("maybeSeason"))
                .isEqualTo(Feature.category("maybeSeason", "SPRING", "SUMMER").nullable());
    }

    @Test
    void constantWithABodyHasTheCodeOfItsPlace() {
        record Day(Season season) {}

        assertThat(Schema.of(Day.class).read(new Day(Season.SUMMER)).categoryCode(0))
                .isEqualTo(1);
    }

    @Test
    void nullsOfARecordAreViolationsUnlessNullable() {
        record Boxes(Double number, Season season, String text, OptionalInt maybe, Optional<Boolean> flag) {}

        FeatureRow row = Schema.of(Boxes.class).read(new Boxes(null, null, null, OptionalInt.empty(), null));

        assertThat(row.violations()).extracting(Violation::path).containsExactly("number", "season", "text");
        assertThat(row.violations()).extracting(Violation::code).containsOnly("null");
        assertThat(row.number(0)).isNaN();
        assertThat(row.categoryCode(1)).isEqualTo(-1);
        assertThat(row.text(1)).isNull();
        assertThat(row.isNull(3)).isTrue();
        assertThat(row.isNull(4)).isTrue();
    }

    @Test
    void valueThatTheTypeAllowsAndTheFeatureDoesNotIsRefused() {
        record Wide(BigInteger big, BigDecimal decimal) {}

        FeatureRow row = Schema.of(Wide.class).read(new Wide(BigInteger.TWO.pow(63), new BigDecimal("1e400")));

        assertThat(row.violations()).extracting(Violation::code).containsExactly("inexact", "inexact");
    }

    // ---- what annotations state ---------------------------------------------------------------------------------

    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.RECORD_COMPONENT, ElementType.METHOD})
    private @interface Nullable {}

    private record Annotated(
            @FeatureSpec(name = "postal_code", sensitive = true)
            String postalCode,

            @FeatureSpec(unit = "°C", min = -30, max = 50) double temperature,
            @FeatureSpec(nullable = true) Double stated,
            @Nullable Double declared,
            @org.jspecify.annotations.Nullable Double used,
            float @org.jspecify.annotations.Nullable [] array,
            Double onGetter,
            Double plain) {

        @Override
        @Nullable
        public Double onGetter() {
            return onGetter;
        }
    }

    @Test
    void annotationsAreHonoured() {
        assertThat(Schema.of(Annotated.class).features())
                .containsExactly(
                        Feature.text("postal_code").sensitive(),
                        Feature.number("temperature").unit("°C").range(-30, 50),
                        Feature.number("stated").nullable(),
                        Feature.number("declared").nullable(),
                        Feature.number("used").nullable(),
                        Feature.tensor("array", -1).nullable(),
                        Feature.number("onGetter").nullable(),
                        Feature.number("plain"));
    }

    @Test
    void annotationThatDoesNotFitTheTypeIsRefused() {
        record Misstated(
                @FeatureSpec(categories = "A") int a,
                @FeatureSpec(shape = 3) String b,
                @FeatureSpec(min = 0) String c,
                @FeatureSpec(min = 2, max = 1) double d,
                @FeatureSpec(shape = {0}) float[] e,
                @FeatureSpec(categories = {"A", "A"}) String f,
                @FeatureSpec(name = " ") String g) {}

        assertThatThrownBy(() -> Schema.of(Misstated.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(
                        "7 of 7 components",
                        "a: int (categories can only be stated for a String)",
                        "b: java.lang.String (a shape can only be stated for float[] or double[])",
                        "\n  c: ",
                        "\n  d: ",
                        "\n  e: ",
                        "\n  f: ",
                        "\n  g: ");
    }

    // ---- beans --------------------------------------------------------------------------------------------------

    private static class Base {
        public Number getScore() {
            return 1;
        }

        public long getZ() {
            return 26;
        }
    }

    public static class Bean extends Base {
        @Override
        public Double getScore() { // a narrowed type: the compiler adds a bridge that returns Number
            return 0.5;
        }

        @FeatureSpec(unit = "km")
        public int getDistance() {
            return 3;
        }

        public boolean isActive() {
            return true;
        }

        public String getURL() {
            return "u";
        }

        public static int getCount() {
            return 1;
        }

        public int get() {
            return 1;
        }

        public int getting() {
            return 1;
        }

        public String isText() {
            return "";
        }

        public int getAt(int index) {
            return index;
        }

        public void getNothing() {}

        private int getSecret() {
            return 1;
        }
    }

    @Test
    void beanHasItsPublicGettersInAlphabeticalOrder() {
        Schema<Bean> schema = Schema.of(Bean.class);

        FeatureRow row = schema.read(new Bean());

        assertThat(schema.features())
                .containsExactly(
                        Feature.text("URL"),
                        Feature.bool("active"),
                        Feature.integer("distance").unit("km"),
                        Feature.number("score"),
                        Feature.integer("z"));
        assertThat(row.violations()).isEmpty();
        assertThat(row.text(0)).isEqualTo("u");
        assertThat(row.integer(2)).isEqualTo(3);
        assertThat(row.number(3)).isEqualTo(0.5);
        assertThat(row.integer(4)).isEqualTo(26);
    }

    private interface Measured {
        double getValue();
    }

    @Test
    void interfaceIsReadLikeABean() {
        Measured measured = () -> 4.5;

        assertThat(Schema.of(Measured.class).read(measured).number(0)).isEqualTo(4.5);
    }

    @Test
    void enumClassIsOneCategory() {
        Schema<Season> schema = Schema.of(Season.class);

        assertThat(schema.features()).containsExactly(Feature.category("season", "SPRING", "SUMMER"));
        assertThat(schema.read(Season.SUMMER).categoryCode(0)).isEqualTo(1);
    }

    // ---- what is refused ----------------------------------------------------------------------------------------

    private record Address(String street) {}

    private record Unsupported<T>(
            double fine,
            Address address,
            LocalDate born,
            LocalDateTime seen,
            int[] tokens,
            char letter,
            List<Double> list,
            Map<String, Double> map,
            T generic,
            Optional<T> maybe,
            Optional<Address> maybeAddress,
            Object object,
            Number number) {}

    @Test
    void allUnsupportedComponentsAreListedWithARemedy() {
        assertThatThrownBy(() -> Schema.of(Unsupported.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(
                        "SchemaOfClassTest$Unsupported: 12 of 13 components cannot be features:",
                        "address: " + Address.class.getName()
                                + " (nested records are not flattened; use Schema.builder)",
                        "born: java.time.LocalDate (it names no point in time without a zone;",
                        "seen: java.time.LocalDateTime (it names no point in time without a zone;",
                        "tokens: int[] (use float[] or double[]",
                        "letter: char (use String or an enum)",
                        "list: java.util.List<java.lang.Double> (generic types are not read",
                        "map: java.util.Map",
                        "generic: T (",
                        "maybe: java.util.Optional<T> (",
                        "maybeAddress: java.util.Optional<" + Address.class.getName() + "> (nested records",
                        "object: java.lang.Object (use Schema.builder)",
                        "number: java.lang.Number (use Schema.builder)");
    }

    @Test
    void classWithoutFeaturesIsRefused() {
        record Nothing() {}

        assertThatThrownBy(() -> Schema.of(Nothing.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Nothing: no features (expected: record components or public getters)");
        for (Class<?> type : List.of(String.class, double.class, double[].class, Map.class, Override.class)) {
            assertThatThrownBy(() -> Schema.of(type))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll(type.getTypeName(), "ofMap, ofJson, ofDoubles, ofFloats or builder");
        }
    }

    @Test
    void twoComponentsOfOneNameAreRefused() {
        record Twins(@FeatureSpec(name = "b") int a, int b) {}

        assertThatThrownBy(() -> Schema.of(Twins.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'b' stands twice");
    }

    // ---- getters that throw -------------------------------------------------------------------------------------

    public static class Failing {
        public int getA() {
            return 1;
        }

        public int getB() throws IOException {
            throw new IOException("DE02120300000000202051");
        }

        public int getC() {
            throw new AssertionError("an Error is nobody's to catch");
        }
    }

    @Test
    void getterThatThrowsIsNamed() {
        Schema<Failing> schema = Schema.of(Failing.class);

        assertThatThrownBy(() -> schema.read(new Failing()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("feature 'b': Failing.getB() threw a java.io.IOException")
                .hasCauseInstanceOf(IOException.class);
    }

    @Test
    void errorPassesThrough() {
        record Erring(int a) {
            @Override
            public int a() {
                throw new AssertionError("test");
            }
        }

        assertThatThrownBy(() -> Schema.of(Erring.class).read(new Erring(1))).isInstanceOf(AssertionError.class);
    }

    @Test
    void nullInputIsRefused() {
        Schema<Season> schema = Schema.of(Season.class);

        assertThatThrownBy(() -> schema.read(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("input");
    }
}
