package io.github.plimsoll.samples.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.plimsoll.core.ModelClosedException;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.schema.ClassProbabilities;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Texts give the tokens and the probabilities that Python computed for them. */
class ReviewToneTest {

    private static final Path MODEL = Path.of("model");

    private static Predictor<String, ClassProbabilities> tone;
    private static HuggingFaceTokenizer tokenizer;

    @BeforeAll
    static void open() throws IOException {
        tone = ReviewTone.open(MODEL);
        tokenizer = HuggingFaceTokenizer.newInstance(MODEL.resolve("tokenizer.json"));
    }

    @AfterAll
    static void close() {
        tone.close();
        tokenizer.close();
    }

    @TestFactory
    Stream<DynamicTest> textsAreReadAndAnsweredAsByTheTrainer() throws IOException {
        JsonNode cases =
                new ObjectMapper().readTree(MODEL.resolve("expected.json").toFile());
        assertThat(cases).isNotEmpty();
        return StreamSupport.stream(cases.spliterator(), false)
                .map(text -> DynamicTest.dynamicTest(text.get("name").asText(), () -> check(text)));
    }

    private static void check(JsonNode expected) {
        String text = expected.get("text").asText();
        Encoding encoding = tokenizer.encode(text);
        int length = (int) Arrays.stream(encoding.getAttentionMask()).sum();
        assertThat(Arrays.copyOf(encoding.getIds(), length))
                .containsExactly(StreamSupport.stream(expected.get("tokens").spliterator(), false)
                        .mapToLong(JsonNode::asLong)
                        .toArray());

        ClassProbabilities answer = tone.predict(text);

        assertThat(answer.of("unhappy"))
                .isCloseTo(expected.at("/probabilities/0").asDouble(), within(1e-5));
        assertThat(answer.of("happy")).isCloseTo(expected.at("/probabilities/1").asDouble(), within(1e-5));
    }

    @Test
    void nothingWasAskedOfTheNetwork() {
        assertThat(System.getProperty("ai.djl.offline")).isEqualTo("true");
        assertThat(System.getProperty("OPT_OUT_TRACKING")).isEqualTo("true");
    }

    @Test
    void halfACharacterIsAnUnknownOneAndEndsNothing() {
        ClassProbabilities half = tone.predict("a great \ud83d phone");

        assertThat(half.of("happy")).isGreaterThan(0.5);
    }

    @Test
    void callsMayShareThePredictor() {
        List<String> texts = IntStream.range(0, 200)
                .mapToObj(i -> (i % 2 == 0 ? "a great phone " : "a rude staff ") + "x".repeat(i % 40))
                .toList();
        List<ClassProbabilities> alone = texts.stream().map(tone::predict).toList();

        assertThat(texts.parallelStream().map(tone::predict).toList()).isEqualTo(alone);
        assertThat(tone.predictAll(texts)).isEqualTo(alone);
    }

    @Test
    void closingClosesTheTokenizerOnceNoCallIsLeft() throws IOException {
        Predictor<String, ClassProbabilities> closed = ReviewTone.open(MODEL);
        closed.predict("great");
        closed.close();
        closed.close();

        assertThatThrownBy(() -> closed.predict("great")).isInstanceOf(ModelClosedException.class);
    }

    @Test
    void theSamplePrintsATone() throws IOException {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            ReviewTone.main(new String[] {"model", "The staff were friendly \ud83d\ude00", "a broken lamp"});
        } finally {
            System.setOut(before);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8).lines().toList())
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("happy").endsWith("friendly \ud83d\ude00"),
                        second -> assertThat(second).startsWith("unhappy"));
    }
}
