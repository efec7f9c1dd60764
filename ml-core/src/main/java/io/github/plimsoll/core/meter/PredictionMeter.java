package io.github.plimsoll.core.meter;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Everything that is measured around predictions: its name, what it counts, and the tags it always carries. Names and tag
 * keys are API: they change only with a major version, and a test compares this table with what is really emitted.
 *
 * <p>All meters of one name carry the same tag keys, as Prometheus demands, and every tag has a bounded set of values. A
 * meter is there if the capability that feeds it is. Immutable. Needs no metrics library.
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
    /** How long answers of the model waited, for other calls to join or for a free place, if they did. */
    QUEUE(
            "ml.predict.queue",
            Type.TIMER,
            "seconds",
            "Waiting for other calls to join or for a free place, one measurement an answer of the model that waited",
            Tag.MODEL,
            Tag.VERSION,
            Tag.ENGINE),
    /** How long it took to make tensors of rows and values of tensors. */
    PREPARE(
            "ml.predict.prepare",
            Type.TIMER,
            "seconds",
            "Turning rows into the model's inputs and its outputs into values, one measurement an answer of the model",
            Tag.MODEL,
            Tag.VERSION,
            Tag.ENGINE),
    /** How long the engine took. */
    INFERENCE(
            "ml.predict.inference",
            Type.TIMER,
            "seconds",
            "In the engine, one measurement an answer of the model; the whole run for inputs that were answered"
                    + " together",
            Tag.MODEL,
            Tag.VERSION,
            Tag.ENGINE),
    /** How many calls are under way. */
    ACTIVE(
            "ml.predict.active",
            Type.GAUGE,
            "calls",
            "Inputs that have come in and are neither answered nor failed",
            Tag.MODEL,
            Tag.VERSION),
    /** How often the model was given rows, by how many at once; it runs what is more than it takes in several runs. */
    EXECUTIONS(
            "ml.model.executions",
            Type.COUNTER,
            "executions",
            "Batches that were given to the model, by the number of rows, rounded up to a power of two",
            Tag.MODEL,
            Tag.VERSION,
            Tag.SIZE),
    /** How many rows the model was given. */
    ROWS("ml.model.rows", Type.COUNTER, "rows", "Rows that the model was given", Tag.MODEL, Tag.VERSION),
    /** How many inputs were looked up in the cache. */
    CACHE_LOOKUPS(
            "ml.cache.lookups",
            Type.COUNTER,
            "lookups",
            "Inputs that were looked up in the cache",
            Tag.MODEL,
            Tag.VERSION,
            Tag.RESULT),
    /** How many answers the cache dropped. */
    CACHE_EVICTIONS(
            "ml.cache.evictions",
            Type.COUNTER,
            "answers",
            "Answers that the cache dropped because it was full or their time was over",
            Tag.MODEL,
            Tag.VERSION),
    /** How many answers the cache holds. */
    CACHE_SIZE("ml.cache.size", Type.GAUGE, "answers", "Answers that the cache holds", Tag.MODEL, Tag.VERSION),
    /** How often an answer was computed anew before its time was over. */
    CACHE_REFRESHES(
            "ml.cache.refreshes",
            Type.COUNTER,
            "refreshes",
            "Answers that were to be computed anew before their time was over",
            Tag.MODEL,
            Tag.VERSION,
            Tag.RESULT),
    /** How many answers were given after their time was over. */
    CACHE_STALE(
            "ml.cache.stale",
            Type.COUNTER,
            "answers",
            "Answers that were given after their time was over because the model failed",
            Tag.MODEL,
            Tag.VERSION),
    /** How often the cache itself failed. */
    CACHE_FAILURES(
            "ml.cache.failures",
            Type.COUNTER,
            "failures",
            "Look-ups and entries that the cache failed; the calls went on without it",
            Tag.MODEL,
            Tag.VERSION),
    /** How many inputs were answered by the computation for an equal one. */
    COALESCED(
            "ml.coalesced",
            Type.COUNTER,
            "calls",
            "Inputs that were answered by what was being computed for an equal one",
            Tag.MODEL,
            Tag.VERSION),
    /** How many calls were refused to protect the model. */
    SHED(
            "ml.shed",
            Type.COUNTER,
            "calls",
            "Calls that were refused to protect the model and the other calls",
            Tag.MODEL,
            Tag.VERSION,
            Tag.REASON),
    /** How many calls may run at once. */
    LIMIT("ml.limit", Type.GAUGE, "calls", "Calls that may run at once, as of now", Tag.MODEL, Tag.VERSION),
    /** How many calls hold a permit. */
    LIMIT_ACTIVE(
            "ml.limit.active", Type.GAUGE, "calls", "Calls that hold a permit of the limit", Tag.MODEL, Tag.VERSION),
    /** How many runs a shared budget allows at once, over all its predictors. */
    BUDGET(
            "ml.budget",
            Type.GAUGE,
            "runs",
            "Runs that the shared budget allows at once, of all its models together",
            Tag.MODEL,
            Tag.VERSION),
    /** How many permits of a shared budget the predictor holds. */
    BUDGET_ACTIVE(
            "ml.budget.active",
            Type.GAUGE,
            "runs",
            "Runs of the model that hold a permit of the shared budget",
            Tag.MODEL,
            Tag.VERSION),
    /** How many calls wait in a queue. */
    WAITING(
            "ml.waiting",
            Type.GAUGE,
            "calls",
            "Calls that wait in the queue of a stage",
            Tag.MODEL,
            Tag.VERSION,
            Tag.STAGE),
    /** The state of the circuit breaker. */
    BREAKER_STATE(
            "ml.breaker.state",
            Type.GAUGE,
            "",
            "Circuit breakers that are in a state: 1 for the state it is in, 0 for the others",
            Tag.MODEL,
            Tag.VERSION,
            Tag.STATE),
    /** How often the circuit breaker went into a state. */
    BREAKER_TRANSITIONS(
            "ml.breaker.transitions",
            Type.COUNTER,
            "transitions",
            "How often the circuit breaker went into a state",
            Tag.MODEL,
            Tag.VERSION,
            Tag.STATE),
    /** How many attempts were repeated. */
    RETRIES("ml.retries", Type.COUNTER, "attempts", "Attempts after the first", Tag.MODEL, Tag.VERSION),
    /** How many calls were given to a second predictor. */
    HEDGES(
            "ml.hedges",
            Type.COUNTER,
            "calls",
            "Calls that were given to a second predictor as well, by which of the two answered",
            Tag.MODEL,
            Tag.VERSION,
            Tag.RESULT),
    /** How many calls were given to a fallback. */
    FALLBACKS(
            "ml.fallbacks",
            Type.COUNTER,
            "calls",
            "Calls that were given to a fallback, by whether it had an answer",
            Tag.MODEL,
            Tag.VERSION,
            Tag.RESULT),
    /** How much work ended after its caller had gone. */
    OVERRUNS(
            "ml.overruns",
            Type.COUNTER,
            "calls",
            "Calls whose work ended after their deadline",
            Tag.MODEL,
            Tag.VERSION),
    /** How many calls of listeners threw. */
    LISTENER_FAILURES(
            "ml.listener.failures",
            Type.COUNTER,
            "failures",
            "Calls of listeners that threw; the answers stand",
            Tag.MODEL,
            Tag.VERSION),
    /** Whether the predictor may be called. */
    READY(
            "ml.ready",
            Type.GAUGE,
            "",
            "Predictors that may be called: 1 if it is warmed up, else 0",
            Tag.MODEL,
            Tag.VERSION),
    /** How long the warm-up took. */
    WARM_UP(
            "ml.warmup.duration",
            Type.GAUGE,
            "seconds",
            "How long the warm-up took before the first call",
            Tag.MODEL,
            Tag.VERSION),
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
    /** How strong the evidence is that a feature has drifted, in the last window that was compared. */
    DRIFT_SCORE(
            "ml.drift.score",
            Type.GAUGE,
            "",
            "Evidence that the feature has drifted, a power of ten, in the last window; NaN before the first",
            Tag.MODEL,
            Tag.VERSION,
            Tag.FEATURE),
    /** How a feature stands. */
    DRIFT_STATE(
            "ml.drift.state",
            Type.GAUGE,
            "",
            "How the feature stands: 0 ok, 1 warn, 2 drift, 3 recovered; NaN without enough rows",
            Tag.MODEL,
            Tag.VERSION,
            Tag.FEATURE),
    /** How often a feature is missing. */
    DRIFT_MISSING(
            "ml.drift.missing",
            Type.GAUGE,
            "",
            "The share of rows in which the feature was missing, in the last window; NaN before the first",
            Tag.MODEL,
            Tag.VERSION,
            Tag.FEATURE),
    /** How many incidents opened. */
    DRIFT_ALARMS("ml.drift.alarms", Type.COUNTER, "incidents", "Incidents that opened", Tag.MODEL, Tag.VERSION),
    /** How many rows the drift monitor was given. */
    DRIFT_ROWS(
            "ml.drift.rows",
            Type.COUNTER,
            "rows",
            "Rows that the drift monitor was given, by what became of them",
            Tag.MODEL,
            Tag.VERSION,
            Tag.RESULT),
    /** What became of messages about incidents. */
    ALERTS(
            "ml.alerts",
            Type.COUNTER,
            "messages",
            "Messages that a sink took or that were dropped, and attempts that failed",
            Tag.MODEL,
            Tag.VERSION,
            Tag.SINK,
            Tag.RESULT),
    /** How many messages wait for a sink. */
    ALERTS_WAITING(
            "ml.alerts.waiting",
            Type.GAUGE,
            "messages",
            "Messages that wait for a sink",
            Tag.MODEL,
            Tag.VERSION,
            Tag.SINK),
    /** How many alerts are open. */
    ALERTS_OPEN("ml.alerts.open", Type.GAUGE, "alerts", "Incidents that are not over", Tag.MODEL, Tag.VERSION),
    /** How often nothing was sent. */
    ALERTS_SUPPRESSED(
            "ml.alerts.suppressed",
            Type.COUNTER,
            "incidents",
            "Incidents about which nothing was sent, by why",
            Tag.MODEL,
            Tag.VERSION,
            Tag.REASON),
    /** What became of requests for a new model. */
    RETRAINING(
            "ml.retraining.requests",
            Type.COUNTER,
            "requests",
            "Requests for a new model that a pipeline took or refused, and attempts that failed",
            Tag.MODEL,
            Tag.VERSION,
            Tag.RESULT);

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
                "`success`, or why there is no answer: `invalid`, `output`, `error`, ...; at most 16 reasons, then"
                        + " `other`"),
        /** Where the answer came from. */
        SOURCE("source", "`model`, `cache`, `coalesced`, `hedge`, `fallback`; `none` for a failure"),
        /** The rule that was broken. */
        CODE("code", "the rule that was broken, such as `range`; at most 64 rules, then `other`"),
        /** How many rows were run at once, at most. */
        SIZE("size", "`1`, `2`, `4`, ... `512`, then `more`"),
        /** How a look-up or a race ended. */
        RESULT(
                "result",
                "`hit`, `miss`; for refreshes `success`, `failure`; for hedges `first`, `second`, `none`; for fallbacks"
                        + " `answered`, `failed`; for rows `counted`, `late`, `dropped`; for alerts and retraining"
                        + " `sent`, `failed`, `dropped`"),
        /** Why a call was refused or nothing was sent. */
        REASON(
                "reason",
                "a `RejectedException.Reason` in lower case, such as `rate-limit`; for alerts `grouped`, `cool-down`,"
                        + " `acknowledged`"),
        /** The stage of a call. */
        STAGE("stage", "a `Stage` in lower case, such as `batch`"),
        /** The state of the circuit breaker. */
        STATE("state", "`closed`, `open`, `half-open`"),
        /** The feature concerned. */
        FEATURE("feature", "a feature of the schema, else `other`"),
        /** Where messages go. */
        SINK("sink", "a name that the host gave to a sink of its alerting");

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
     * What the meter is measured in.
     *
     * @return the unit, empty if there is none
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
