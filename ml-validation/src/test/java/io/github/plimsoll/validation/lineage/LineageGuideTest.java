package io.github.plimsoll.validation.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.plimsoll.core.model.ModelPackage;
import io.github.plimsoll.core.model.Packager;
import io.github.plimsoll.core.model.TrainingData;
import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.validation.lineage.DvcFile.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/guide/lineage.md; every block of the page stands here word for word. */
class LineageGuideTest {

    @TempDir
    Path folder;

    @Test
    void aFileThatIsTrackedIsVerifiedAsThePageShows() throws IOException {
        Files.writeString(folder.resolve("train.csv"), "hello");
        Files.writeString(
                folder.resolve("train.csv.dvc"),
                "outs:\n- {md5: 5d41402abc4b2a76b9719d911017c592, size: 5, path: train.csv}\n");

        DvcFile.Verified verified =
                DvcFile.read(folder.resolve("train.csv.dvc")).verify().get(0);

        assertThat(verified.status()).isEqualTo(Status.MATCHES);
        assertThat(Files.readString(Path.of("..", "docs", "guide", "lineage.md")))
                .contains("```text\n" + verified + "\n```");
    }

    /** Compiled, and not run here: it takes a model. */
    @SuppressWarnings({"SystemOut", "unused"})
    void recordAndAsk(Packager<?> packager, Path training, Path given, Path model) throws IOException {
        Path fingerprint = folder.resolve("training-data.json");
        DataFingerprint data = DataFingerprint.of(Table.csv(training));
        Files.writeString(fingerprint, data.toJson());

        packager.trainingData(data.describe(TrainingData.unknown().file(training)))
                .part(DataFingerprint.PACKAGE_PART, fingerprint);

        TrainingLineage lineage = TrainingLineage.of(ModelPackage.open(model));
        TrainingLineage.Answer answer = lineage.compare(Table.csv(given));
        System.out.println(answer);

        DvcFile tracked = DvcFile.read(folder.resolve("train.csv.dvc"));
        for (DvcFile.Verified verified : tracked.verify()) {
            System.out.println(verified);
        }
        TrainingData described = tracked.describe(TrainingData.unknown());
        TrainingLineage.Answer byDvc = lineage.compare(tracked);
    }
}
