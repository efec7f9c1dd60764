package io.github.plimsoll.validation.lineage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.plimsoll.core.model.ModelPackage;
import io.github.plimsoll.core.model.TrainingData;
import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.validation.lineage.TrainingLineage.Answer;
import io.github.plimsoll.validation.lineage.TrainingLineage.Match;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingLineageTest {

    private static final String RIDES = "fare,company\n12.5,Blue\n7,Red\n7,Red\n";

    @TempDir
    Path folder;

    private Path file(String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Table csv(String text) {
        return Table.csv(file("given.csv", text));
    }

    /** A package that states some training data, and a fingerprint, if any. */
    private TrainingLineage lineage(TrainingData data, @Nullable DataFingerprint fingerprint) {
        Optional<Path> part = Optional.ofNullable(fingerprint).map(known -> file("training-data.json", known.toJson()));
        return TrainingLineage.of((ModelPackage) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ModelPackage.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "trainingData" -> data;
                    case "part" -> DataFingerprint.PACKAGE_PART.equals(arguments[0]) ? part : Optional.empty();
                    case "folder" -> folder;
                    default -> throw new UnsupportedOperationException(method.getName());
                }));
    }

    private TrainingLineage trainedOnRides() {
        DataFingerprint data = DataFingerprint.of(Table.csv(file("train.csv", RIDES)));
        return lineage(data.describe(TrainingData.unknown().file(folder.resolve("train.csv"))), data);
    }

    @Test
    void theFileItselfIsKnownByItsHash() {
        Answer answer = trainedOnRides().compare(csv(RIDES));

        assertThat(answer.match()).isEqualTo(Match.SAME_FILE);
        assertThat(answer.isSame()).isTrue();
        assertThat(answer.toString()).startsWith("same file: it is train.csv, SHA-256 ");
    }

    @Test
    void theSameRowsAreKnownInAnotherFile() {
        Answer answer = trainedOnRides().compare(csv("company,fare\nRed,7.0\nBlue,12.5\nRed,7\n"));

        assertThat(answer).isEqualTo(new Answer(Match.SAME_ROWS, java.util.List.of("all 3 rows are the same")));
        assertThat(answer.isSame()).isTrue();
    }

    @Test
    void rowsThatWereAppendedAreCounted() {
        assertThat(trainedOnRides().compare(csv(RIDES + "1,Blue\n2,Blue\n")))
                .hasToString("appended: the first 3 rows are the same, 2 more follow");
        assertThat(trainedOnRides()
                        .compare(csv("fare,company\n1,Blue\n12.5,Blue\n7,Red\n7,Red\n"))
                        .match())
                .isEqualTo(Match.DIFFERENT); // put before them, not appended
    }

    @Test
    void otherDataAreToldBySizeColumnsAndValues() {
        assertThat(trainedOnRides().compare(csv("fare,company\n12.5,Blue\n7,Red\n8,Red\n")))
                .hasToString("different: the file is none of train.csv; 3 rows, as many as the training data;"
                        + " columns [fare] have other values");
        assertThat(trainedOnRides().compare(csv("fare,tips\n12.5,1\n7,1\n")))
                .hasToString("different: the file is none of train.csv; 2 rows, the training data had 3;"
                        + " columns [company] are missing; columns [tips] are new; columns [fare] have other values");
        assertThat(trainedOnRides()
                        .compare(csv("fare,company\n12.5,Red\n7,Blue\n7,Red\n"))
                        .reasons())
                .endsWith("each column has the same values, in other rows");
    }

    @Test
    void theManifestAloneTellsTheRowsButNotWhatDiffers() {
        DataFingerprint data = DataFingerprint.of(csv(RIDES));
        TrainingLineage lineage = lineage(data.describe(TrainingData.unknown()), null);

        assertThat(lineage.compare(csv("company,fare\nBlue,12.5\nRed,7\nRed,7\n"))
                        .match())
                .isEqualTo(Match.SAME_ROWS);
        assertThat(lineage.compare(csv("company,fare\nBlue,12.5\nRed,7\nRed,8\n")))
                .hasToString("different: 3 rows, as many as the training data");
    }

    @Test
    void whatThePackageDoesNotSayIsUnknown() {
        assertThat(lineage(TrainingData.unknown(), null).compare(csv(RIDES)))
                .hasToString("unknown: the package says nothing of the rows");
        assertThat(lineage(TrainingData.unknown().rows(3), null)
                        .compare(csv(RIDES))
                        .match())
                .isEqualTo(Match.UNKNOWN);
        assertThat(lineage(TrainingData.unknown().rows(4), null).compare(csv(RIDES)))
                .hasToString("different: 3 rows, the training data had 4");
    }

    @Test
    void aFileOfSeveralIsNotAllOfTheData() {
        TrainingData both =
                TrainingData.unknown().file(file("a.csv", RIDES)).file(file("b.csv", "fare,company\n1,Red\n"));

        assertThat(lineage(both, null).compare(csv(RIDES)))
                .hasToString(
                        "unknown: it is a.csv, one of the files a.csv, b.csv; the package says nothing of the rows");
    }

    @Test
    void aFileOfDvcIsComparedByItsHash() {
        Path dvc = file("train.csv.dvc", "outs:\n- {md5: 5d41402abc4b2a76b9719d911017c592, path: train.csv}\n");
        DvcFile tracked = DvcFile.read(dvc);

        assertThat(lineage(tracked.describe(TrainingData.unknown()), null)
                        .compare(tracked)
                        .match())
                .isEqualTo(Match.SAME_FILE);
        assertThat(lineage(TrainingData.unknown().lineage("dvc", "598d4c200461b81522a3328565c25f7c"), null)
                        .compare(tracked)
                        .match())
                .isEqualTo(Match.DIFFERENT);
        assertThat(lineage(TrainingData.unknown(), null).compare(tracked).match())
                .isEqualTo(Match.UNKNOWN);
    }

    @Test
    void aFingerprintOfOtherRowsThanTheManifestNamesIsRefused() {
        DataFingerprint data = DataFingerprint.of(csv(RIDES));

        assertThatThrownBy(() -> lineage(TrainingData.unknown().lineage("plimsoll-rows", "0".repeat(64)), data))
                .isInstanceOf(LineageException.class)
                .hasMessageContaining("the manifest names " + "0".repeat(64) + " (expected: the same rows)");
    }
}
