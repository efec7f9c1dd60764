package io.github.plimsoll.validation.data;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.validation.data.ColumnContract.Distance;
import io.github.plimsoll.validation.data.ColumnContract.Order;
import io.github.plimsoll.validation.data.ColumnFacts.Kind;
import io.github.plimsoll.validation.data.InferredContract.Hint;
import io.github.plimsoll.validation.data.InferredContract.Rule;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes the contract of one column from what its values are. */
final class ColumnInference {

    /** Numbers that stand for a missing value in many files. */
    private static final Set<Double> SENTINELS = Set.of(
            -1.0, -9.0, -99.0, -999.0, -9999.0, -99999.0, -999999.0, 99.0, 999.0, 9999.0, 99999.0, 999999.0, 9999999.0);

    private static final Set<Instant> SENTINEL_TIMES = Set.of(
            Instant.EPOCH,
            Instant.parse("0001-01-01T00:00:00Z"),
            Instant.parse("1900-01-01T00:00:00Z"),
            Instant.parse("9999-12-31T00:00:00Z"),
            Instant.parse("9999-12-31T23:59:59Z"));

    private static final Set<String> SENTINEL_DATES = Set.of("0001-01-01", "1900-01-01", "1970-01-01", "9999-12-31");

    private static final int CELLS = 32; // at most, into which numbers are counted to be compared
    private static final int OWN_CELLS = 256; // the most different numbers that each have a cell of their own
    private static final int FEW = 24; // the most values that can be a complete list
    private static final double WIDEST_LIMIT = 0.5; // of a distance; beyond it a limit says nothing
    private static final double NEW_VALUES = 0.05; // above this chance of one, values are no categories
    private static final double EXACT = 0x1p53;

    private final ColumnFacts facts;
    private final NameHints name;
    private final Promise promise;
    private final int mostCategories;
    private final List<Rule> rules = new ArrayList<>();
    private final List<Hint> hints = new ArrayList<>();

    ColumnInference(ColumnFacts facts, Promise promise, int mostCategories) {
        this.facts = facts;
        this.name = new NameHints(facts.name());
        this.promise = promise;
        this.mostCategories = mostCategories;
    }

    List<Rule> rules() {
        return rules;
    }

    List<Hint> hints() {
        return hints;
    }

    private void rule(Check check, Reaction reaction, String text, long values, long exceptions, String reason) {
        double risk = values == 0 ? 1 : Promise.risk(exceptions, values);
        rules.add(new Rule(facts.name(), check, text, reaction, values, risk, reason));
    }

    private void hint(String text) {
        hints.add(new Hint(facts.name(), text));
    }

    ColumnContract contract() {
        ColumnContract column = switch (facts.kind()) {
            case EMPTY -> {
                hint("no row has a value: nothing is known of it, not even the type; known, and not checked");
                yield ColumnContract.of(Feature.text(facts.name()).nullable()).lifecycle(Lifecycle.PLANNED);
            }
            case OBJECT -> {
                hint("objects, or arrays that hold more than numbers, are no feature; known, and not checked");
                yield ColumnContract.of(Feature.text(facts.name()).nullable()).lifecycle(Lifecycle.DISABLED);
            }
            case INTEGER, NUMBER -> facts.sensitive() ? base(numericFeature()) : numeric();
            case BOOLEAN -> bool();
            case TIMESTAMP -> facts.sensitive() ? base(Feature.timestamp(facts.name())) : timestamp();
            case TENSOR -> tensor();
            case TEXT -> facts.sensitive() ? base(Feature.text(facts.name())) : text();
        };
        if (facts.sensitive()) {
            return column.feature(column.feature().sensitive());
        }
        if (facts.kind() == Kind.EMPTY || facts.kind() == Kind.OBJECT) {
            return column;
        }
        String unit = name.unit();
        if (unit != null && facts.isNumeric()) {
            hint("by its name the unit may be " + unit);
        }
        if (name.isPersonal()) {
            hint("by its name it may be about a person: mark it as sensitive, and its values appear in no report");
        }
        return column;
    }

    // ---- null -------------------------------------------------------------------------------------------------------

    /** What every column says: its type and whether a value may be missing. */
    private ColumnContract base(Feature feature) {
        String type = feature.type().name().toLowerCase(Locale.ROOT);
        long strays = facts.strays();
        ColumnContract column = ColumnContract.of(facts.nulls() > 0 ? feature.nullable() : feature);
        if (strays > 0) {
            String which = facts.words().isEmpty()
                    ? String.format(Locale.ROOT, "%,d that cannot be read as one", facts.unreadable())
                    : shown(facts.words());
            rule(Check.TYPE, Reaction.WARN, type, facts.values() + strays, strays, "all but " + which);
            if (!facts.words().isEmpty()) {
                hint(which + " probably for null: read the table with such words as nulls, and let type reject");
            }
            column = column.on(Check.TYPE, Reaction.WARN);
        } else {
            rule(Check.TYPE, Reaction.REJECT, type, facts.values() + facts.notFinite(), 0, "every value is one");
        }
        if (facts.nulls() == 0) {
            rule(Check.NULL, Reaction.REJECT, "never null", facts.rows(), 0, "no row is without a value");
            return column;
        }
        double missing = promise.share(facts.nulls(), facts.rows());
        double presence = down(1 - missing);
        rule(
                Check.PRESENCE,
                Reaction.REJECT,
                "a value in at least " + presence + " of the rows",
                facts.rows(),
                facts.nulls(),
                String.format(Locale.ROOT, "%,d rows are without one, and chance may make it more", facts.nulls()));
        return presence > 0 ? column.presence(presence) : column;
    }

    private static double down(double share) {
        return Math.max(0, new BigDecimal(share).setScale(4, RoundingMode.DOWN).doubleValue());
    }

    private static String shown(Map<String, Long> counts) {
        StringBuilder text = new StringBuilder();
        counts.forEach((value, count) -> text.append(text.isEmpty() ? "" : ", ")
                .append(String.format(Locale.ROOT, "'%s' (%,d rows)", value, count)));
        return text.toString();
    }

    // ---- numbers ----------------------------------------------------------------------------------------------------

    /** One end of a range: where it is, whether a row beyond it may be rejected, and why. */
    private record End(double at, boolean sure, String reason) {}

    private Feature numericFeature() {
        return facts.kind() == Kind.INTEGER ? Feature.integer(facts.name()) : Feature.number(facts.name());
    }

    private ColumnContract numeric() {
        boolean whole = facts.kind() == Kind.INTEGER;
        ColumnContract column = base(numericFeature());
        if (facts.notFinite() > 0) {
            column = column.allowingNotFinite();
            rule(
                    Check.NOT_FINITE,
                    Reaction.REJECT,
                    "NaN and infinities are values",
                    facts.values() + facts.notFinite(),
                    facts.notFinite(),
                    String.format(Locale.ROOT, "%,d rows have one", facts.notFinite()));
        }
        if (facts.smallest().length == 0) {
            return column;
        }
        hintsOfNumbers();
        boolean key = whole && isKey();
        if (key) {
            column = key(column);
        }
        column = range(column, key);
        return key || isMoment() || isConstant() ? column : moves(column, Distance.JENSEN_SHANNON, cells());
    }

    private void hintsOfNumbers() {
        if (facts.kind() == Kind.NUMBER && facts.pointed() < facts.values()) {
            hint(String.format(
                    Locale.ROOT,
                    "%,d of %,d values are written without a decimal point",
                    facts.values() - facts.pointed(),
                    facts.values()));
        }
        if (facts.min() == 0
                && facts.max() == 1
                && facts.counts() != null
                && facts.counts().size() == 2) {
            hint("only 0 and 1: may be a boolean");
        }
        if (isMoment()) {
            hint("by its name and size a moment, in " + (facts.max() > 1e11 ? "milliseconds" : "seconds")
                    + " since 1970: " + moment(facts.min()) + " to " + moment(facts.max())
                    + "; no upper end, since time goes on");
        }
        for (double end : new double[] {facts.min(), facts.max()}) {
            if (isSentinel(end)) {
                hint(String.format(
                        Locale.ROOT,
                        "%s (%,d rows) lies apart from the other values, %s to %s, and may stand for a missing one",
                        number(end),
                        count(end),
                        number(next(facts.smallest(), end)),
                        number(next(facts.largest(), end))));
            }
        }
    }

    /** The first of some values, from the end inwards, that is not a given one. */
    private static double next(double[] values, double not) {
        for (double value : values) {
            if (value != not) {
                return value;
            }
        }
        return not;
    }

    private static long count(double[] values, double value) {
        long count = 0;
        for (double one : values) {
            count += one == value ? 1 : 0;
        }
        return count;
    }

    private long count(double value) {
        if (facts.counts() != null) {
            return facts.counts().entrySet().stream()
                    .filter(entry -> isNumber(entry.getKey(), value))
                    .mapToLong(Map.Entry::getValue)
                    .sum();
        }
        return Math.max(count(facts.smallest(), value), count(facts.largest(), value));
    }

    private static boolean isNumber(String text, double value) {
        try {
            return Double.parseDouble(text) == value;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** An end that is a number of nines, or minus one among positive ones, with a gap to the others. */
    private boolean isSentinel(double end) {
        if (!SENTINELS.contains(end) || count(end) < 2 || facts.min() == facts.max()) {
            return false;
        }
        boolean low = end == facts.min();
        double neighbour = next(low ? facts.smallest() : facts.largest(), end);
        if (neighbour == end) {
            return count(end) * 2 < facts.values() && low && end < 0 && facts.max() > 0;
        }
        double opposite = low ? facts.max() : facts.min();
        double rest = Math.abs(opposite - neighbour);
        boolean onlyNegative = low && end < 0 && neighbour >= 0;
        return onlyNegative || Math.abs(end - neighbour) > rest / 2;
    }

    private boolean isConstant() {
        return facts.min() == facts.max();
    }

    /** Whether whole numbers count seconds or milliseconds since 1970, between 1980 and 2100. */
    private boolean isMoment() {
        return facts.kind() == Kind.INTEGER
                && name.isTime()
                && ((facts.min() >= 3e8 && facts.max() <= 4.1e9) || (facts.min() >= 3e11 && facts.max() <= 4.1e12));
    }

    private static Instant moment(double value) {
        return value > 1e11 ? Instant.ofEpochMilli((long) value) : Instant.ofEpochSecond((long) value);
    }

    /**
     * Whether values are told apart by this column: none is there twice, though chance would have made more repeats than is
     * credible were they spread evenly over their range.
     */
    private boolean isKey() {
        if (!facts.unique() || facts.values() < Tail.FEWEST) {
            return false;
        }
        double repeats = (double) facts.values() * facts.values() / 2 / (facts.max() - facts.min() + 1);
        return Math.exp(-repeats) < promise.chance() || name.isKey();
    }

    private ColumnContract key(ColumnContract column) {
        ColumnContract key = unique(column, true);
        return facts.ascending() ? ascending(key) : key;
    }

    private ColumnContract unique(ColumnContract column, boolean sure) {
        Reaction reaction = sure ? Reaction.REJECT : Reaction.WARN;
        rule(
                Check.UNIQUE,
                reaction,
                "no value twice",
                facts.values(),
                0,
                sure ? "it tells rows apart, by its name or its order" : "none is there twice");
        hint("tells rows apart: of no use to a model");
        return sure ? column.unique() : column.unique().on(Check.UNIQUE, Reaction.WARN);
    }

    private ColumnContract ascending(ColumnContract column) {
        rule(
                Check.ORDER,
                Reaction.WARN,
                "strictly ascending",
                facts.values(),
                0,
                "each is greater than the one before; another file may be in another order");
        return column.order(Order.STRICTLY_ASCENDING).on(Check.ORDER, Reaction.WARN);
    }

    private ColumnContract range(ColumnContract column, boolean key) {
        if (isConstant()) {
            hint("always " + number(facts.min()) + ": a model learns nothing from it");
            if (facts.values() < Tail.FEWEST) {
                return column;
            }
            rule(
                    Check.RANGE,
                    Reaction.WARN,
                    number(facts.min()) + " only",
                    facts.values(),
                    0,
                    "every value is the same; another one is worth a look");
            return column.feature(column.feature().range(facts.min(), facts.max()))
                    .on(Check.RANGE, Reaction.WARN);
        }
        End low = end(false, key);
        End high = end(true, key);
        if (low == null && high == null) {
            hint(String.format(
                    Locale.ROOT,
                    "no range: %s to %s, of %,d values",
                    number(facts.min()),
                    number(facts.max()),
                    facts.values()));
            return column;
        }
        Reaction reaction = (low == null || low.sure) && (high == null || high.sure) ? Reaction.REJECT : Reaction.WARN;
        String text = low == null
                ? "at most " + number(Objects.requireNonNull(high).at)
                : high == null ? "at least " + number(low.at) : number(low.at) + " to " + number(high.at);
        String reason = low == null
                ? Objects.requireNonNull(high).reason
                : high == null
                        ? low.reason
                        : low.reason.equals(high.reason)
                                ? low.reason
                                : "below, " + low.reason + "; above, " + high.reason;
        rule(
                Check.RANGE,
                reaction,
                text,
                facts.values(),
                0,
                "seen " + number(facts.min()) + " to " + number(facts.max()) + ": " + reason);
        ColumnContract ranged = column.feature(column.feature()
                .range(
                        low == null ? Double.NEGATIVE_INFINITY : low.at,
                        high == null ? Double.POSITIVE_INFINITY : high.at));
        return reaction == Reaction.REJECT ? ranged : ranged.on(Check.RANGE, reaction);
    }

    /** One end of the range; null if nothing can be said. */
    private @Nullable End end(boolean upper, boolean key) {
        double seen = upper ? facts.max() : facts.min();
        if (Math.abs(seen) > EXACT) {
            return null; // a range is of doubles
        }
        NameHints.Bounds bounds = name.bounds(facts.min(), facts.max());
        if (bounds != null && !isNarrow(bounds)) {
            return new End(upper ? bounds.max() : bounds.min(), true, bounds.what());
        }
        boolean goesOn = key || isMoment();
        if (goesOn && upper) {
            return null;
        }
        if (key) {
            return seen >= 0 ? new End(0, true, "none is negative") : null;
        }
        if (isSentinel(seen)) {
            return new End(seen, true, "it ends at what may stand for a missing value");
        }
        if (isComplete()) {
            return new End(seen, true, "a few values, each of them many times");
        }
        if (facts.min() >= 0 && facts.max() <= 1 && facts.min() < 0.05 && facts.max() > 0.95 && facts.pointed() > 0) {
            return new End(upper ? 1 : 0, true, "shares between 0 and 1");
        }
        return facts.values() < Tail.FEWEST ? null : estimated(upper, seen);
    }

    /** Whether the values keep to a small part of what the name allows, as the latitudes of one city do. */
    private boolean isNarrow(NameHints.Bounds bounds) {
        return facts.max() - facts.min() < (bounds.max() - bounds.min()) / 4;
    }

    /** Whether the values are a short list of which none is missing; of longer lists the rarest are often yet to come. */
    private boolean isComplete() {
        Map<String, Long> counts = facts.counts();
        return counts != null && counts.size() <= FEW && promise.isComplete(ascending(counts));
    }

    private static long[] ascending(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sorted().toArray();
    }

    private End estimated(boolean upper, double seen) {
        Tail tail = upper
                ? Tail.upper(facts.largest(), facts.values(), promise.most(), promise.chance())
                : Tail.lower(facts.smallest(), facts.values(), promise.most(), promise.chance());
        if (tail.weight() == Tail.Weight.EDGE) {
            return new End(seen, true, "a sharp end, with at least " + tail.size() + " values at it");
        }
        boolean crosses = upper ? seen <= 0 && tail.bound() > 0 : seen >= 0 && tail.bound() < 0;
        if (crosses) {
            return new End(0, true, upper ? "none is positive" : "none is negative");
        }
        double at = outwards(seen, tail.bound(), upper);
        NameHints.Bounds bounds = name.bounds(facts.min(), facts.max());
        if (bounds != null) {
            at = Math.max(bounds.min(), Math.min(bounds.max(), at));
        }
        boolean heavy = tail.weight() == Tail.Weight.HEAVY;
        return new End(
                at,
                !heavy,
                String.format(
                        Locale.ROOT,
                        "%s from the %d values at the end (shape %.2f)",
                        heavy ? "a heavy tail, estimated" : "a margin, estimated",
                        tail.size(),
                        tail.shape()));
    }

    /** A bound rounded outwards to two digits of its distance from the value seen; whole for whole numbers. */
    private double outwards(double seen, double bound, boolean upper) {
        double margin = Math.abs(bound - seen);
        if (margin == 0) {
            return seen;
        }
        int digits = 1 - (int) Math.floor(Math.log10(margin));
        if (facts.kind() == Kind.INTEGER) {
            digits = Math.min(digits, 0);
        }
        return new BigDecimal(bound)
                .setScale(digits, upper ? RoundingMode.CEILING : RoundingMode.FLOOR)
                .doubleValue();
    }

    private String number(double value) {
        return facts.kind() == Kind.INTEGER && Math.abs(value) < EXACT
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    private int cells() {
        int different =
                facts.counts() == null ? Integer.MAX_VALUE : facts.counts().size();
        return different <= OWN_CELLS ? Math.max(CELLS, different + 3) : CELLS;
    }

    /** Limits of drift and skew: what chance alone makes of a distance. */
    private ColumnContract moves(ColumnContract column, Distance distance, int cells) {
        if (facts.values() < Tail.FEWEST) {
            return column;
        }
        double limit = distance == Distance.JENSEN_SHANNON
                ? promise.divergence(facts.values(), cells)
                : promise.infinityDistance(facts.values(), cells);
        double most = new BigDecimal(limit).setScale(3, RoundingMode.UP).doubleValue();
        if (most > WIDEST_LIMIT) {
            return column;
        }
        String text = distance.name().toLowerCase(Locale.ROOT).replace('_', '-') + " at most " + most;
        String reason = "what chance makes of " + Math.min(promise.least(), facts.values())
                + " rows; real data move more: set it to what matters";
        rule(Check.DRIFT, Reaction.REJECT, text, facts.values(), 0, reason);
        rule(Check.SKEW, Reaction.REJECT, text, facts.values(), 0, "as for drift");
        return column.drift(distance, most).skew(distance, most);
    }

    // ---- other types ------------------------------------------------------------------------------------------------

    private ColumnContract bool() {
        ColumnContract column = base(Feature.bool(facts.name()));
        return facts.counts() != null && facts.counts().size() > 1 ? moves(column, Distance.L_INFINITY, 2) : column;
    }

    private ColumnContract tensor() {
        ColumnContract column = base(Feature.tensor(facts.name(), facts.elements() > 0 ? facts.elements() : -1));
        if (facts.elements() > 0) {
            rule(
                    Check.LENGTH,
                    Reaction.REJECT,
                    facts.elements() + " elements",
                    facts.values(),
                    0,
                    "every array has as many");
        }
        return column;
    }

    private ColumnContract timestamp() {
        ColumnContract column = base(Feature.timestamp(facts.name()));
        for (Instant sentinel : SENTINEL_TIMES) {
            long count =
                    Math.max(count(facts.smallest(), (double) sentinel.toEpochMilli()), count(facts.largest(), (double)
                            sentinel.toEpochMilli()));
            if (count > 0) {
                hint(String.format(Locale.ROOT, "%s (%,d rows) may stand for a missing value", sentinel, count));
            }
        }
        if (facts.values() < Tail.FEWEST || facts.smallest().length == 0) {
            return column;
        }
        Instant first = Instant.ofEpochMilli((long) facts.min());
        Tail tail = Tail.lower(facts.smallest(), facts.values(), promise.most(), promise.chance());
        boolean heavy = tail.weight() == Tail.Weight.HEAVY;
        Instant earliest =
                SENTINEL_TIMES.contains(first) ? first : Instant.ofEpochSecond((long) Math.floor(tail.bound() / 1000));
        rule(
                Check.TIME,
                heavy ? Reaction.WARN : Reaction.REJECT,
                "not before " + earliest,
                facts.values(),
                0,
                "seen " + first + " to " + Instant.ofEpochMilli((long) facts.max())
                        + ": a margin below, no end above, since time goes on");
        column = column.between(earliest, null);
        if (heavy) {
            column = column.on(Check.TIME, Reaction.WARN);
        }
        return facts.ascending() ? ascending(column) : column;
    }

    private ColumnContract text() {
        if (facts.strangers() * 2 > facts.values()) {
            hint(String.format(
                    Locale.ROOT,
                    "%,d of %,d values are numbers, the others are not",
                    facts.strangers(),
                    facts.values()));
        }
        Map<String, Long> counts = facts.counts();
        boolean isDate = facts.timeForm() != null;
        long singles = counts == null
                ? facts.values()
                : counts.values().stream().filter(count -> count == 1).count();
        boolean isCategory = !isDate
                && counts != null
                && counts.size() <= mostCategories
                && facts.values() >= 2L * counts.size()
                && singles <= NEW_VALUES * facts.values()
                && facts.untyped() == 0;
        ColumnContract column = isCategory
                ? categories(Objects.requireNonNull(counts), singles)
                : texts(base(Feature.text(facts.name())), isDate);
        if (!facts.words().isEmpty()) {
            hint(shown(facts.words()) + " may stand for null");
        }
        if (facts.untyped() > 0) {
            hint(String.format(Locale.ROOT, "%,d of %,d values are no texts", facts.untyped(), facts.values()));
            rules.removeIf(rule -> rule.check() == Check.TYPE);
            rule(
                    Check.TYPE,
                    Reaction.WARN,
                    "text",
                    facts.values(),
                    facts.untyped(),
                    "values of several types: none is that of all");
            column = column.on(Check.TYPE, Reaction.WARN);
        }
        return column;
    }

    private ColumnContract categories(Map<String, Long> counts, long singles) {
        List<String> names = List.copyOf(new TreeMap<>(counts).keySet());
        ColumnContract column = base(Feature.category(facts.name(), names));
        variants(names);
        if (names.size() == 1) {
            hint("always '" + names.get(0) + "': a model learns nothing from it");
        }
        String seen = names.size() == 1 ? "1 category" : names.size() + " categories";
        if (isComplete()) {
            rule(
                    Check.UNKNOWN_CATEGORY,
                    Reaction.REJECT,
                    seen,
                    facts.values(),
                    singles,
                    "complete: the rarest is there " + ascending(counts)[0] + " times");
            return moves(column, Distance.L_INFINITY, names.size());
        }
        double mass = down(1 - promise.share(singles, facts.values()));
        rule(
                Check.UNKNOWN_CATEGORY,
                Reaction.WARN,
                seen,
                facts.values(),
                singles,
                singles == 0
                        ? "perhaps not complete: the rarest is there " + ascending(counts)[0] + " times"
                        : String.format(
                                Locale.ROOT,
                                "not complete: %d seen once, so a further value is new with a probability of about %.2g",
                                singles,
                                (double) singles / facts.values()));
        rule(
                Check.MASS,
                Reaction.REJECT,
                "at least " + mass + " of the values are known ones",
                facts.values(),
                singles,
                "more new ones than chance makes");
        column = column.on(Check.UNKNOWN_CATEGORY, Reaction.WARN);
        column = mass < 1 ? column.mass(mass) : column;
        return names.size() == 1 ? column : moves(column, Distance.L_INFINITY, names.size());
    }

    /** Tells of categories that are probably the same in another spelling. */
    private void variants(List<String> names) {
        Map<String, String> spellings = new TreeMap<>();
        for (String category : names) {
            String other = spellings.putIfAbsent(category.strip().toLowerCase(Locale.ROOT), category);
            if (other != null) {
                hint("'" + category + "' and '" + other + "' may be the same category");
            }
        }
    }

    private ColumnContract texts(ColumnContract base, boolean isDate) {
        ColumnContract column = base;
        if (isDate) {
            column = date(column);
        } else if (facts.values() >= Tail.FEWEST) {
            column = length(column);
            String pattern = facts.pattern();
            if (pattern != null) {
                boolean sure = facts.values() >= 10L * Tail.FEWEST;
                rule(
                        Check.PATTERN,
                        sure ? Reaction.REJECT : Reaction.WARN,
                        pattern,
                        facts.values(),
                        0,
                        "every value is of this form");
                column = column.matching(pattern);
                column = sure ? column : column.on(Check.PATTERN, Reaction.WARN);
            }
        }
        if (facts.unique() && facts.values() >= Tail.FEWEST) {
            boolean ordered = facts.ascending();
            column = unique(column, ordered || name.isKey());
            column = ordered ? ascending(column) : column;
        }
        return column;
    }

    private ColumnContract date(ColumnContract column) {
        TimeForm form = Objects.requireNonNull(facts.timeForm());
        rule(
                Check.PATTERN,
                Reaction.REJECT,
                form.regex(),
                facts.values(),
                0,
                "dates written as " + form + (facts.ambiguous() ? ", or with day and month exchanged" : ""));
        hint("dates from " + facts.earliest() + " to " + facts.latest()
                + " without a zone: written with one, such as 2026-03-01T12:00:00Z, they would be timestamps");
        Map<String, Long> counts = facts.counts();
        if (counts != null) {
            counts.forEach((value, count) -> {
                if (value.length() >= 10 && SENTINEL_DATES.contains(value.substring(0, 10))) {
                    hint(String.format(Locale.ROOT, "'%s' (%,d rows) may stand for a missing value", value, count));
                }
            });
        }
        return column.matching(form.regex());
    }

    private ColumnContract length(ColumnContract column) {
        double[] longest = facts.lengths().largest();
        double[] shortest = facts.lengths().smallest();
        if (longest.length == 0) {
            return column; // of a profile that has no lengths
        }
        Tail tail = Tail.upper(longest, facts.values(), promise.most(), promise.chance());
        boolean heavy = tail.weight() == Tail.Weight.HEAVY;
        int most = (int) Math.min(Integer.MAX_VALUE, Math.ceil(tail.bound()));
        boolean fixed = shortest[0] == longest[0];
        int least = fixed ? (int) shortest[0] : (int) Math.min(1, shortest[0]);
        rule(
                Check.LENGTH,
                heavy ? Reaction.WARN : Reaction.REJECT,
                fixed ? most + " characters" : least + " to " + most + " characters",
                facts.values(),
                0,
                fixed ? "every value has as many" : "seen " + (int) shortest[0] + " to " + (int) longest[0]);
        ColumnContract limited = column.length(least, most);
        return heavy ? limited.on(Check.LENGTH, Reaction.WARN) : limited;
    }
}
