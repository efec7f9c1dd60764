package io.github.plimsoll.core.internal.pack;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.plimsoll.core.internal.Shown;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads JSON that is not trusted: whole documents only, no duplicate keys, with limits on size, depth, tokens, and the length
 * of names, texts and numbers. Writes JSON that is the same bytes on every system.
 */
public final class SafeJson {

    /** Most names, values and brackets in a document: a tree takes up to some 100 bytes for each, and a byte may be one. */
    static final int MOST_TOKENS = 2_000_000;

    private static final int DEEPEST = 40;
    private static final JsonMapper JSON = mapper(DEEPEST);

    private SafeJson() {}

    /**
     * A mapper that reads what is not trusted.
     *
     * @param deepest how many levels a document may have
     * @return the mapper
     */
    public static JsonMapper mapper(int deepest) {
        return JsonMapper.builder(JsonFactory.builder()
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxNestingDepth(deepest)
                                .maxNameLength(1_000)
                                .maxNumberLength(100)
                                .maxStringLength(16 << 20)
                                .maxTokenCount(MOST_TOKENS)
                                .build())
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .build())
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
    }

    /**
     * Reads a file.
     *
     * @param file the file
     * @param largest its largest size in bytes
     * @param subject what it belongs to, for messages
     * @param name its name, for messages
     * @return the document
     */
    static JsonNode read(Path file, int largest, String subject, String name) {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(largest + 1);
        } catch (IOException e) {
            throw Problems.one(subject, name + ": cannot be read: " + e, e);
        }
        if (bytes.length > largest) {
            throw Problems.one(subject, name + ": more than " + largest + " bytes (expected: at most that)");
        }
        return parse(bytes, subject, name);
    }

    static JsonNode parse(byte[] bytes, String subject, String name) {
        try {
            JsonNode node = JSON.readTree(bytes);
            if (node == null || node.isMissingNode()) {
                throw Problems.one(subject, name + ": empty (expected: a JSON object)");
            }
            return node;
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            throw Problems.one(
                    subject,
                    name + ": not valid JSON"
                            + (at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr()) + ": "
                            + Shown.text(e.getOriginalMessage())
                            + " (expected: one JSON object without repeated keys)",
                    e);
        } catch (IOException e) {
            throw Problems.one(subject, name + ": not valid JSON: " + e, e);
        }
    }

    /** The document with two spaces of indentation, line feeds and one at the end. */
    static byte[] bytes(JsonNode document) {
        DefaultPrettyPrinter.Indenter lines = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        printer.indentObjectsWith(lines);
        ObjectWriter writer = JSON.writer(printer);
        try {
            return (writer.writeValueAsString(document) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
