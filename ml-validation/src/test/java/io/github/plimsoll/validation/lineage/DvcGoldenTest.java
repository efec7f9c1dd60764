package io.github.plimsoll.validation.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.plimsoll.validation.lineage.DvcFile.Status;
import io.github.plimsoll.validation.lineage.DvcFile.Verified;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Folders as a real DVC has hashed them, in both of its ways; {@code src/test/interop/run.sh} makes the file anew. */
class DvcGoldenTest {

    @TempDir
    static Path folder;

    @TestFactory
    Stream<DynamicTest> whatDvcTracksIsWhatItSays() throws IOException {
        JsonNode golden;
        try (InputStream in = DvcGoldenTest.class.getResourceAsStream("/golden/lineage/dvc.json")) {
            golden = JsonMapper.builder().build().readTree(Objects.requireNonNull(in));
        }
        assertThat(golden.get("cases")).hasSizeGreaterThan(20);
        return Stream.iterate(0, i -> i + 1)
                .limit(golden.get("cases").size())
                .map(i -> DynamicTest.dynamicTest(
                        golden.get("cases").get(i).get("name").asText(),
                        () -> holds(
                                Files.createDirectory(folder.resolve("case" + i)),
                                golden.get("cases").get(i))));
    }

    private static void holds(Path place, JsonNode given) throws IOException {
        DvcFile dvc = DvcFile.read(
                Files.writeString(place.resolve("it.dvc"), given.get("dvc").asText()));
        Path data = place.resolve(dvc.outputs().get(0).path());
        if (given.get("folder").asBoolean()) {
            Files.createDirectories(data);
        }
        for (Map.Entry<String, JsonNode> file : given.get("files").properties()) {
            write(place.resolve(file.getKey()), file.getValue());
        }

        List<Verified> same = dvc.verify();
        Path changed = Files.isDirectory(data) ? data.resolve("new") : data;
        Files.write(changed, new byte[] {1, 2, 3});
        List<Verified> other = dvc.verify();

        assertThat(same).as("%s", same).allMatch(verified -> verified.status() == Status.MATCHES);
        assertThat(other).as("%s", other).allMatch(verified -> verified.status() == Status.DIFFERS);
    }

    private static void write(Path file, JsonNode content) throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        try (OutputStream out = Files.newOutputStream(file)) {
            for (JsonNode run : content) {
                byte[] bytes = Base64.getDecoder().decode(run.get("base64").asText());
                int times = run.get("times").asInt();
                byte[] all = new byte[bytes.length * times];
                for (int i = 0; i < all.length; i++) {
                    all[i] = bytes[i % bytes.length];
                }
                out.write(all);
            }
        }
    }
}
