package io.github.plimsoll.core.schema;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Takes one feature's value out of an input.
 *
 * @param handle gives the value: (Object)double, (Object)long, (Object)boolean or (Object)Object
 * @param constants the names of an enum's constants in their order if the value is always one of that enum, else none
 * @param origin what an error message calls it
 */
record Accessor(MethodHandle handle, List<String> constants, String origin) {

    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    /** A getter of a class, found by a lookup that may see it. */
    static Accessor of(MethodHandle getter, String origin) {
        Class<?> type = getter.type().returnType();
        Class<?> read = Object.class;
        if (type == double.class || type == float.class) {
            read = double.class;
        } else if (type == boolean.class) {
            read = boolean.class;
        } else if (type.isPrimitive()) {
            read = long.class;
        }
        List<String> constants = type.isEnum() ? constantsOf(type) : List.of();
        return new Accessor(getter.asType(MethodType.methodType(read, Object.class)), constants, origin);
    }

    /** The input itself, a constant of an enum class. */
    static Accessor ofConstant(Class<?> enumType) {
        return of(MethodHandles.identity(enumType), enumType.getSimpleName());
    }

    static Accessor ofDouble(ToDoubleFunction<?> function) {
        return ofFunction(ToDoubleFunction.class, "applyAsDouble", double.class, function);
    }

    static Accessor ofLong(ToLongFunction<?> function) {
        return ofFunction(ToLongFunction.class, "applyAsLong", long.class, function);
    }

    static Accessor ofBoolean(Predicate<?> function) {
        return ofFunction(Predicate.class, "test", boolean.class, function);
    }

    static Accessor ofObject(Function<?, ? extends @Nullable Object> function) {
        return ofFunction(Function.class, "apply", Object.class, function);
    }

    private static Accessor ofFunction(Class<?> type, String method, Class<?> result, Object function) {
        try {
            MethodHandle handle = LOOKUP.findVirtual(type, method, MethodType.methodType(result, Object.class));
            return new Accessor(handle.bindTo(function), List.of(), "its function");
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(type + "." + method, e);
        }
    }

    /** The names of an enum's constants in their order. */
    static List<String> constantsOf(Class<?> enumType) {
        return Arrays.stream((Enum<?>[]) enumType.getEnumConstants())
                .map(Enum::name)
                .toList();
    }
}
