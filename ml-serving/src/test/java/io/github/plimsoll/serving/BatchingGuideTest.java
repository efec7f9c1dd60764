package io.github.plimsoll.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.plimsoll.core.CallOptions;
import io.github.plimsoll.core.Deadline;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.TimeSource;
import io.github.plimsoll.core.fake.FakeModel;
import io.github.plimsoll.core.schema.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** The code of docs/guide/batch.md and docs/guide/deadlines.md, compiled and run; every block stands here word for word. */
class BatchingGuideTest {

    record Applicant(double income, int age, double debtRatio) {}

    /** What a host keeps of the request that a thread serves. */
    private record RequestContext(CallOptions callOptions) {

        static RequestContext current() {
            return new RequestContext(CallOptions.DEFAULT);
        }
    }

    private final FakeModel model = FakeModel.ofRows("credit-risk", 3, row -> row[2] > 0.5 ? 0.9 : 0.1);
    private final Applicant applicant = new Applicant(52_000, 41, 0.31);

    @Test
    void batches() throws IOException {
        var risk = Plimsoll.use(model)
                .as(Applicant.class, Output.probability())
                .with(Batching.rows(64))
                .build();

        var applicants = List.of(applicant, new Applicant(18_000, 23, 0.7), new Applicant(70_000, 60, 0.1));
        var equivalence = BatchEquivalence.check(risk, applicants, 1e-6);

        assertThat(equivalence.holds()).isTrue();
        assertThat(Files.readString(Path.of("../docs/guide/batch.md"))).contains("```text\n" + equivalence + "\n```");
    }

    @Test
    void batchesCarefully() {
        var careful = Batching.rows(64)
                .runs(1)
                .latencyObjective(Duration.ofMillis(20))
                .queue(256, Batching.WhenFull.DROP_OLDEST);

        assertThat(careful)
                .asString()
                .contains("1 run at once", "sized for PT0.02S", "256 rows, when full drop oldest");
    }

    /** Compiled, not run: a deadline by a real clock has no place in a test. */
    double askInTime(Predictor<Applicant, Double> risk) {
        var deadline = Deadline.after(Duration.ofMillis(50), TimeSource.system());
        double p = risk.with(CallOptions.DEFAULT.withDeadline(deadline)).predict(applicant);
        return p;
    }

    @Test
    void hasATimeout() {
        var risk = Plimsoll.use(model)
                .as(Applicant.class, Output.probability())
                .options(() -> RequestContext.current().callOptions())
                .with(Timeout.of(Duration.ofMillis(100)))
                .build();

        assertThat(risk.describe()).contains("deadline: a deadline after PT0.1S, cooperative");
    }

    @Test
    void readsAndWritesHeaders() {
        var deadline = Deadline.ofGrpcTimeout("250m", TimeSource.system());
        String header = deadline.toGrpcTimeout();

        assertThat(header).matches("\\d{1,8}[num]");
    }

    @Test
    void isStrict() {
        ExecutorService requestThreads = Executors.newFixedThreadPool(2);
        try {
            var strict = Timeout.of(Duration.ofMillis(50)).strict(requestThreads);

            assertThat(strict).asString().contains("strict");
        } finally {
            requestThreads.shutdown();
        }
    }
}
