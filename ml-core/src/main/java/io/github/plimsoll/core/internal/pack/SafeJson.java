package io.github.plimsoll.core.internal.pack;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
    private static final JsonFactory FACTORY = factory(DEEPEST);

    private SafeJson() {}

    /**
     * A mapper that reads what is not trusted.
     *
     * @param deepest how many levels a document may have
     * @return the mapper
     */
    public static JsonMapper mapper(int deepest) {
        return JsonMapper.builder(factory(deepest))
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
    }

    private static JsonFactory factory(int deepest) {
        return JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(deepest)
                        .maxNameLength(1_000)
                        .maxNumberLength(100)
                        .maxStringLength(16 << 20)
                        .maxTokenCount(MOST_TOKENS)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
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

    /**
     * Reads a document.
     *
     * @param bytes the document
     * @param subject what it belongs to, for messages
     * @param name its name, for messages
     * @return its tree
     * @throws io.github.plimsoll.core.ModelPackageException if it is not one
     */
    public static JsonNode parse(byte[] bytes, String subject, String name) {
        try (JsonParser in = FACTORY.createParser(bytes)) {
            if (in.nextToken() == null) {
                throw Problems.one(subject, name + ": empty (expected: a JSON object)");
            }
            JsonNode node = tree(in);
            if (in.nextToken() != null) {
                throw new JsonParseException(in, "more follows after the end");
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

    /**
     * The value at the parser's token, as a mapper would read it. Without one: its four hundred classes would be most of what the
     * first package of a process costs.
     */
    private static JsonNode tree(JsonParser in) throws IOException {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (in.currentToken()) {
            case START_OBJECT -> {
                ObjectNode object = nodes.objectNode();
                while (in.nextToken() != JsonToken.END_OBJECT) {
                    String key = in.currentName();
                    in.nextToken();
                    object.set(key, tree(in));
                }
                yield object;
            }
            case START_ARRAY -> {
                ArrayNode array = nodes.arrayNode();
                while (in.nextToken() != JsonToken.END_ARRAY) {
                    array.add(tree(in));
                }
                yield array;
            }
            case VALUE_STRING -> nodes.textNode(in.getText());
            case VALUE_TRUE, VALUE_FALSE -> nodes.booleanNode(in.getBooleanValue());
            case VALUE_NUMBER_FLOAT -> nodes.numberNode(in.getDoubleValue());
            case VALUE_NUMBER_INT ->
                switch (in.getNumberType()) {
                    case INT -> nodes.numberNode(in.getIntValue());
                    case LONG -> nodes.numberNode(in.getLongValue());
                    default -> nodes.numberNode(in.getBigIntegerValue());
                };
            case VALUE_NULL -> nodes.nullNode();
            default -> throw new JsonParseException(in, "unexpected " + in.currentToken());
        };
    }

    /** The document with two spaces of indentation, line feeds and one at the end. */
    static byte[] bytes(JsonNode document) {
        DefaultPrettyPrinter.Indenter lines = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        printer.indentObjectsWith(lines);
        ObjectWriter writer = mapper(DEEPEST).writer(printer);
        try {
            return (writer.writeValueAsString(document) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
