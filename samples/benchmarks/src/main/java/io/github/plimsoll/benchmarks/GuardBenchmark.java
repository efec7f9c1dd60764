package io.github.plimsoll.benchmarks;

import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.core.schema.Violation;
import io.github.plimsoll.validation.data.ColumnContract;
import io.github.plimsoll.validation.data.DataContract;
import io.github.plimsoll.validation.data.Guard;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.hibernate.validator.messageinterpolation.ParameterMessageInterpolator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What it costs to hold one record of 20 features against the same rules: by a guard with a data contract, by Bean Validation (Hibernate
 * Validator) and by a JSON Schema (networknt).
 *
 * <p>12 numbers and 4 integers in a range, 4 names of a set of five. {@code clean} breaks no rule, {@code three} breaks one of each
 * type. The guard in a predictor sees the row that the schema has read for the model anyway ({@code guard}); {@code readAndGuard} is the
 * same with the reading of the record, as the others have it. The JSON document is parsed beforehand.
 *
 * <pre>
 * java -jar samples/benchmarks/target/benchmarks.jar GuardBenchmark -prof gc
 * </pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx1g"})
public class GuardBenchmark {

    // Hibernate Validator's own messages need an expression language, and a warning in the log each without one.
    private static final String RANGE = "must be from -10 to 10";

    /** The input, with the rules as Bean Validation has them. */
    public record Order(
            @DecimalMin(value = "-10", message = RANGE) @DecimalMax(value = "10", message = RANGE)
            double n0,

            @DecimalMin(value = "-10", message = RANGE) @DecimalMax(value = "10", message = RANGE)
            double n1,

            @DecimalMin(value = "-10", message = RANGE) @DecimalMax(value = "10", message = RANGE)
            double n2,

            @DecimalMin(value = "-10", message = RANGE) @DecimalMax(value = "10", message = RANGE)
            double n3,

            @DecimalMin(value = "-10", message = RANGE) @DecimalMax(value = "10", message = RANGE)
            double n4,

            @DecimalMin(value = "-10", message = RANGE) @DecimalMax(value = "10", message = RANGE)
            double n5,

            @DecimalMin(value = "-10", message = RANGE) @DecimalMax(value = "10", message = RANGE)
            double n6,

            @DecimalMin(value = "-10", message = RANGE) @DecimalMax(value = "10", message = RANGE)
            double n7,

            @DecimalMin(value = "-10", message = RANGE) @DecimalMax(value = "10", message = RANGE)
            double n8,

            @DecimalMin(value = "-10", message = RANGE) @DecimalMax(value = "10", message = RANGE)
            double n9,

            @DecimalMin(value = "-10", message = RANGE) @DecimalMax(value = "10", message = RANGE)
            double n10,

            @DecimalMin(value = "-10", message = RANGE) @DecimalMax(value = "10", message = RANGE)
            double n11,

            @Min(0) @Max(1000) int i0,
            @Min(0) @Max(1000) int i1,
            @Min(0) @Max(1000) int i2,
            @Min(0) @Max(1000) int i3,

            @NotNull @Pattern(regexp = "red|green|blue|black|white")
            String c0,

            @NotNull @Pattern(regexp = "red|green|blue|black|white")
            String c1,

            @NotNull @Pattern(regexp = "red|green|blue|black|white")
            String c2,

            @NotNull @Pattern(regexp = "red|green|blue|black|white")
            String c3) {}

    private static final Order CLEAN = new Order(
            0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 17, 17, 17, 17, "red", "blue", "white",
            "green");
    private static final Order THREE = new Order(
            0.5,
            0.5,
            0.5,
            0.5,
            0.5,
            1e6,
            0.5,
            0.5,
            0.5,
            0.5,
            0.5,
            0.5,
            17,
            17,
            17,
            -4,
            "red",
            "blue",
            "white",
            "gr\u0435en");
    private static final String[] COLOURS = {"red", "green", "blue", "black", "white"};

    /** Which of the two records. */
    @Param({"clean", "three"})
    public String record = "clean";

    private Order order = CLEAN;
    private Guard guard;
    private Schema<Order> schema;
    private FeatureRow row;
    private Validator beans;
    private com.networknt.schema.Schema jsonSchema;
    private JsonNode json;

    /** Makes everything ready, and sees that all three say the same. */
    @Setup
    public void prepare() {
        order = record.equals("clean") ? CLEAN : THREE;
        schema = Schema.of(Order.class);
        List<ColumnContract> columns = new ArrayList<>();
        StringBuilder properties = new StringBuilder();
        for (Feature feature : schema.features()) {
            boolean isNumber = feature.name().startsWith("n");
            boolean isName = feature.name().startsWith("c");
            columns.add(ColumnContract.of(
                    isName
                            ? Feature.category(feature.name(), COLOURS)
                            : isNumber ? feature.range(-10, 10) : feature.range(0, 1000)));
            properties
                    .append(properties.isEmpty() ? "" : ",")
                    .append('"' + feature.name() + "\":")
                    .append(
                            isName
                                    ? "{\"enum\":[\"" + String.join("\",\"", COLOURS) + "\"]}"
                                    : isNumber
                                            ? "{\"type\":\"number\",\"minimum\":-10,\"maximum\":10}"
                                            : "{\"type\":\"integer\",\"minimum\":0,\"maximum\":1000}");
        }
        guard = Guard.rejecting().by(DataContract.of("orders", columns));
        row = schema.read(order);
        beans = Validation.byDefaultProvider()
                .configure()
                .messageInterpolator(new ParameterMessageInterpolator())
                .buildValidatorFactory()
                .getValidator();
        String required = String.join(
                "\",\"", schema.features().stream().map(Feature::name).toList());
        jsonSchema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema("{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"" + required
                        + "\"],\"properties\":{" + properties + "}}");
        json = JsonMapper.builder().build().valueToTree(order);
        int wrong = record.equals("clean") ? 0 : 3;
        if (guard().size() != wrong
                || beanValidation().size() != wrong
                || jsonSchema().size() != wrong) {
            throw new IllegalStateException("violations: " + guard() + beanValidation() + jsonSchema());
        }
    }

    /** The guard, of a row that is read. */
    @Benchmark
    public List<Violation> guard() {
        return guard.check(row);
    }

    /** The record read into a row, and the guard. */
    @Benchmark
    public List<Violation> readAndGuard() {
        return guard.check(schema.read(order));
    }

    /** Bean Validation of the record. */
    @Benchmark
    public Set<ConstraintViolation<Order>> beanValidation() {
        return beans.validate(order);
    }

    /** The JSON Schema, of a document that is parsed. */
    @Benchmark
    public List<Error> jsonSchema() {
        return jsonSchema.validate(json);
    }
}
