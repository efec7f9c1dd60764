package io.github.plimsoll.validation.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Contracts as texts: JSON and YAML from files that nobody vouches for, with limits on size, depth and repetition. */
final class ContractFiles {

    static final int LARGEST = 16 << 20;
    private static final int DEEPEST = 20;
    private static final int MOST_NODES = 1_000_000;

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxNumberLength(100)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private ContractFiles() {}

    static DataContract read(Path file, RowRule... inJava) {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(LARGEST + 1);
        } catch (IOException e) {
            throw new ContractException("contract " + file + ": cannot be read: " + e, e);
        }
        if (bytes.length > LARGEST) {
            throw new ContractException(
                    "contract " + file + ": more than " + LARGEST + " bytes (expected: at most that)", null);
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return parse("contract " + file, text, inJava);
        } catch (CharacterCodingException e) {
            throw new ContractException("contract " + file + ": not UTF-8 (expected: a text in UTF-8)", e);
        }
    }

    static DataContract parse(String where, String text, RowRule... inJava) {
        String begin = text.stripLeading();
        JsonNode tree = begin.startsWith("{") ? json(where, text) : yaml(where, text);
        return ContractJson.contract(new Fields(where, tree), List.of(inJava));
    }

    private static JsonNode json(String where, String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new ContractException(
                    where + ": not valid JSON at line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ": " + e.getOriginalMessage(),
                    e);
        }
    }

    private static JsonNode yaml(String where, String text) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel("contract")
                .setCodePointLimit(LARGEST)
                .setAllowDuplicateKeys(false)
                .setAllowRecursiveKeys(false)
                .setMaxAliasesForCollections(50)
                .build();
        try {
            Object loaded = new Load(settings).loadFromString(text);
            return new Tree(where).node(loaded, 0);
        } catch (MarkedYamlEngineException e) {
            String place = e.getProblemMark()
                    .map(mark -> " at line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1))
                    .orElse("");
            throw new ContractException(where + ": not valid YAML" + place + ": " + e.getProblem(), e);
        } catch (YamlEngineException | StackOverflowError e) {
            throw new ContractException(where + ": not valid YAML: " + e.getMessage(), e);
        }
    }

    /** Turns what was loaded into JSON; an alias counts as often as it stands. */
    private static final class Tree {

        private final String where;
        private int nodes;

        private Tree(String where) {
            this.where = where;
        }

        private JsonNode node(@Nullable Object value, int depth) {
            if (++nodes > MOST_NODES || depth > DEEPEST) {
                throw new ContractException(
                        where + ": too large (expected: at most " + MOST_NODES + " values, " + DEEPEST + " levels)",
                        null);
            }
            if (value instanceof Map<?, ?> map) {
                ObjectNode object = JsonNodeFactory.instance.objectNode();
                map.forEach((key, element) -> object.set(String.valueOf(key), node(element, depth + 1)));
                return object;
            }
            if (value instanceof Iterable<?> list) {
                ArrayNode array = JsonNodeFactory.instance.arrayNode();
                list.forEach(element -> array.add(node(element, depth + 1)));
                return array;
            }
            if (value == null) {
                return JsonNodeFactory.instance.nullNode();
            }
            if (value instanceof Integer || value instanceof Long) {
                return JsonNodeFactory.instance.numberNode(((Number) value).longValue());
            }
            if (value instanceof BigInteger number) {
                return JsonNodeFactory.instance.numberNode(number);
            }
            if (value instanceof Double number) {
                return JsonNodeFactory.instance.numberNode(number);
            }
            return value instanceof Boolean flag
                    ? JsonNodeFactory.instance.booleanNode(flag)
                    : JsonNodeFactory.instance.textNode(value.toString());
        }
    }

    static String json(DataContract contract) {
        return pretty(ContractJson.tree(contract));
    }

    /** A tree with two spaces of indentation and line feeds. */
    static String pretty(JsonNode tree) {
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        printer.indentObjectsWith(new DefaultIndenter("  ", "\n"));
        try {
            return JSON.writer(printer).writeValueAsString(tree) + "\n";
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String yaml(DataContract contract) {
        DumpSettings settings = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.AUTO)
                .setWidth(120)
                .setBestLineBreak("\n")
                .build();
        Map<?, ?> tree = JSON.convertValue(ContractJson.tree(contract), Map.class);
        return new Dump(settings).dumpToString(tree);
    }
}
