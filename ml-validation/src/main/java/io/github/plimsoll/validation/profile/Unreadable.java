package io.github.plimsoll.validation.profile;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What stood where a value should have been, by its type and by its text. Not thread-safe. */
final class Unreadable {

    static final int MOST_KNOWN = 64;

    private final boolean sensitive;
    private final KnownValues types = new KnownValues(MOST_KNOWN, true);
    private final KnownValues texts = new KnownValues(MOST_KNOWN, true);

    Unreadable(boolean sensitive) {
        this.sensitive = sensitive;
    }

    void add(@Nullable Object given) {
        add(types, type(given));
        if (!sensitive) {
            add(texts, String.valueOf(given));
        }
    }

    private static void add(KnownValues known, String text) {
        long id = WordTally.id(text);
        if (!known.count(id, 1)) {
            known.add(id, KnownValues.mix(id), 1, WordTally.shown(text));
        }
    }

    void add(Facts other) {
        types.add(other.types);
        texts.add(other.texts);
    }

    Facts facts() {
        return new Facts(types.sorted(), texts.sorted());
    }

    private static String type(@Nullable Object given) {
        if (given instanceof CharSequence || given instanceof Enum<?>) {
            return "text";
        }
        if (given instanceof Boolean) {
            return "boolean";
        }
        if (given instanceof Double || given instanceof Float || given instanceof BigDecimal) {
            return "number";
        }
        if (given instanceof Number) {
            return given instanceof BigInteger ? "number" : "integer";
        }
        if (given instanceof JsonNode node) {
            return node.isArray() ? "array" : node.isObject() ? "object" : "other";
        }
        return given instanceof List<?> || given instanceof double[] || given instanceof float[] ? "array" : "other";
    }

    /** What was counted. */
    static final class Facts {

        static final Facts NONE = new Facts(KnownValues.Sorted.NO_TEXTS, KnownValues.Sorted.NO_TEXTS);

        final KnownValues.Sorted types;
        final KnownValues.Sorted texts;

        Facts(KnownValues.Sorted types, KnownValues.Sorted texts) {
            this.types = types;
            this.texts = texts;
        }

        static void write(Facts facts, FieldWriter out) {
            facts.types.writeTexts(out);
            out.objects("texts", List.of(facts.texts), KnownValues.Sorted::writeTexts);
        }

        static Facts read(FieldReader in) {
            KnownValues.Sorted types = KnownValues.Sorted.readTexts(in, MOST_KNOWN);
            List<KnownValues.Sorted> texts =
                    in.objects("texts", each -> KnownValues.Sorted.readTexts(each, MOST_KNOWN));
            if (texts.size() != 1) {
                throw in.problem("texts", texts.size(), "1");
            }
            return new Facts(types, texts.get(0));
        }
    }
}
