package io.github.plimsoll.serving.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.table.TablePosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {

    private static final Path FORM_1 = Path.of("src/test/resources/batch/checkpoint-1.json");

    @TempDir
    Path folder;

    /** What the file of form 1 was written from. */
    private static Checkpoint checkpoint() {
        Checkpoint.Tally tally = new Checkpoint.Tally();
        tally.rows = 12;
        tally.answered = 10;
        tally.add("ragged", 1);
        tally.add("missing", 1);
        tally.models.add(new ModelId("risk", "3"));
        return new Checkpoint(
                "CSV; columns [id, risk]",
                new Fingerprint(345, "ab12"),
                new TablePosition(120, 14),
                99,
                77,
                tally,
                false);
    }

    @Test
    void theFormIsTheOneOfTheGoldenFile() throws IOException {
        Path file = folder.resolve("out.csv.checkpoint");

        checkpoint().write(file);

        assertThat(file).hasSameTextualContentAs(FORM_1);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aGoldenFileIsReadBack() {
        Checkpoint read = Checkpoint.read(FORM_1);

        assertThat(read).usingRecursiveComparison().isEqualTo(checkpoint());
    }

    @Test
    void whatIsNoCheckpointIsRefusedByName() throws IOException {
        for (String text : new String[] {"", "{", "[]", "{\"form\":1}", "{\"form\":2}"}) {
            Path file = Files.writeString(folder.resolve("out.csv.checkpoint"), text);

            assertThatThrownBy(() -> Checkpoint.read(file))
                    .isInstanceOf(BatchException.class)
                    .hasMessageContaining("out.csv.checkpoint")
                    .hasMessageContaining("start over");
        }
    }

    @Test
    void reasonsWithoutEndAreCountedTogether() {
        Checkpoint.Tally tally = new Checkpoint.Tally();
        for (int i = 0; i < 250; i++) {
            tally.add("reason-" + i, 1);
        }

        assertThat(tally.reasons).hasSize(101).containsEntry("other", 150L);
    }
}
