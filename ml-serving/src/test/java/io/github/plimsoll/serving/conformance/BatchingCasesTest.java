package io.github.plimsoll.serving.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class BatchingCasesTest {

    @TestFactory
    Stream<DynamicTest> answersAreThoseOfTheCase() throws IOException {
        JsonNode cases = new ObjectMapper()
                .readTree(getClass().getResourceAsStream("/cases/serving-batching.json"))
                .get("cases");
        return StreamSupport.stream(cases.spliterator(), false)
                .map(one -> dynamicTest(one.get("name").asText(), () -> {
                    JsonNode answer = BatchingCases.answer(one.get("inputs"));
                    for (Map.Entry<String, JsonNode> field : one.get("expected").properties()) {
                        assertSame(
                                field.getKey(),
                                answer.get(field.getKey()),
                                field.getValue(),
                                one.get("tolerance").asDouble());
                    }
                }));
    }

    private static void assertSame(String what, JsonNode actual, JsonNode expected, double tolerance) {
        assertThat(actual).as(what).isNotNull();
        if (expected.isNumber()) {
            assertThat(actual.asDouble()).as(what).isCloseTo(expected.asDouble(), within(tolerance));
        } else if (expected.isArray()) {
            assertThat(actual.size()).as(what).isEqualTo(expected.size());
            for (int i = 0; i < expected.size(); i++) {
                assertSame(what + "[" + i + "]", actual.get(i), expected.get(i), tolerance);
            }
        } else {
            assertThat(actual).as(what).isEqualTo(expected);
        }
    }
}
