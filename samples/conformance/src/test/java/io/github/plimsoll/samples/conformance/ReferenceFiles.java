package io.github.plimsoll.samples.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The reference answers of a folder: {@code expected/*.json} and {@code validation/*.json}, on {@code datasets/}. */
final class ReferenceFiles {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Scores that other monitors reach on the replayed incidents: a yardstick, not an answer to compute. */
    private static final String YARDSTICK = "incident_anchors.json";

    private ReferenceFiles() {}

    static Map<String, List<Check>> in(Path folder) throws Exception {
        Map<String, List<Check>> checks = new TreeMap<>();
        Tables tables = new Tables(folder);
        for (String part : List.of("expected", "validation")) {
            if (!Files.isDirectory(folder.resolve(part))) {
                continue;
            }
            try (Stream<Path> files = Files.list(folder.resolve(part))) {
                for (Path file : files.filter(f -> f.toString().endsWith(".json") && !f.endsWith(YARDSTICK))
                        .toList()) {
                    String path = part + "/" + file.getFileName();
                    checks.put(path, checks(path, JSON.readTree(file.toFile()), tables));
                }
            }
        }
        return checks;
    }

    private static List<Check> checks(String path, JsonNode content, Tables tables) throws Exception {
        for (ReferenceFile known : ReferenceFile.ALL) {
            if (known.path().equals(path)) {
                return known.checks(content, tables);
            }
        }
        return List.of(new Check(
                path,
                () -> {
                    throw new Unsupported("reference file '" + path + "'");
                },
                content,
                Tolerance.reference()));
    }
}
