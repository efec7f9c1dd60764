package io.github.plimsoll.serving.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Prediction;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.fake.FakeModel;
import io.github.plimsoll.core.fake.FakePredictor;
import io.github.plimsoll.core.schema.ClassProbabilities;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.core.table.Table;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/guide/score-a-file.md, compiled and run. */
class BatchGuideTest {

    private static final String APPLICANTS =
            "id,income,age,debt_ratio\na1,52000,41,0.31\na2,18000,23,0.77\na3,52000,old,0.2\n";

    record Applicant(double income, String housing) {}

    @TempDir
    Path folder;

    private final FakeModel model = FakeModel.ofRows("credit-risk", 3, row -> row[2] > 0.5 ? 0.9 : 0.1);

    @Test
    void scoresAFile() throws IOException {
        Files.writeString(folder.resolve("applicants.csv"), APPLICANTS);

        var schema = Schema.ofTable(Feature.number("income"), Feature.integer("age"), Feature.number("debt_ratio"));

        try (var risk = Plimsoll.use(model).as(schema, Output.probability()).build()) {
            BatchSummary summary = BatchScoring.of(risk, Table.csv(folder.resolve("applicants.csv")))
                    .carrying("id")
                    .column("risk", Prediction::value)
                    .progress(BatchProgress.printer(System.err))
                    .toCsv(folder.resolve("scores.csv"));
        }
        String page = Files.readString(Path.of("../docs/guide/score-a-file.md"));
        assertThat(page).contains("```text\n" + Files.readString(folder.resolve("scores.csv")) + "```");
        assertThat(page).contains("```json\n" + Files.readString(folder.resolve("scores.csv.rejects.jsonl")) + "```");
    }

    @Test
    void takesInputsOfTheHost() throws IOException {
        Path file = Files.writeString(folder.resolve("in.csv"), "income,housing\n1,RENT\n");
        Predictor<Applicant, Double> risk = FakePredictor.answering(applicant -> applicant.income());

        BatchScoring<Applicant, Double> scoring =
                BatchScoring.of(risk, Table.csv(file), row -> new Applicant(row.number("income"), row.text("housing")));

        assertThat(scoring.toCsv(folder.resolve("out.csv")).answered()).isEqualTo(1);
    }

    @Test
    void readsOtherDialects() throws IOException {
        Path file = Files.writeString(folder.resolve("in.csv"), "1;2,5;NA\n");

        Table german = Table.csv(file).separator(';').decimalSeparator(',').charset(StandardCharsets.ISO_8859_1);
        Table bare = Table.csv(file)
                .columns("id", "income", "age")
                .nulls("", "NA", "-")
                .comment('#');

        try (var rows = german.columns("a", "b", "c").open()) {
            assertThat(rows.next(1).get(0).number("b")).isEqualTo(2.5);
        }
        try (var rows = bare.separator(';').open()) {
            assertThat(rows.next(1).get(0).isNull("age")).isTrue();
        }
    }

    @Test
    void choosesColumnsAndThreads() throws IOException {
        Path file = Files.writeString(folder.resolve("in.csv"), "x\n1\n");
        Predictor<Double, ClassProbabilities> classes =
                FakePredictor.answering(x -> ClassProbabilities.of(List.of("repaid", "default"), 0.75, 0.25));
        ExecutorService pool = Executors.newFixedThreadPool(3);

        BatchScoring<Double, ClassProbabilities> scoring = BatchScoring.of(
                        classes, Table.csv(file), row -> row.number("x"))
                .column("label", p -> p.value().top())
                .column("p_default", p -> p.value().of("default"))
                .column("id", Prediction::id)
                .column("source", Prediction::source)
                .column("model", Prediction::model);
        scoring = scoring.executor(pool, 4);

        scoring.toCsv(folder.resolve("out.csv"));
        pool.shutdownNow();
        assertThat(Files.readAllLines(folder.resolve("out.csv"))).first().isEqualTo("label,p_default,id,source,model");
    }
}
