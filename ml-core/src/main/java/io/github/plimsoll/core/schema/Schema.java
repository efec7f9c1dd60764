package io.github.plimsoll.core.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.plimsoll.core.table.TableRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a model's input consists of, and how to read it: an input goes in, a {@link FeatureRow} comes out.
 *
 * <pre>{@code
 * Schema<Ride> rides = Schema.of(Ride.class);
 * FeatureRow row = rides.read(new Ride(21.5, Season.SUMMER, 3));
 *
 * Schema<JsonNode> fromJson = Schema.ofJson(Feature.number("temperature"), Feature.category("season", "SUMMER", "WINTER"));
 * }</pre>
 *
 * <p>Reading never fails because of a value. Whatever is not a value of its feature makes that feature
 * {@linkplain FeatureRow#isInvalid invalid} and is listed in {@link FeatureRow#violations()}, each with what was seen and
 * what was expected; all of them, not only the first, up to the limit stated there. Nothing is guessed: no text is parsed
 * into a number, except in {@linkplain #ofTable(List) files where all is text}, no number is rounded to fit.
 *
 * <table>
 * <caption>What each type of feature is read from</caption>
 * <tr><th>feature</th><th>record, bean</th><th>map</th><th>JSON</th></tr>
 * <tr><td>NUMBER</td>
 *     <td>{@code double}, {@code float}, their boxes, {@code BigDecimal}</td>
 *     <td>any {@link Number}</td>
 *     <td>number</td></tr>
 * <tr><td>INTEGER</td>
 *     <td>{@code int}, {@code long}, {@code short}, {@code byte}, their boxes, {@code BigInteger}</td>
 *     <td>any {@link Number} that is whole, such as {@code 3} or {@code 3.0}</td>
 *     <td>number that is whole</td></tr>
 * <tr><td>BOOLEAN</td><td>{@code boolean}, {@code Boolean}</td><td>{@code Boolean}</td><td>true, false</td></tr>
 * <tr><td>CATEGORY</td>
 *     <td>an enum; {@code String} with {@link FeatureSpec#categories}</td>
 *     <td>{@code String}, {@code CharSequence}, an enum's constant</td>
 *     <td>string</td></tr>
 * <tr><td>TEXT</td><td>{@code String}, {@code CharSequence}</td><td>the same</td><td>string</td></tr>
 * <tr><td>TIMESTAMP</td>
 *     <td>{@code Instant}, {@code OffsetDateTime}, {@code ZonedDateTime}, {@code java.util.Date}</td>
 *     <td>the same, and text as in JSON</td>
 *     <td>ISO-8601 string with an offset or {@code Z}</td></tr>
 * <tr><td>TENSOR</td>
 *     <td>{@code float[]}, {@code double[]}</td>
 *     <td>the same, lists of numbers, and arrays or lists of these nested as the shape is</td>
 *     <td>array of numbers, flat or nested as the shape is</td></tr>
 * </table>
 *
 * <p>The rules in full:
 *
 * <ul>
 *   <li><b>Another type</b> is {@link Violation#TYPE}: {@code "42"} or {@code "NaN"} for a number, {@code 1} for a boolean.
 *       An element of a tensor is named by its index, as in {@code embedding[3]}; the first ten of a tensor are listed.
 *   <li><b>A number that would have to change</b> to be held is {@link Violation#INEXACT}: {@code 3.5} or
 *       {@code 1e30} for an INTEGER; a whole number for a NUMBER or a tensor's element that no {@code double} holds exactly,
 *       such as 2<sup>53</sup> + 1; a decimal, or a JSON number, too large for a {@code double}. Any other decimal becomes
 *       the nearest {@code double}, which is what decimal text means. A {@code float} keeps its value, so that
 *       {@code 0.1f} is read as {@code 0.10000000149011612}.
 *   <li><b>NaN, infinities</b> and {@code -0.0} are values of a NUMBER; whether they are welcome is for a guard to decide.
 *       JSON has neither of the first two: an infinite JSON number is one that was too large.
 *   <li><b>Null</b>, JSON's null and an empty {@code Optional} are {@link Violation#NULL} unless the feature is nullable; a
 *       key that is not there is {@link Violation#MISSING} unless it is. An {@code Optional} stands for its value.
 *   <li><b>A surplus field</b> of a map or of JSON is {@link Violation#UNEXPECTED}, because an upstream column that nobody
 *       announced is how models fail in silence; {@link #ignoringUnknownFields()} allows it. Its value is not shown.
 *   <li><b>A category outside the declared set</b> is a value, with the code -1: a guard decides. So is a number outside its
 *       range.
 *   <li><b>A timestamp</b> is held in milliseconds, rounded down. Text and types without an offset are refused: they name
 *       no point in time. One that milliseconds in 64 bits do not reach is {@link Violation#INEXACT}.
 *   <li><b>A tensor</b> is copied. Its number of elements has to be the shape's product, or a multiple where the first size
 *       is -1, else it is {@link Violation#LENGTH}.
 *   <li><b>An input of the wrong form</b>, an array of another length or JSON that is no object, has one violation, with the
 *       path {@code input}, and every feature invalid.
 *   <li><b>Sensitive values</b> appear in no violation.
 * </ul>
 *
 * <p>Immutable and thread-safe. Making a schema from a class or a builder compiles code, some milliseconds' worth: keep the
 * schema. Reading a record, a bean or an array then takes a few nanoseconds a feature and allocates the row, 8 bytes a
 * feature and about 100 more, plus what text and tensors need; nothing is boxed and no reflection is used.
 *
 * @param <I> the type of the inputs
 * @since 0.1
 */
public final class Schema<I> {

    private final String source;
    private final SchemaLayout layout;
    private final InputReader<I> reader;

    private Schema(String source, SchemaLayout layout, InputReader<I> reader) {
        this.source = source;
        this.layout = layout;
        this.reader = reader;
    }

    // ---- how to get one -----------------------------------------------------------------------------------------

    /**
     * The schema of a record, a bean or an enum class.
     *
     * <p>A record has a feature for each component, in their order. Any other class has one for each public getter,
     * {@code getX} or {@code isX}, in the alphabetical order of the properties' names. An enum class has one of type
     * {@link FeatureType#CATEGORY}, named after the class with its first letter in lower case. {@link FeatureSpec} states
     * what types cannot say. A feature is nullable if that says so, if its type is an {@code Optional}, or if the component,
     * the getter or the type has an annotation called {@code Nullable} that can be seen at run time.
     *
     * <p>The class and its members may be private. What is in a named module has to be opened to this one.
     *
     * @param type the class
     * @param <I> the type of the inputs
     * @return the schema
     * @throws IllegalArgumentException if the class has no features, or some that are not supported (all are listed), or is
     *     in a package that its module does not open to this one
     */
    public static <I> Schema<I> of(Class<I> type) {
        TypedInput input = TypedInput.of(type);
        SchemaLayout layout = new SchemaLayout(input.features());
        return new Schema<>(type.getSimpleName(), layout, new AccessorReader<>(layout, input.accessors()));
    }

    /**
     * A schema that reads maps whose keys are the features' names.
     *
     * @param features the features
     * @return the schema
     * @throws IllegalArgumentException if there are none or two have the same name
     */
    public static Schema<Map<String, ?>> ofMap(Feature... features) {
        return ofMap(List.of(features));
    }

    /**
     * A schema that reads maps whose keys are the features' names.
     *
     * @param features the features
     * @return the schema
     * @throws IllegalArgumentException if there are none or two have the same name
     */
    public static Schema<Map<String, ?>> ofMap(List<Feature> features) {
        return new Schema<>("map", new SchemaLayout(features), new MapReader(false));
    }

    /**
     * A schema that reads JSON objects whose fields have the features' names.
     *
     * @param features the features
     * @return the schema
     * @throws IllegalArgumentException if there are none or two have the same name
     */
    public static Schema<JsonNode> ofJson(Feature... features) {
        return ofJson(List.of(features));
    }

    /**
     * A schema that reads JSON objects whose fields have the features' names.
     *
     * @param features the features
     * @return the schema
     * @throws IllegalArgumentException if there are none or two have the same name
     */
    public static Schema<JsonNode> ofJson(List<Feature> features) {
        return new Schema<>("JSON", new SchemaLayout(features), new JsonReader(false));
    }

    /**
     * A schema that reads the rows of a {@link io.github.plimsoll.core.table.Table} whose columns have the features' names.
     *
     * @param features the features
     * @return the schema
     * @throws IllegalArgumentException if there are none or two have the same name
     * @see #ofTable(List)
     */
    public static Schema<TableRow> ofTable(Feature... features) {
        return ofTable(List.of(features));
    }

    /**
     * A schema that reads the rows of a {@link io.github.plimsoll.core.table.Table} whose columns have the features' names.
     *
     * <p>JSON lines are read like JSON and rows of the host's own like maps. A cell of CSV is text, so here, and only here, text
     * becomes what the feature is:
     *
     * <ul>
     *   <li>NUMBER: a decimal number with the table's decimal separator, {@code NaN} or {@code Infinity}, spaces around it
     *       skipped; the nearest {@code double}, as {@link Double#parseDouble} reads it. One too large for a {@code double} is
     *       {@link Violation#INEXACT}.
     *   <li>INTEGER: a whole number, also written like {@code 3.0} or {@code 1e3}.
     *   <li>BOOLEAN: {@code true} and {@code false} in any case, 1 and 0.
     *   <li>CATEGORY and TEXT: the text as it is. TIMESTAMP: as in JSON. TENSOR: a JSON array.
     *   <li>Null: one of the table's words for null, the empty cell unless it says otherwise. In quotes such a word is text to a
     *       CATEGORY or a TEXT, and still null to the others.
     * </ul>
     *
     * <p>Columns that are in no feature are left alone, in any form of table: a file has ids and labels too.
     *
     * @param features the features
     * @return the schema
     * @throws IllegalArgumentException if there are none or two have the same name
     */
    public static Schema<TableRow> ofTable(List<Feature> features) {
        SchemaLayout layout = new SchemaLayout(features);
        return new Schema<>("table", layout, new TableRowReader(layout));
    }

    /**
     * A schema that reads arrays with an element for each feature. An INTEGER has to be whole, a BOOLEAN 0 or 1.
     *
     * @param features the features in the order of the elements; of type NUMBER, INTEGER or BOOLEAN
     * @return the schema
     * @throws IllegalArgumentException if there are none, two have the same name, or one is of another type
     */
    public static Schema<double[]> ofDoubles(Feature... features) {
        return ofDoubles(List.of(features));
    }

    /**
     * A schema that reads arrays with an element for each feature. An INTEGER has to be whole, a BOOLEAN 0 or 1.
     *
     * @param features the features in the order of the elements; of type NUMBER, INTEGER or BOOLEAN
     * @return the schema
     * @throws IllegalArgumentException if there are none, two have the same name, or one is of another type
     */
    public static Schema<double[]> ofDoubles(List<Feature> features) {
        return new Schema<>("double[]", new SchemaLayout(ArrayReader.checked(features)), ArrayReader.ofDoubles());
    }

    /**
     * A schema that reads arrays of numbers named {@code f0}, {@code f1}, and so on.
     *
     * @param count the length of the arrays
     * @return the schema
     * @throws IllegalArgumentException if the count is not positive
     */
    public static Schema<double[]> ofDoubles(int count) {
        return ofDoubles(numbered(count));
    }

    /**
     * A schema that reads arrays with an element for each feature. An INTEGER has to be whole, a BOOLEAN 0 or 1.
     *
     * @param features the features in the order of the elements; of type NUMBER, INTEGER or BOOLEAN
     * @return the schema
     * @throws IllegalArgumentException if there are none, two have the same name, or one is of another type
     */
    public static Schema<float[]> ofFloats(Feature... features) {
        return ofFloats(List.of(features));
    }

    /**
     * A schema that reads arrays with an element for each feature. An INTEGER has to be whole, a BOOLEAN 0 or 1.
     *
     * @param features the features in the order of the elements; of type NUMBER, INTEGER or BOOLEAN
     * @return the schema
     * @throws IllegalArgumentException if there are none, two have the same name, or one is of another type
     */
    public static Schema<float[]> ofFloats(List<Feature> features) {
        return new Schema<>("float[]", new SchemaLayout(ArrayReader.checked(features)), ArrayReader.ofFloats());
    }

    /**
     * A schema that reads arrays of numbers named {@code f0}, {@code f1}, and so on.
     *
     * @param count the length of the arrays
     * @return the schema
     * @throws IllegalArgumentException if the count is not positive
     */
    public static Schema<float[]> ofFloats(int count) {
        return ofFloats(numbered(count));
    }

    private static List<Feature> numbered(int count) {
        if (count <= 0) {
            throw new IllegalArgumentException("count: " + count + " (expected: > 0)");
        }
        return IntStream.range(0, count).mapToObj(i -> Feature.number("f" + i)).toList();
    }

    /**
     * Starts a schema whose features are taken out of the input by functions: for what has no columns, such as an image or a
     * text and the numbers that sum it up, and for everything that {@link #of} does not support.
     *
     * @param type the class of the inputs
     * @param <I> the type of the inputs
     * @return an empty builder
     */
    public static <I> Builder<I> builder(Class<I> type) {
        return new Builder<>(type.getSimpleName());
    }

    // ---- what is in it ------------------------------------------------------------------------------------------

    /**
     * The features in the order of their indexes.
     *
     * @return an immutable list, not empty
     */
    public List<Feature> features() {
        return layout.features();
    }

    /**
     * The number of features.
     *
     * @return a number > 0
     */
    public int size() {
        return layout.size();
    }

    /**
     * The index of the feature with a name.
     *
     * @param name the name
     * @return the index, or -1 if there is no such feature
     */
    public int indexOf(String name) {
        return layout.indexOf(name);
    }

    /**
     * The feature with a name.
     *
     * @param name the name
     * @return the feature
     * @throws IllegalArgumentException if there is no such feature
     */
    public Feature feature(String name) {
        int index = layout.indexOf(name);
        if (index < 0) {
            List<String> names = features().stream().map(Feature::name).toList();
            throw new IllegalArgumentException("feature: '" + name + "' (expected: one of " + names + ")");
        }
        return layout.feature(index);
    }

    // ---- changed copies -----------------------------------------------------------------------------------------

    /**
     * This schema with other constraints on one feature: a range, a unit, fewer categories, a shape.
     *
     * <pre>{@code
     * schema.refine("age", age -> age.range(18, 120)).refine("iban", Feature::sensitive)
     * }</pre>
     *
     * @param name the feature's name
     * @param change gives the changed feature, of the same name and type
     * @return a changed copy, whose rows equal none of this schema's
     * @throws IllegalArgumentException if there is no such feature or the change is to another name or type
     */
    public Schema<I> refine(String name, UnaryOperator<Feature> change) {
        Feature before = feature(name);
        Feature after = change.apply(before);
        if (!after.name().equals(name) || after.type() != before.type()) {
            throw new IllegalArgumentException("refined feature: '" + after.name() + "' of type " + after.type()
                    + " (expected: '" + name + "' of type " + before.type() + ")");
        }
        List<Feature> features = new ArrayList<>(features());
        features.set(indexOf(name), after);
        SchemaLayout changed = new SchemaLayout(features);
        return new Schema<>(source, changed, reader.over(changed));
    }

    /**
     * This schema, without a violation for a map's or a JSON object's field that is in no feature. Changes nothing for other
     * inputs: those have only the fields they are asked for.
     *
     * @return a changed copy, whose rows equal this schema's
     */
    public Schema<I> ignoringUnknownFields() {
        return new Schema<>(source, layout, reader.ignoringUnknownFields());
    }

    // ---- reading ------------------------------------------------------------------------------------------------

    /**
     * Reads an input.
     *
     * @param input the input; it may be changed or reused as soon as this returns, unless the row is not sound: a row keeps
     *     what it could not read
     * @return the row, with its violations
     * @throws NullPointerException if the input is null
     * @throws IllegalStateException if a getter or a builder's function throws; it is named, and what it threw is the cause
     */
    public FeatureRow read(I input) {
        return reader.read(layout, Objects.requireNonNull(input, "input"));
    }

    /** The schema with one feature a line. */
    @Override
    public String toString() {
        return features().stream().map(feature -> "\n  " + feature).collect(Collectors.joining("", source + ":", ""));
    }

    /**
     * Collects features with the functions that read them. The functions are called once a row in the order given here, on
     * the reading thread, so they have to be thread-safe; one that throws fails the read.
     *
     * <pre>{@code
     * Schema.builder(BufferedImage.class)
     *         .integer("width", BufferedImage::getWidth)
     *         .number(Feature.number("brightness").range(0, 1), Images::brightness)
     *         .build()
     * }</pre>
     *
     * <p>Not thread-safe.
     *
     * @param <I> the type of the inputs
     * @since 0.1
     */
    public static final class Builder<I> {

        private final String source;
        private final List<Feature> features = new ArrayList<>();
        private final List<Accessor> accessors = new ArrayList<>();

        private Builder(String source) {
            this.source = source;
        }

        /**
         * Adds a number.
         *
         * @param feature a feature of type {@link FeatureType#NUMBER}
         * @param function gives its value; for one that may be null use {@link #value}
         * @return this builder
         * @throws IllegalArgumentException if the feature is of another type
         * @throws IllegalStateException if a feature of that name was added before
         */
        public Builder<I> number(Feature feature, ToDoubleFunction<? super I> function) {
            return add(feature, FeatureType.NUMBER, Accessor.ofDouble(Objects.requireNonNull(function)));
        }

        /**
         * Adds a number.
         *
         * @param name the feature's name
         * @param function gives its value
         * @return this builder
         * @throws IllegalArgumentException if the name is blank
         * @throws IllegalStateException if a feature of that name was added before
         */
        public Builder<I> number(String name, ToDoubleFunction<? super I> function) {
            return number(Feature.number(name), function);
        }

        /**
         * Adds an integer.
         *
         * @param feature a feature of type {@link FeatureType#INTEGER}
         * @param function gives its value; for one that may be null use {@link #value}
         * @return this builder
         * @throws IllegalArgumentException if the feature is of another type
         * @throws IllegalStateException if a feature of that name was added before
         */
        public Builder<I> integer(Feature feature, ToLongFunction<? super I> function) {
            return add(feature, FeatureType.INTEGER, Accessor.ofLong(Objects.requireNonNull(function)));
        }

        /**
         * Adds an integer.
         *
         * @param name the feature's name
         * @param function gives its value
         * @return this builder
         * @throws IllegalArgumentException if the name is blank
         * @throws IllegalStateException if a feature of that name was added before
         */
        public Builder<I> integer(String name, ToLongFunction<? super I> function) {
            return integer(Feature.integer(name), function);
        }

        /**
         * Adds a boolean.
         *
         * @param feature a feature of type {@link FeatureType#BOOLEAN}
         * @param function gives its value; for one that may be null use {@link #value}
         * @return this builder
         * @throws IllegalArgumentException if the feature is of another type
         * @throws IllegalStateException if a feature of that name was added before
         */
        public Builder<I> bool(Feature feature, Predicate<? super I> function) {
            return add(feature, FeatureType.BOOLEAN, Accessor.ofBoolean(Objects.requireNonNull(function)));
        }

        /**
         * Adds a boolean.
         *
         * @param name the feature's name
         * @param function gives its value
         * @return this builder
         * @throws IllegalArgumentException if the name is blank
         * @throws IllegalStateException if a feature of that name was added before
         */
        public Builder<I> bool(String name, Predicate<? super I> function) {
            return bool(Feature.bool(name), function);
        }

        /**
         * Adds a category.
         *
         * @param feature a feature of type {@link FeatureType#CATEGORY}
         * @param function gives its value's name, or null
         * @return this builder
         * @throws IllegalArgumentException if the feature is of another type
         * @throws IllegalStateException if a feature of that name was added before
         */
        public Builder<I> category(Feature feature, Function<? super I, @Nullable String> function) {
            return object(feature, FeatureType.CATEGORY, function);
        }

        /**
         * Adds a text.
         *
         * @param feature a feature of type {@link FeatureType#TEXT}
         * @param function gives its value, or null
         * @return this builder
         * @throws IllegalArgumentException if the feature is of another type
         * @throws IllegalStateException if a feature of that name was added before
         */
        public Builder<I> text(Feature feature, Function<? super I, @Nullable String> function) {
            return object(feature, FeatureType.TEXT, function);
        }

        /**
         * Adds a timestamp.
         *
         * @param feature a feature of type {@link FeatureType#TIMESTAMP}
         * @param function gives its value, or null
         * @return this builder
         * @throws IllegalArgumentException if the feature is of another type
         * @throws IllegalStateException if a feature of that name was added before
         */
        public Builder<I> timestamp(Feature feature, Function<? super I, @Nullable Instant> function) {
            return object(feature, FeatureType.TIMESTAMP, function);
        }

        /**
         * Adds a tensor.
         *
         * @param feature a feature of type {@link FeatureType#TENSOR}
         * @param function gives its elements in row-major order, or null; they are copied
         * @return this builder
         * @throws IllegalArgumentException if the feature is of another type
         * @throws IllegalStateException if a feature of that name was added before
         */
        public Builder<I> tensor(Feature feature, Function<? super I, float @Nullable []> function) {
            return object(feature, FeatureType.TENSOR, function);
        }

        /**
         * Adds a feature of any type, read from whatever the function gives as if that were the value in a map.
         *
         * @param feature a feature of any type
         * @param function gives its value, or null
         * @return this builder
         * @throws IllegalStateException if a feature of that name was added before
         */
        public Builder<I> value(Feature feature, Function<? super I, ? extends @Nullable Object> function) {
            return object(feature, feature.type(), function);
        }

        private Builder<I> object(
                Feature feature, FeatureType type, Function<? super I, ? extends @Nullable Object> f) {
            return add(feature, type, Accessor.ofObject(Objects.requireNonNull(f)));
        }

        private Builder<I> add(Feature feature, FeatureType type, Accessor accessor) {
            if (feature.type() != type) {
                throw new IllegalArgumentException(
                        "feature '" + feature.name() + "': " + feature.type() + " (expected: " + type + ")");
            }
            if (features.stream().anyMatch(other -> other.name().equals(feature.name()))) {
                throw new IllegalStateException(
                        "feature '" + feature.name() + "': added twice (expected: names that differ)");
            }
            features.add(feature);
            accessors.add(accessor);
            return this;
        }

        /**
         * The schema of the features added so far.
         *
         * @return the schema
         * @throws IllegalStateException if none was added
         */
        public Schema<I> build() {
            if (features.isEmpty()) {
                throw new IllegalStateException("features: none (expected: at least one)");
            }
            SchemaLayout layout = new SchemaLayout(features);
            return new Schema<>(source, layout, new AccessorReader<>(layout, accessors));
        }
    }
}
