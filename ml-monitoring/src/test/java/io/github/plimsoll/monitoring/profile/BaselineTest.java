package io.github.plimsoll.monitoring.profile;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.Schema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BaselineTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden/baseline-v1.json");

    @Test
    void tooFewRowsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ofNumbers(IntStream.range(0, 99).mapToObj(i -> (double) i)))
                .withMessage("baseline: 99 rows (expected: >= 100, better some thousand)");
    }

    @Test
    void rowsOfAnotherSchemaAreRefused() {
        FeatureRow row = Schema.ofMap(Feature.integer("x")).read(Map.of("x", 1));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Baseline.of(List.of(Feature.number("x")), List.of(row)))
                .withMessage("rows[0]: x: integer (expected: x: number)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Baseline.of(List.of(Feature.number("y")), List.of(row)))
                .withMessage("rows[0]: no feature 'y' (expected: y: number)");
        assertThatIllegalArgumentException().isThrownBy(() -> Baseline.of(List.of(), List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Baseline.of(List.of(Feature.number("x"), Feature.bool("x")), List.of()))
                .withMessage("feature 'x': given twice (expected: names that differ)");
    }

    @Test
    void continuousNumbersAreCutAtOrderStatistics() {
        assertThat(cells(ofNumbers(IntStream.range(0, 320).mapToObj(i -> (double) i))))
                .startsWith(
                        "0 is null, 0 cannot be read, 0 is NaN, 0 is -Infinity, 0 is Infinity, 10 <= 9, 10 > 9 and <= 19,")
                .endsWith("10 > 309");
    }

    @Test
    void aSmallBaselineHasFewerCellsOfFiveRows() {
        Baseline baseline = ofNumbers(IntStream.range(0, 100).mapToObj(i -> (double) i));

        assertThat(baseline.features().get(0).cells().stream()
                        .filter(cell -> cell.kind() == Cell.Kind.RANGE)
                        .map(Cell::count))
                .hasSize(20)
                .containsOnly(5L);
    }

    @Test
    void aFrequentValueHasACellOfItsOwn() {
        Stream<Object> values = Stream.concat(
                IntStream.range(0, 50).mapToObj(i -> i % 2 == 0 ? 0.0 : -0.0),
                Stream.of(-3, -2, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14)
                        .flatMap(i -> Stream.of((Object) (double) i, i + 0.5)));

        assertThat(cells(ofNumbers(Stream.concat(values, Collections.nCopies(26, null).stream()))))
                .isEqualTo(
                        "26 is null, 0 cannot be read, 0 is NaN, 0 is -Infinity, 0 is Infinity, 50 = 0, 5 > 0 and <= 7,"
                                + " 5 > 7 and <= 9.5, 5 > 9.5 and <= 12, 5 > 12, 4 is a rare value");
    }

    @Test
    void theTwoZerosAreOneValue() {
        Baseline baseline = ofNumbers(Collections.nCopies(100, -0.0).stream());

        assertThat(baseline).isEqualTo(ofNumbers(Collections.nCopies(100, 0.0).stream()));
    }

    @Test
    void aConstantHasOneCellAndOneForTheRest() {
        assertThat(cells(ofNumbers(Collections.nCopies(100, -Double.MAX_VALUE).stream())))
                .endsWith("100 = -1.7977E+308, 0 is a rare value");
    }

    @Test
    void specialNumbersHaveCells() {
        Stream<Object> values = Stream.of(Double.NaN, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, "text");

        assertThat(cells(ofNumbers(Collections.nCopies(25, 0).stream().flatMap(i -> values()))))
                .isEqualTo(
                        "0 is null, 25 cannot be read, 25 is NaN, 25 is -Infinity, 25 is Infinity, 0 is a rare value");
        assertThat(values).hasSize(4);
    }

    private static Stream<Object> values() {
        return Stream.of(Double.NaN, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, "text");
    }

    @Test
    void declaredNamesAreKnownFromTheStart() {
        Feature season = Feature.category("x", "SPRING", "SUMMER", "FALL", "WINTER");

        assertThat(cells(of(
                        season,
                        IntStream.range(0, 120).mapToObj(i -> i < 20 ? "MONSOON" : i < 60 ? "FALL" : "SUMMER"))))
                .isEqualTo("0 is null, 0 cannot be read, 60 = SUMMER, 40 = FALL, 0 is a rare value, 20 is a new name");
    }

    @Test
    void whereNamesHaveToBeChosenOneHalfOfTheRowsChoosesAndTheOtherIsCounted() {
        Baseline baseline =
                of(Feature.category("x"), IntStream.range(0, 2_000).mapToObj(i -> "name-" + i * 7919L % 2_000 % 200));
        List<Cell> cells = baseline.features().get(0).cells();

        assertThat(cells.stream().mapToLong(Cell::count).sum()).isEqualTo(2_000);
        assertThat(cells.stream().mapToDouble(Cell::expected).sum()).isBetween(990.0, 1010.0);
        assertThat(cells.stream().filter(cell -> cell.kind() == Cell.Kind.VALUE))
                .hasSize(40);
        assertThat(cells.get(42).names()).hasSizeBetween(100, 160);
    }

    @Test
    void ofVeryManyNamesOnlyTheFrequentAreKept() {
        Baseline baseline =
                of(Feature.category("x"), IntStream.range(0, 4_000).mapToObj(i -> "id-" + (i % 4 == 0 ? 0 : i)));

        assertThat(cells(baseline))
                .isEqualTo("0 is null, 0 cannot be read, 1000 = id-0, 0 is a rare value, 3000 is a new name");
    }

    @Test
    void nothingOfASensitiveFeatureIsKept() {
        Schema<Map<String, ?>> schema = Schema.ofMap(
                Feature.number("income").sensitive(),
                Feature.category("diagnosis").sensitive().nullable());
        List<FeatureRow> rows = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Map<String, Object> row = new HashMap<>();
            row.put("income", 12345.0);
            row.put("diagnosis", i < 10 ? null : "J45");
            rows.add(schema.read(row));
        }

        Baseline baseline = Baseline.of(schema.features(), rows);

        assertThat(json(baseline)).doesNotContain("12345", "J45");
        assertThat(baseline.features().get(1).cells()).hasToString("[is null, cannot be read, has a value]");
        assertThat(baseline.features().get(1).cells().get(2).count()).isEqualTo(90);
    }

    @Property
    void everyNumberFallsIntoTheOneCellThatSaysSo(
            @ForAll @Size(min = 100, max = 300) List<Byte> sample, @ForAll @Size(max = 50) List<Double> others) {
        assertThatEveryNumberFallsIntoItsCell(
                sample.stream().map(BaselineTest::withTies).toList(), others);
    }

    /** Numbers of all sizes, for which the cells cannot be found by dividing the range evenly. */
    @Property(tries = 300)
    void everyNumberOfAnySizeFallsIntoTheOneCellThatSaysSo(
            @ForAll @Size(min = 100, max = 300) List<Byte> sample, @ForAll @Size(max = 50) List<Double> others) {
        assertThatEveryNumberFallsIntoItsCell(
                sample.stream()
                        .map(b -> Math.scalb(1 + (b & 3) / 4.0, b * 8) * ((b & 4) == 0 ? 1 : -1))
                        .toList(),
                others);
    }

    private static void assertThatEveryNumberFallsIntoItsCell(List<Double> sample, List<Double> others) {
        Baseline baseline = ofNumbers(sample.stream());
        FeatureBaseline feature = baseline.features().get(0);
        Schema<double[]> schema = Schema.ofDoubles(Feature.number("x"));
        CellIndex index = feature.index(schema.features().get(0), 0);

        double[] values = Stream.concat(
                        sample.stream().flatMap(x -> Stream.of(x, Math.nextUp(x), Math.nextDown(x))), others.stream())
                .mapToDouble(Double::doubleValue)
                .toArray();
        for (double value : values) {
            List<Cell> containing = feature.cells().stream()
                    .filter(cell -> contains(cell, value))
                    .toList();
            Cell found = feature.cells().get(index.cell(schema.read(new double[] {value})));
            assertThat(containing).hasSizeLessThanOrEqualTo(1);
            assertThat(found).isEqualTo(containing.isEmpty() ? lastOf(feature, Cell.Kind.OTHER) : containing.get(0));
        }
    }

    @Property
    void noRangeIsEmptyAndNoRowIsLost(@ForAll @Size(min = 100, max = 300) List<Byte> sample) {
        List<Cell> cells = ofNumbers(sample.stream().map(BaselineTest::withTies))
                .features()
                .get(0)
                .cells();

        assertThat(cells.stream().filter(cell -> cell.kind() == Cell.Kind.RANGE))
                .allMatch(cell -> cell.count() > 0);
        assertThat(cells.stream().mapToLong(Cell::count).sum()).isEqualTo(sample.size());
    }

    @Test
    void oneRowIn32MakesAValueFrequent() {
        assertThat(cells(ofNumbers(IntStream.range(0, 320).mapToObj(i -> i < 10 ? 500.0 : i))))
                .endsWith(", 10 = 500, 0 is a rare value");
        assertThat(cells(ofNumbers(IntStream.range(0, 320).mapToObj(i -> i < 9 ? 500.0 : i))))
                .doesNotContain("= 500");
    }

    @Property
    void theRowsOfABaselineFallWhereItCountedThem(@ForAll @Size(min = 100, max = 300) List<Byte> sample) {
        Schema<double[]> schema = Schema.ofDoubles(Feature.number("x"));
        Baseline baseline = ofNumbers(sample.stream().map(BaselineTest::withTies));
        ProfileRecorder recorder = baseline.recorder();
        sample.forEach(b -> recorder.record(schema.read(new double[] {withTies(b)})));

        FeatureProfile profile = recorder.snapshot().features().get(0);

        for (int i = 0; i < profile.baseline().cells().size(); i++) {
            assertThat(profile.count(i))
                    .isEqualTo(profile.baseline().cells().get(i).count());
        }
    }

    /** A quarter of the bytes stay as they are, the others become one of 15 values. */
    private static double withTies(byte b) {
        return (Math.abs(b) < 32 ? b : b % 8) / 4.0;
    }

    private static boolean contains(Cell cell, double value) {
        return switch (cell.kind()) {
            case RANGE -> value > cell.above() && value <= cell.to();
            case VALUE -> value == cell.to();
            default -> false;
        };
    }

    private static Cell lastOf(FeatureBaseline feature, Cell.Kind kind) {
        return feature.cells().stream()
                .filter(cell -> cell.kind() == kind)
                .findFirst()
                .orElseThrow();
    }

    // ---- the written form ---------------------------------------------------------------------------------------

    /** How the golden file was made. */
    private static Baseline golden() {
        Schema<Map<String, ?>> schema = Schema.ofMap(
                Feature.number("temperature").nullable(),
                Feature.category("season", "SPRING", "SUMMER", "FALL", "WINTER"),
                Feature.category("station"),
                Feature.bool("holiday"),
                Feature.text("note").nullable(),
                Feature.category("postal_code").sensitive());
        List<FeatureRow> rows = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Map<String, Object> row = new HashMap<>();
            row.put("temperature", i < 4 ? null : i < 30 ? 0.0 : i == 99 ? Double.NaN : i / 4.0);
            row.put("season", i % 3 == 0 ? "SUMMER" : "FALL");
            row.put("station", "s" + i * i / 1_000);
            row.put("holiday", i % 25 == 0);
            row.put("note", i % 2 == 0 ? null : "note");
            row.put("postal_code", "10115");
            rows.add(schema.read(row));
        }
        return Baseline.of(schema.features(), rows);
    }

    @Test
    void isWrittenAsItAlwaysWas() throws IOException {
        assertThat(json(golden())).isEqualTo(Files.readString(GOLDEN));
    }

    @Test
    void isReadBackAsItWas() {
        assertThat(Baseline.read(GOLDEN)).isEqualTo(golden()).hasSameHashCodeAs(golden());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"v\" : 1 | \"v\" : 2 | version 2 (expected: 1)",
                "plimsoll-baseline | something-else | not a baseline",
                "\"rows\" : 100 | \"rows\" : 99 | rows: 99 (expected: >= 100)",
                "\"rows\" : 100 | \"rows\" : 101 | feature 'temperature': 100 rows in cells",
                "\"rows\" : 100 | \"rows\" : 1e30 | rows: 1.0E30 (expected: a whole number)",
                "\"season\" | \"temperature\" | feature 'temperature': stands twice",
                "\"NUMBER\" | \"NUMERAL\" | NUMERAL",
                "\"NAN\" | \"NULL\" | cells beginning with",
                "\"OTHER\" | \"UNSEEN\" | expected: one of kind OTHER",
                "\"number\" : 0.0 | \"number\" : \"NaN\" | number: \"NaN\" (expected: a finite number)",
                "\"features\" | \"fatures\" | features: none",
            })
    void aDamagedFileIsRefused(String good, String bad, String message, @TempDir Path folder) throws IOException {
        Path file = folder.resolve("baseline.json");
        Files.writeString(file, Files.readString(GOLDEN).replaceFirst(Pattern.quote(good), bad));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Baseline.read(file))
                .withMessageStartingWith("baseline: " + file)
                .withMessageContaining(message);
    }

    @Test
    void aFileCutShortIsRefusedAtAnyPlace(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("baseline.json");
        byte[] whole = Files.readAllBytes(GOLDEN);
        for (int length = 0; length < whole.length - 2; length += 97) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatIllegalArgumentException().isThrownBy(() -> Baseline.read(file));
        }
    }

    @Test
    void aFileThatIsNotThereIsToldSo(@TempDir Path folder) {
        Path file = folder.resolve("none").resolve("baseline.json");

        assertThatThrownBy(() -> Baseline.read(file))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("baseline.json");
        assertThatThrownBy(() -> golden().write(file)).isInstanceOf(UncheckedIOException.class);
    }

    private static String json(Baseline baseline) {
        var out = new ByteArrayOutputStream();
        try {
            BaselineJson.write(baseline, out);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static Baseline ofNumbers(Stream<?> values) {
        return of(Feature.number("x").nullable(), values);
    }

    private static Baseline of(Feature feature, Stream<?> values) {
        Schema<Map<String, ?>> schema = Schema.ofMap(feature);
        return Baseline.of(
                schema.features(),
                values.map(value -> schema.read(Collections.singletonMap("x", value)))
                        .filter(Objects::nonNull)
                        .toList());
    }

    private static String cells(Baseline baseline) {
        return baseline.features().get(0).cells().stream()
                .map(cell -> cell.count() + " " + cell)
                .collect(joining(", "));
    }
}
