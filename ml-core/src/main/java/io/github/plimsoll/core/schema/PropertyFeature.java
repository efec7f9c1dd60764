package io.github.plimsoll.core.schema;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Collection;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The feature that a property stands for. */
final class PropertyFeature {

    /** A property that cannot be a feature; the message says why and what to do about it. */
    static final class Unsupported extends Exception {
        private static final long serialVersionUID = 1;

        Unsupported(String message) {
            super(message);
        }
    }

    private static final Set<Class<?>> NUMBERS =
            Set.of(double.class, float.class, Double.class, Float.class, BigDecimal.class, OptionalDouble.class);
    private static final Set<Class<?>> INTEGERS = Set.of(
            int.class,
            long.class,
            short.class,
            byte.class,
            Integer.class,
            Long.class,
            Short.class,
            Byte.class,
            BigInteger.class,
            OptionalInt.class,
            OptionalLong.class);
    private static final Set<Class<?>> TEXTS = Set.of(String.class, CharSequence.class);
    private static final Set<Class<?>> TIMESTAMPS =
            Set.of(Instant.class, OffsetDateTime.class, ZonedDateTime.class, Date.class);

    private PropertyFeature() {}

    /** The feature, or why there is none. */
    static Feature of(Property property) throws Unsupported {
        FeatureSpec spec = property.spec();
        Type declared = property.getter().getGenericReturnType();
        Class<?> type = valueType(declared);
        String name = spec == null || spec.name().isEmpty() ? property.name() : spec.name();
        try {
            Feature feature = ofType(name, type, spec);
            if (spec != null) {
                feature = withConstraints(feature, spec);
            }
            boolean optional = type != declared
                    || type == OptionalDouble.class
                    || type == OptionalInt.class
                    || type == OptionalLong.class;
            boolean nullable = optional || property.isAnnotatedNullable() || (spec != null && spec.nullable());
            return nullable ? feature.nullable() : feature;
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new Unsupported(String.valueOf(e.getMessage()));
        }
    }

    /** What {@code Optional<T>} is optional for; any other type is its own. */
    private static Class<?> valueType(Type declared) throws Unsupported {
        if (declared instanceof ParameterizedType generic && generic.getRawType() == Optional.class) {
            Type value = generic.getActualTypeArguments()[0];
            if (value instanceof Class<?> type) {
                return type;
            }
        }
        if (declared instanceof Class<?> type && type != Optional.class) {
            return type;
        }
        throw new Unsupported("generic types are not read; use Schema.builder");
    }

    private static Feature ofType(String name, Class<?> type, @Nullable FeatureSpec spec) throws Unsupported {
        if (spec != null && spec.categories().length > 0 && !TEXTS.contains(type)) {
            throw new Unsupported("categories can only be stated for a String");
        }
        boolean isArray = type == float[].class || type == double[].class;
        if (spec != null && spec.shape().length > 0 && !isArray) {
            throw new Unsupported("a shape can only be stated for float[] or double[]");
        }
        if (NUMBERS.contains(type)) {
            return Feature.number(name);
        }
        if (INTEGERS.contains(type)) {
            return Feature.integer(name);
        }
        if (type == boolean.class || type == Boolean.class) {
            return Feature.bool(name);
        }
        if (type.isEnum()) {
            return Feature.category(name, Accessor.constantsOf(type));
        }
        if (TEXTS.contains(type)) {
            return spec != null && spec.categories().length > 0
                    ? Feature.category(name, spec.categories())
                    : Feature.text(name);
        }
        if (TIMESTAMPS.contains(type)) {
            return Feature.timestamp(name);
        }
        if (isArray) {
            return Feature.tensor(name, spec == null || spec.shape().length == 0 ? new long[] {-1} : spec.shape());
        }
        throw new Unsupported(remedy(type));
    }

    private static Feature withConstraints(Feature plain, FeatureSpec spec) {
        Feature feature = plain;
        if (!spec.unit().isEmpty()) {
            feature = feature.unit(spec.unit());
        }
        if (spec.min() != Double.NEGATIVE_INFINITY || spec.max() != Double.POSITIVE_INFINITY) {
            feature = feature.range(spec.min(), spec.max());
        }
        return spec.sensitive() ? feature.sensitive() : feature;
    }

    private static String remedy(Class<?> type) {
        if (type.getName().startsWith("java.time.Local")) {
            return "it names no point in time without a zone; use Instant or OffsetDateTime";
        }
        if (type.isRecord()) {
            return "nested records are not flattened; use Schema.builder";
        }
        if (type.isArray()) {
            return "use float[] or double[] for an array of numbers, or Schema.builder";
        }
        if (Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type)) {
            return "collections are not read; use float[] or double[] for numbers, or Schema.builder";
        }
        if (type == char.class || type == Character.class) {
            return "use String or an enum";
        }
        return "use Schema.builder";
    }
}
