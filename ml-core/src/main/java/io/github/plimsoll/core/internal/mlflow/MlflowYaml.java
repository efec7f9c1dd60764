package io.github.plimsoll.core.internal.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.plimsoll.core.ModelLoadException;
import io.github.plimsoll.core.internal.Shown;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads YAML that nobody vouches for into a tree of objects, arrays, texts and nulls: a plain {@code 1} or {@code true} stays
 * text, for whoever asks for it to interpret.
 *
 * <p>Works on the parser's events, so that every limit is ours and holds while the text is read: its size, its depth, the
 * number of its nodes and of its aliases. An alias is the very node that it stands for, not a copy, and can stand only for one
 * that is complete: neither a "billion laughs" nor a ring can be built. A tag that asks for anything but the plain types, a
 * key that is no text or is there twice, and a second document are refused.
 */
final class MlflowYaml {

    static final int MAX_BYTES = 4 << 20;
    static final int MAX_DEPTH = 32;
    static final int MAX_NODES = 100_000;
    static final int MAX_ALIASES = 100;

    private static final String PLAIN_TAGS = "tag:yaml.org,2002:";

    private final String where;
    private final Iterator<Event> events;
    private final Map<Anchor, JsonNode> anchors = new HashMap<>();
    private int nodes;
    private int aliases;

    private MlflowYaml(String where, Iterator<Event> events) {
        this.where = where;
        this.events = events;
    }

    /** The mapping that a file holds; {@code where} begins messages, such as {@code model /a/b: MLmodel}. */
    static ObjectNode read(String where, Path file) {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (IOException e) {
            throw new ModelLoadException(where + ": cannot be read: " + e, e);
        }
        return read(where, bytes);
    }

    static ObjectNode read(String where, byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            throw new ModelLoadException(where + ": too large (expected: at most " + MAX_BYTES + " bytes)");
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            LoadSettings settings = LoadSettings.builder()
                    .setLabel("MLmodel")
                    .setCodePointLimit(MAX_BYTES)
                    // All at once: for each further piece of a long word, the parser would copy the pieces before.
                    .setBufferSize(text.length() + 2)
                    .build();
            Iterator<Event> events = new Parse(settings).parseString(text).iterator();
            return new MlflowYaml(where, events).document();
        } catch (CharacterCodingException e) {
            throw new ModelLoadException(where + ": not text (expected: UTF-8)", e);
        } catch (YamlEngineException e) {
            throw new ModelLoadException(where + ": not valid YAML: " + e.getMessage(), e);
        }
    }

    private ObjectNode document() {
        next(); // the stream's start
        Event first = next();
        if (first.getEventId() == Event.ID.StreamEnd) {
            throw new ModelLoadException(where + ": empty (expected: a mapping with the key 'flavors')");
        }
        JsonNode root = node(next(), 1);
        next(); // the document's end
        if (next().getEventId() != Event.ID.StreamEnd) {
            throw new ModelLoadException(where + ": more than one document (expected: one)");
        }
        if (root instanceof ObjectNode mapping) {
            return mapping;
        }
        throw new ModelLoadException(where + ": not a mapping (expected: a mapping with the key 'flavors')");
    }

    private Event next() {
        if (!events.hasNext()) {
            throw new ModelLoadException(where + ": ends too early");
        }
        return events.next();
    }

    private JsonNode node(Event event, int depth) {
        if (++nodes > MAX_NODES) {
            throw new ModelLoadException(where + ": too many nodes (expected: at most " + MAX_NODES + ")");
        }
        if (depth > MAX_DEPTH) {
            throw new ModelLoadException(where + ": nested too deeply (expected: at most " + MAX_DEPTH + " levels)");
        }
        if (event instanceof AliasEvent alias) {
            JsonNode target = anchors.get(alias.getAlias());
            if (target == null || ++aliases > MAX_ALIASES) {
                throw new ModelLoadException(where + ": alias *" + alias.getAlias() + " (expected: at most "
                        + MAX_ALIASES + " aliases, each of a node that ends before it)");
            }
            return target;
        }
        JsonNode node = switch (event.getEventId()) {
            case Scalar -> scalar((ScalarEvent) event);
            case SequenceStart -> sequence(event, depth);
            case MappingStart -> mapping(event, depth);
            default -> throw new ModelLoadException(where + ": not valid YAML: " + event.getEventId());
        };
        if (event instanceof NodeEvent anchored && anchored.getAnchor().isPresent()) {
            anchors.put(anchored.getAnchor().get(), node);
        }
        return node;
    }

    private JsonNode scalar(ScalarEvent scalar) {
        refuse(scalar.getTag().orElse(null));
        String value = scalar.getValue();
        boolean isNull = scalar.getScalarStyle() == ScalarStyle.PLAIN
                && (value.isEmpty() || value.equals("~") || value.equalsIgnoreCase("null"));
        return isNull ? JsonNodeFactory.instance.nullNode() : JsonNodeFactory.instance.textNode(value);
    }

    private ArrayNode sequence(Event start, int depth) {
        refuse(((CollectionStartEvent) start).getTag().orElse(null));
        ArrayNode items = JsonNodeFactory.instance.arrayNode();
        for (Event event = next(); event.getEventId() != Event.ID.SequenceEnd; event = next()) {
            items.add(node(event, depth + 1));
        }
        return items;
    }

    private ObjectNode mapping(Event start, int depth) {
        refuse(((CollectionStartEvent) start).getTag().orElse(null));
        ObjectNode mapping = JsonNodeFactory.instance.objectNode();
        for (Event event = next(); event.getEventId() != Event.ID.MappingEnd; event = next()) {
            if (!(event instanceof ScalarEvent key)) {
                throw new ModelLoadException(where + ": a key that is no text (expected: names as keys)");
            }
            String name = key.getValue();
            if (mapping.has(name)) {
                throw new ModelLoadException(where + ": key '" + Shown.text(name) + "' twice (expected: once)");
            }
            mapping.set(name, node(next(), depth + 1));
        }
        return mapping;
    }

    private void refuse(@Nullable String tag) {
        if (tag != null && !tag.equals("!")) {
            String kind = tag.startsWith(PLAIN_TAGS) ? tag.substring(PLAIN_TAGS.length()) : tag;
            switch (kind) {
                case "str", "int", "float", "bool", "null", "map", "seq" -> {}
                default ->
                    throw new ModelLoadException(where + ": tag '" + Shown.text(tag)
                            + "' (expected: plain data; no object of a class named in a file is ever made)");
            }
        }
    }
}
