package io.github.plimsoll.monitoring;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Every meter that this module registers: its name, what it measures, and the tags it always carries. Names and tag keys
 * are API: they change only with a major version, and a test compares this table with what is really emitted.
 *
 * <p>All meters of one name carry the same tag keys, as Prometheus demands, and every tag has a bounded set of values.
 * Immutable. Does not need Micrometer to be loaded.
 *
 * @since 0.1
 */
public enum PredictionMeter {
    /** How long predictions take, one measurement for each input, answered or failed. */
    PREDICT(
            "ml.predict",
            Type.TIMER,
            "seconds",
            "From the call to its answer or failure, one measurement an input",
            Tag.MODEL,
            Tag.VERSION,
            Tag.ENGINE,
            Tag.OUTCOME,
            Tag.SOURCE),
    /** What was wrong with inputs: violations that failed them and violations that were only warned of. */
    INPUT_VIOLATIONS(
            "ml.input.violations",
            Type.COUNTER,
            "violations",
            "What was wrong with inputs, refused or let through with a warning",
            Tag.MODEL,
            Tag.VERSION,
            Tag.CODE,
            Tag.FEATURE),
    /** How strong the evidence is that a feature has drifted, as of the last look. */
    DRIFT_SCORE(
            "ml.drift.score",
            Type.GAUGE,
            "power of ten",
            "Evidence of drift as of the last look; NaN before the first",
            Tag.MODEL,
            Tag.VERSION,
            Tag.FEATURE);

    /** The value of a tag where a limit on different values was reached. */
    public static final String OTHER = "other";

    /** The kind of a meter. */
    public enum Type {
        /** Counts events and sums up how long they took. */
        TIMER,
        /** Only grows. */
        COUNTER,
        /** Goes up and down. */
        GAUGE;

        /** The kind in lower case. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The key of a tag. */
    public enum Tag {
        /** The model's name. */
        MODEL("ml.model", "the model's name"),
        /** The model's version. */
        VERSION("ml.model.version", "the model's version"),
        /** The engine that runs the model. */
        ENGINE("ml.engine", "the engine that runs the model, such as `OnnxRuntime`"),
        /** What became of the input. */
        OUTCOME(
                "outcome",
                "`success`, or why there is no answer: `invalid`, `output`, `error`, ...; at most 16 reasons, then `other`"),
        /** Where the answer came from. */
        SOURCE("source", "`model`, `cache`, `fallback`; `none` for a failure"),
        /** The rule that was broken. */
        CODE("code", "the rule that was broken, such as `range`; at most 64 rules, then `other`"),
        /** The feature concerned. */
        FEATURE("feature", "a feature of the schema, else `other`");

        private final String key;
        private final String meaning;

        Tag(String key, String meaning) {
            this.key = key;
            this.meaning = meaning;
        }

        /**
         * The key as it is registered; a registry may spell it otherwise, Prometheus with underscores.
         *
         * @return lower-case words joined by dots
         */
        public String key() {
            return key;
        }

        /**
         * What the tag's values are.
         *
         * @return one line for the documentation
         */
        public String meaning() {
            return meaning;
        }
    }

    private final String meterName;
    private final Type type;
    private final String unit;
    private final String description;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<Tag> tags;

    PredictionMeter(String meterName, Type type, String unit, String description, Tag... tags) {
        this.meterName = meterName;
        this.type = type;
        this.unit = unit;
        this.description = description;
        this.tags = List.of(tags);
    }

    /**
     * The name as it is registered; a registry may spell it otherwise, Prometheus as {@code ml_predict_seconds}.
     *
     * @return lower-case words joined by dots
     */
    public String meterName() {
        return meterName;
    }

    /**
     * The kind of the meter.
     *
     * @return the kind
     */
    public Type type() {
        return type;
    }

    /**
     * What the meter is measured in; registered as the base unit, but for {@link #DRIFT_SCORE}.
     *
     * @return the unit
     */
    public String unit() {
        return unit;
    }

    /**
     * What the meter measures.
     *
     * @return one line
     */
    public String description() {
        return description;
    }

    /**
     * The tags that the meter always carries.
     *
     * @return an immutable list
     */
    public List<Tag> tags() {
        return tags;
    }

    /** The meter as a row of the table in the guide. */
    @Override
    public String toString() {
        return "| `" + meterName + "` | " + type + " | " + unit + " | " + description + " | "
                + tags.stream().map(tag -> '`' + tag.key() + '`').collect(Collectors.joining(", ")) + " |";
    }
}
