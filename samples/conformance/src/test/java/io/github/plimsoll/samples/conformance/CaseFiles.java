package io.github.plimsoll.samples.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The case files of a folder: {@code *.json}, each a list of cases with a {@code method}, or {@code {"cases": [...]}} with an
 * {@code area} each. A file {@code {"streams": {...}}} holds series that cases name; text there is one digit a value.
 */
final class CaseFiles {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Answer> answers = new HashMap<>();
    private final Map<String, double[]> streams = new HashMap<>();

    private CaseFiles(List<Subject> subjects) {
        for (Subject subject : subjects) {
            subject.answers().forEach((method, answer) -> {
                if (answers.put(method, answer) != null) {
                    throw new IllegalStateException("two subjects answer '" + method + "'");
                }
            });
        }
    }

    /** The checks of each file, by file name. */
    static Map<String, List<Check>> in(Path folder, List<Subject> subjects) throws IOException {
        CaseFiles cases = new CaseFiles(subjects);
        Map<String, JsonNode> files = new TreeMap<>();
        try (Stream<Path> found = Files.list(folder)) {
            for (Path file : found.filter(f -> f.toString().endsWith(".json")).toList()) {
                JsonNode json = JSON.readTree(file.toFile());
                json.path("streams")
                        .properties()
                        .forEach(stream -> cases.streams.put(stream.getKey(), series(stream.getValue())));
                if (!json.has("streams")) {
                    files.put(file.getFileName().toString(), json);
                }
            }
        }
        Map<String, List<Check>> checks = new TreeMap<>();
        files.forEach((name, json) -> checks.put(name, cases.checks(name, json)));
        return checks;
    }

    private static double[] series(JsonNode stream) {
        return stream.isTextual()
                ? stream.asText().chars().mapToDouble(digit -> digit - '0').toArray()
                : Numbers.read(stream, Map.of());
    }

    private List<Check> checks(String file, JsonNode json) {
        JsonNode list = json.isArray() ? json : json.path("cases");
        if (!list.isArray()) {
            throw new UncheckedIOException(new IOException(
                    file + ": expected a list of cases or {\"cases\": [...]}, got " + json.getNodeType()));
        }
        List<Check> checks = new ArrayList<>();
        for (JsonNode element : list) {
            Case given = Case.of(element, streams);
            checks.add(new Check(given.name(), () -> answer(given), given.expected(), Tolerance.of(given.tolerance())));
        }
        return checks;
    }

    private Object answer(Case given) throws Exception {
        Answer answer = answers.get(given.method());
        if (answer == null) {
            throw new Unsupported("'" + given.method() + "'");
        }
        return answer.to(given);
    }
}
