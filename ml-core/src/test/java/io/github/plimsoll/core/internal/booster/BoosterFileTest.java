package io.github.plimsoll.core.internal.booster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.plimsoll.core.ModelLoadException;
import io.github.plimsoll.core.internal.ModelLoading;
import io.github.plimsoll.core.internal.TestModels;
import io.github.plimsoll.core.model.LoadOptions;
import io.github.plimsoll.core.model.Model;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of boosted trees are read to the end before an engine sees them, so a damaged one is refused, with the reason. */
class BoosterFileTest {

    private static final byte[] JSON = bytes("breastcancer-xgb/model.json");
    private static final byte[] UBJSON = bytes("breastcancer-xgb/model.ubj");
    private static final byte[] TEXT = bytes("credit20-lgbm/model.txt");

    @TempDir
    Path folder;

    private static byte[] bytes(String name) {
        try {
            return Files.readAllBytes(TestModels.path(name));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void assertRefused(Path path, String... words) {
        assertThatThrownBy(() -> ModelLoading.load(path, LoadOptions.defaults()))
                .isExactlyInstanceOf(ModelLoadException.class)
                .hasMessageContaining(path.toString())
                .hasMessageContainingAll(words)
                .hasMessageContaining("expected:");
    }

    @Test
    void damagedFilesAreRefused() throws IOException {
        assertRefused(TestModels.path("bad/xgb/trunc.json"), "9000 bytes", "no whole XGBoost model");
        assertRefused(TestModels.path("bad/xgb/garb.ubj"), "XGBoost", "save_model");
        Path cut = Files.write(folder.resolve("m.ubj"), java.util.Arrays.copyOf(UBJSON, 20_000));
        assertRefused(cut, "20000 bytes", "no whole XGBoost model");
        cut = Files.write(folder.resolve("m.txt"), java.util.Arrays.copyOf(TEXT, 20_000));
        assertRefused(cut, "20000 bytes", "no whole LightGBM model", "byte for byte");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"num_feature\":\"30\",\"num_target\" | \"num_feature\":\"9\",\"num_target\" | asks for feature",
                "\"left_children\":[1 | \"left_children\":[0 | leads to 0",
                "\"left_children\":[1 | \"left_children\":[2 | leads to 2",
                "\"left_children\":[1 | \"left_children\":[999999 | leads to 999999",
                "\"left_children\":[1 | \"left_children\":[1.5 | leads to 1.5",
                "\"left_children\":[1 | \"left_children\":[-1 | has one child",
                "\"split_indices\":[ | \"split_indices\":[3, | of split_indices for",
                "\"split_type\":[0 | \"split_type\":[1 | without categories",
                "\"loss_changes\":[ | \"lost_changes\":[ | a tree has no loss_changes",
                "\"loss_changes\":[ | \"loss_changes\":[\"a\", | has the text",
                "\"num_nodes\":\" | \"num_nodes\":\"1 | has num_nodes 1",
                "\"size_leaf_vector\":\"0\"}} | \"size_leaf_vector\":\"3\"}} | vectors in leaves",
                "\"parents\":[2147483647,0 | \"parents\":[2147483647,7 | is not the parent of its children",
                "\"id\":3 | \"id\":4 | tree 3 has id 4",
                "\"tree_info\":[0 | \"tree_info\":[7 | belongs to output 7 of 1",
                "\"tree_info\":[0 | \"tree_info\":[-7 | belongs to output -7",
                "\"tree_info\":[0, | \"tree_info\":[ | 29 entries in tree_info",
                "\"objective\":{ | \"objectives\":{ | no learner.objective.name",
                "\"feature_names\":[] | \"feature_names\":[\"a\"] | 1 feature names for 30 features",
            })
    void aTreeThatCannotBeWalkedIsRefused(String part, String instead, String reason) throws IOException {
        String json = new String(JSON, StandardCharsets.UTF_8);
        assertThat(json).contains(part);
        int at = json.indexOf(part);
        String broken = json.substring(0, at) + instead + json.substring(at + part.length());

        assertRefused(Files.writeString(folder.resolve("m.json"), broken), "no whole XGBoost model", reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"base_score\":\"[5.937037E-1,1.7166667E0]\" | \"base_score\":\"[5.937037E-1,1.7166667E0,1]\""
                        + " | base_score has 3 numbers for 2 outputs",
                "\"base_score\":\"[5.937037E-1, | \"base_score\":\"[, | base_score is '[,1.7166667E0]'",
                "\"base_score\":\"[5.937037E-1, | \"base_score\":\"[NaN, | base_score is '[NaN,1.7166667E0]'",
                "\"name\":\"reg:squarederror\" | \"name\":\"survival:cox\" | 2 base scores, and survival:cox is none",
                "\"version\":[3,2,0] | \"version\":[3,99,0] | the file's version is later",
            })
    void whatAnEngineWouldReadOtherwiseThanItsTrainerIsRefused(String part, String instead, String reason)
            throws IOException {
        String json = new String(bytes("boosters/xgb-two-targets/model.json"), StandardCharsets.UTF_8);
        assertThat(json).contains(part);

        assertRefused(Files.writeString(folder.resolve("m.json"), json.replace(part, instead)), "XGBoost", reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "max_feature_idx=19 | max_feature_idx=18 | 20 feature_names",
                "num_class=1 | num_class=2 | num_tree_per_iteration",
                "objective=binary sigmoid:1 | objective=multiclass num_class:5 | the objective has 5 classes",
                "split_feature=5 | split_feature=20 | split_feature 20",
                "left_child=1 | left_child=0 | child 0",
                "left_child=1 | left_child=9 | child 9",
                "left_child=1 | left_child=-99 | child -99",
                "leaf_value=-0.17243185194882213 | leaf_value= | 14 of leaf_value",
                "decision_type=2 | decision_type=1 | threshold of a category",
                "num_cat=0 | num_cab=0 | no num_cat",
                "leaf_weight=19 | leaf_value=19 | leaf_value is there twice",
                "split_gain=215.973 | split_gain= | 13 of split_gain",
                "tree_sizes=1682 | tree_sizes=9999 | tree 1 is not where",
                "Tree=3 | tree=3 | no tree 3 but 'tree=3'",
                "threshold=0.14392065256834033 | threshold=0.143920652568340xx | in threshold",
            })
    void aTreeOfTextThatCannotBeWalkedIsRefused(String part, String instead, String reason) throws IOException {
        String text = new String(TEXT, StandardCharsets.UTF_8);
        assertThat(text).contains(part);
        int at = text.indexOf(part);
        String broken = text.substring(0, at) + instead + text.substring(at + part.length());

        assertRefused(Files.writeString(folder.resolve("m.txt"), broken), "no whole LightGBM model", reason);
    }

    @Test
    void changedLineEndsAreNamed() throws IOException {
        String text = new String(TEXT, StandardCharsets.UTF_8).replace("\n", "\r\n");

        assertRefused(Files.writeString(folder.resolve("m.txt"), text), "line ends");
    }

    @ParameterizedTest
    @ValueSource(strings = {"m.json", "m.ubj", "m.xgb", "m.model", "m.bst"})
    void contentDecidesNotTheEnding(String name) throws IOException {
        for (byte[] content : new byte[][] {JSON, UBJSON}) {
            try (Model model = ModelLoading.load(Files.write(folder.resolve(name), content), LoadOptions.defaults())) {
                assertThat(model.description().engine()).isEqualTo("XGBoost");
                assertThat(model.description().id().name()).isEqualTo("m");
            }
        }
        try (Model model = ModelLoading.load(Files.write(folder.resolve("m.model"), TEXT), LoadOptions.defaults())) {
            assertThat(model.description().engine()).isEqualTo("LightGBM");
        }
    }

    @Test
    void ofAFolderTheUsualNameComesFirstAndOtherFilesAreLeftAlone() throws IOException {
        Files.writeString(folder.resolve("expected.json"), "{\"input\":[]}");
        Files.writeString(folder.resolve("notes.txt"), "hello");
        Files.write(folder.resolve("a.json"), JSON);
        assertName("a");
        Files.write(folder.resolve("b.json"), JSON);
        assertRefused(folder, "several models in the folder: a.json, b.json");
        Files.write(folder.resolve("model.json"), JSON);
        assertName(folder.getFileName().toString());
    }

    private void assertName(String name) {
        try (Model model = ModelLoading.load(folder, LoadOptions.defaults())) {
            assertThat(model.description().id().name()).isEqualTo(name);
        }
    }

    @Test
    void indentedJsonIsNamed() throws IOException {
        String indented =
                new com.fasterxml.jackson.databind.ObjectMapper().readTree(JSON).toPrettyString();

        assertRefused(Files.writeString(folder.resolve("m.json"), indented), "has been indented");
    }

    @Property(tries = 300)
    void anyBytesAreReadOrRefused(@ForAll @Size(max = 200) byte[] bytes, @ForAll @IntRange(max = 400) int prefix) {
        for (byte[] start : new byte[][] {JSON, UBJSON, TEXT}) {
            byte[] all = new byte[prefix + bytes.length];
            System.arraycopy(start, 0, all, 0, prefix);
            System.arraycopy(bytes, 0, all, prefix, bytes.length);

            assertThatCode(() -> XgboostFile.read(all, "model m")).isExactlyInstanceOf(ModelLoadException.class);
            assertThatCode(() -> LightgbmFile.read(all, "model m")).isExactlyInstanceOf(ModelLoadException.class);
        }
    }

    @Test
    void deepNestingAndLargeCountsEndEarly() {
        byte[] deep = "{i\u0001a".repeat(100_000).getBytes(StandardCharsets.ISO_8859_1);
        byte[] large = "{L\0\0\0\0\0\0\0\u0007learner[$d#L\u007f\0\0\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);
        byte[] negative = "{L\0\0\0\0\0\0\0\u0007learner[$d#i\u00ff".getBytes(StandardCharsets.ISO_8859_1);

        assertThatCode(() -> XgboostFile.read(deep, "m")).hasMessageContaining("levels");
        assertThatCode(() -> XgboostFile.read(large, "m")).hasMessageContaining("a length of");
        assertThatCode(() -> XgboostFile.read(negative, "m")).hasMessageContaining("a length of -1");
    }
}
