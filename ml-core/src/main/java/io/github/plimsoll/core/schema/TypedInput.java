package io.github.plimsoll.core.schema;

import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;

/**
 * The features of a record, a bean or an enum class, and how to read them.
 *
 * @param features the features
 * @param accessors one for each feature
 */
record TypedInput(List<Feature> features, List<Accessor> accessors) {

    private static final String OUR_MODULE = "io.github.plimsoll.core";

    /**
     * Looks into a class.
     *
     * @throws IllegalArgumentException if it has no features, some that cannot be one, or is not open to us
     */
    static TypedInput of(Class<?> type) {
        if (type.isEnum()) {
            String name = Property.withFirstLower(type.getSimpleName());
            return new TypedInput(
                    List.of(Feature.category(name, Accessor.constantsOf(type))), List.of(Accessor.ofConstant(type)));
        }
        if (type.isPrimitive()
                || type.isArray()
                || type.isAnnotation()
                || type.getName().startsWith("java.")) {
            throw new IllegalArgumentException(
                    type.getTypeName() + ": not a class with features (expected: a record, a bean "
                            + "or an enum class; or use ofMap, ofJson, ofDoubles, ofFloats or builder)");
        }
        MethodHandles.Lookup lookup = lookupIn(type);
        List<Feature> features = new ArrayList<>();
        List<Accessor> accessors = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (Property property : Property.of(type)) {
            try {
                features.add(PropertyFeature.of(property));
                accessors.add(Accessor.of(lookup.unreflect(property.getter()), origin(type, property)));
            } catch (PropertyFeature.Unsupported e) {
                problems.add("\n  " + property.name() + ": "
                        + property.getter().getGenericReturnType().getTypeName() + " (" + e.getMessage() + ")");
            } catch (IllegalAccessException e) {
                throw new IllegalArgumentException(
                        origin(type, property) + ": not accessible (expected: a public getter)", e);
            }
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(
                    type.getName() + ": " + problems.size() + " of " + (features.size() + problems.size())
                            + " components cannot be features:" + String.join("", problems));
        }
        if (features.isEmpty()) {
            throw new IllegalArgumentException(
                    type.getName() + ": no features (expected: record components or public getters)");
        }
        return new TypedInput(features, accessors);
    }

    private static MethodHandles.Lookup lookupIn(Class<?> type) {
        // A module must read another before it may look into it, even into one that is open.
        TypedInput.class.getModule().addReads(type.getModule());
        try {
            return MethodHandles.privateLookupIn(type, MethodHandles.lookup());
        } catch (IllegalAccessException e) {
            throw new IllegalArgumentException(
                    type.getName() + ": not accessible (expected: 'opens " + type.getPackageName() + " to " + OUR_MODULE
                            + "' in the descriptor of module "
                            + type.getModule().getName() + ")",
                    e);
        }
    }

    private static String origin(Class<?> type, Property property) {
        return type.getSimpleName() + "." + property.getter().getName() + "()";
    }
}
