package io.github.plimsoll.serving;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Prediction.Source;
import io.github.plimsoll.core.fake.FakeModel;
import io.github.plimsoll.core.schema.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The code of docs/guide/cache.md, compiled and run; every block of the page stands here word for word. */
class CachingGuideTest {

    record Applicant(double income, int age, double debtRatio) {}

    private final FakeModel model = FakeModel.ofRows("credit-risk", 3, row -> row[2] > 0.5 ? 0.9 : 0.1);

    @Test
    void caches() throws IOException {
        var caching = Caching.entries(100_000).expireAfterWrite(Duration.ofMinutes(10));

        var risk = Plimsoll.use(model)
                .as(Applicant.class, Output.probability())
                .with(caching)
                .build();

        var applicant = new Applicant(52_000, 41, 0.31);
        risk.prediction(applicant).source(); // MODEL
        risk.prediction(applicant).source(); // CACHE

        Caching.Stats stats = caching.stats();

        assertThat(page()).contains("```text\n" + stats + "\n```");
        assertThat(model.runs()).isEqualTo(1);
        assertThat(risk.prediction(applicant).source()).hasToString("CACHE");
    }

    @Test
    void boundsTheMemory() {
        var caching = Caching.bytes(64 << 20);

        assertThat(sourceOfTheSecondCall(caching)).hasToString("CACHE");
    }

    @Test
    void refreshesAheadAndKeepsTheLastGoodAnswer() {
        Executor executor = Runnable::run;

        var caching = Caching.entries(100_000)
                .expireAfterWrite(Duration.ofMinutes(10))
                .refreshAhead(Duration.ofMinutes(8), executor)
                .staleIfError(Duration.ofHours(1));

        assertThat(sourceOfTheSecondCall(caching)).hasToString("CACHE");
    }

    @Test
    void takesTheHostsCache() {
        Cache<Object, Object> shared = Caffeine.newBuilder()
                .maximumWeight(256 << 20)
                .weigher(Caching.weigher())
                .build();

        var caching = Caching.in(shared);

        assertThat(sourceOfTheSecondCall(caching)).hasToString("CACHE");
    }

    @Test
    void leavesSomeModelsAlone() {
        var caching = Caching.entries(100_000).unless(model -> model.id().name().startsWith("bandit-"));

        assertThat(sourceOfTheSecondCall(caching)).hasToString("CACHE");
    }

    @Test
    void joinsEqualInputs() {
        var risk = Plimsoll.use(model)
                .as(Applicant.class, Output.probability())
                .with(Caching.entries(100_000))
                .with(Coalescing.ofEqualInputs())
                .build();

        var applicant = new Applicant(52_000, 41, 0.31);
        assertThat(risk.predictAll(List.of(applicant, applicant))).containsExactly(0.1, 0.1);
        assertThat(risk.describe()).contains("ml.coalesced 1.0");
    }

    private Source sourceOfTheSecondCall(Caching caching) {
        var risk = Plimsoll.use(model)
                .as(Applicant.class, Output.probability())
                .with(caching)
                .build();
        risk.predict(new Applicant(52_000, 41, 0.31));
        return risk.prediction(new Applicant(52_000, 41, 0.31)).source();
    }

    @Test
    void everyBlockOfThePageIsInThisClass() throws IOException {
        String source = withoutIndent(
                Files.readString(Path.of("src/test/java", getClass().getName().replace('.', '/') + ".java")));
        List<String> blocks = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(page())
                .results()
                .map(block -> withoutIndent(block.group(1)).strip())
                .toList();

        assertThat(blocks)
                .hasSizeGreaterThan(2)
                .allSatisfy(block -> assertThat(source).contains(block));
    }

    private static String page() throws IOException {
        return Files.readString(Path.of("../docs/guide/cache.md"));
    }

    private static String withoutIndent(String code) {
        return Pattern.compile("^ +", Pattern.MULTILINE).matcher(code).replaceAll("");
    }
}
