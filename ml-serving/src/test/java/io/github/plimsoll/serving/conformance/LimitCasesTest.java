package io.github.plimsoll.serving.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class LimitCasesTest {

    @TestFactory
    Stream<DynamicTest> limitsAreThoseOfTheCase() throws IOException {
        JsonNode cases = new ObjectMapper()
                .readTree(getClass().getResourceAsStream("/cases/serving-limits.json"))
                .get("cases");
        return StreamSupport.stream(cases.spliterator(), false)
                .map(one -> dynamicTest(
                        one.get("name").asText(),
                        () -> assertThat(LimitCases.limits(one.get("name").asText(), one.get("inputs")))
                                .isEqualTo(StreamSupport.stream(
                                                one.get("expected")
                                                        .get("limits")
                                                        .spliterator(),
                                                false)
                                        .map(JsonNode::asInt)
                                        .toList())));
    }
}
