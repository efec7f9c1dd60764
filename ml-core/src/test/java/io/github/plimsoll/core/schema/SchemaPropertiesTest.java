package io.github.plimsoll.core.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.plimsoll.core.schema.SchemaInputs.Ride;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;

/** What holds for every input. */
@Domain(SchemaInputs.class)
@Domain(DomainContext.Global.class)
class SchemaPropertiesTest {

    private static final JsonMapper JSON = new JsonMapper();

    private record Three(double a, double b, double c) {}

    // Static: jqwik makes an instance for each try.
    private static final Schema<Ride> RECORDS = Schema.of(Ride.class);
    private static final Schema<Three> THREES = Schema.of(Three.class);
    private static final Schema<Map<String, ?>> MAPS = Schema.ofMap(SchemaInputs.FEATURES);
    private static final Schema<JsonNode> TREES = Schema.ofJson(SchemaInputs.FEATURES);

    @Property
    void sameValuesGiveTheSameRowWhateverTheirForm(@ForAll Ride ride) throws JsonProcessingException {
        Map<String, Object> map = asMap(ride);

        FeatureRow ofRecord = RECORDS.read(ride);
        FeatureRow ofMap = MAPS.read(map);
        FeatureRow ofJson = TREES.read(JSON.readTree(JSON.writeValueAsString(asJson(map))));

        assertThat(RECORDS.features()).isEqualTo(SchemaInputs.FEATURES);
        assertThat(ofRecord.violations()).isEmpty();
        assertThat(ofMap.violations()).isEmpty();
        assertThat(ofJson.violations()).isEmpty();
        for (int i = 0; i < ofRecord.size(); i++) {
            for (FeatureRow other : List.of(ofMap, ofJson)) {
                assertThat(other.isNull(i)).isEqualTo(ofRecord.isNull(i));
                assertThat(other.value(i)).isEqualTo(ofRecord.value(i));
            }
        }
    }

    @Property
    void sameNumbersGiveTheSameRowAsARecordOrAsAnArray(@ForAll @Size(3) double[] numbers) {
        FeatureRow ofRecord = THREES.read(new Three(numbers[0], numbers[1], numbers[2]));
        FeatureRow ofArray = Schema.ofDoubles(3).read(numbers);

        for (int i = 0; i < 3; i++) {
            assertThat(ofRecord.value(i)).isEqualTo(ofArray.value(i)).isEqualTo(numbers[i]);
        }
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void noJsonMakesReadThrow(@ForAll JsonNode json) {
        FeatureRow row = TREES.read(json);

        assertThat(row.violations()).hasSizeLessThanOrEqualTo(RowWriter.LIMIT + 2);
        for (int i = 0; i < row.size(); i++) {
            String name = row.features().get(i).name();
            boolean listed = row.violations().stream()
                    .anyMatch(violation -> violation.path().equals(name)
                            || violation.path().startsWith(name + "[")
                            || violation.path().equals("input"));
            assertThat(!row.isInvalid(i) || listed).isTrue();
            assertThat(row.isInvalid(i) && row.isNull(i)).isFalse();
            assertThat(row.value(i) == null).isEqualTo(row.isInvalid(i) || row.isNull(i));
        }
        assertThat(row.toString()).isNotEmpty();
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void readingTwiceGivesEqualRows(@ForAll JsonNode json) {
        FeatureRow one = TREES.read(json);
        FeatureRow other = TREES.read(json);

        assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
        assertThat(one.violations()).isEqualTo(other.violations());
    }

    @Property
    void rowsAreEqualIfAndOnlyIfTheirValuesAre(@ForAll Ride ride, @ForAll Ride other) {
        boolean sameValues = Arrays.deepEquals(
                values(RECORDS.read(ride)).toArray(),
                values(RECORDS.read(other)).toArray());

        assertThat(RECORDS.read(ride).equals(RECORDS.read(other))).isEqualTo(sameValues);
    }

    @Property
    void valueWrittenBackChangesNothing(@ForAll Ride ride, @ForAll @IntRange(max = 7) int index) {
        FeatureRow row = RECORDS.read(ride);

        assertThat(row.with(index, row.value(index))).isEqualTo(row).hasSameHashCodeAs(row);
    }

    @Property
    void valueOfAnotherRowIsTakenOver(@ForAll Ride ride, @ForAll Ride other, @ForAll @IntRange(max = 7) int index) {
        FeatureRow changed = RECORDS.read(ride).with(index, RECORDS.read(other).value(index));

        assertThat(changed.violations()).isEmpty();
        for (int i = 0; i < changed.size(); i++) {
            assertThat(changed.value(i))
                    .isEqualTo(RECORDS.read(i == index ? other : ride).value(i));
        }
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void brokenRowIsRepairedFeatureByFeature(@ForAll JsonNode json, @ForAll Ride ride) {
        FeatureRow repaired = TREES.ignoringUnknownFields().read(json);
        for (int i = 0; i < repaired.size() && json.isObject(); i++) {
            if (repaired.isInvalid(i)) {
                assertThat(repaired.violations()).isNotEmpty();
                repaired = repaired.with(i, RECORDS.read(ride).value(i));
            }
        }

        assertThat(repaired.violations().isEmpty()).isEqualTo(json.isObject());
    }

    private static List<Object> values(FeatureRow row) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            values.add(row.value(i));
        }
        return Collections.unmodifiableList(values);
    }

    private static Map<String, Object> asMap(Ride ride) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("number", ride.number());
        map.put("integer", ride.integer());
        map.put("flag", ride.flag());
        map.put("season", ride.season());
        map.put("text", ride.text());
        map.put("time", ride.time());
        map.put("tensor", ride.tensor());
        double[] table = ride.table();
        map.put("table", List.of(List.of(table[0], table[1]), new double[] {table[2], table[3]}));
        return map;
    }

    private static Map<String, Object> asJson(Map<String, Object> map) {
        Map<String, Object> json = new LinkedHashMap<>(map);
        json.put("time", map.get("time").toString());
        return json;
    }
}
