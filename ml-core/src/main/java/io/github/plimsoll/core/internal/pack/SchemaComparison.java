package io.github.plimsoll.core.internal.pack;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Compares the features that a host reads with those that a package was made for. */
public final class SchemaComparison {

    private SchemaComparison() {}

    /**
     * Compares names, types, shapes, categories, and units where both state one.
     *
     * @param packaged what the package says; empty if it says nothing
     * @param given what the host reads
     * @param ordered whether the order matters to the model
     * @return every difference
     */
    public static List<String> mismatches(List<Feature> packaged, List<Feature> given, boolean ordered) {
        List<String> mismatches = new ArrayList<>();
        if (packaged.isEmpty()) {
            return mismatches;
        }
        Map<String, Feature> wanted = byName(packaged);
        Map<String, Feature> there = byName(given);
        for (Feature feature : packaged) {
            Feature other = there.get(feature.name());
            if (other == null) {
                mismatches.add(
                        "feature '" + feature.name() + "': missing in the schema (the package has " + feature + ")");
            } else {
                compare(feature, other, mismatches);
            }
        }
        for (Feature feature : given) {
            if (!wanted.containsKey(feature.name())) {
                mismatches.add(
                        "feature '" + feature.name() + "': not in the package (which has " + wanted.keySet() + ")");
            }
        }
        List<String> order = packaged.stream().map(Feature::name).toList();
        List<String> actual = given.stream().map(Feature::name).toList();
        if (ordered && wanted.keySet().equals(there.keySet()) && !order.equals(actual)) {
            mismatches.add("features: the order is " + actual + " (the package has " + order + ")");
        }
        return mismatches;
    }

    private static Map<String, Feature> byName(List<Feature> features) {
        Map<String, Feature> byName = new LinkedHashMap<>();
        features.forEach(feature -> byName.put(feature.name(), feature));
        return byName;
    }

    private static void compare(Feature packaged, Feature given, List<String> mismatches) {
        String at = "feature '" + given.name() + "': ";
        if (!fits(given, packaged)) {
            mismatches.add(at + given.type() + " (the package has " + packaged.type() + ")");
            return;
        }
        if (packaged.unit() != null && given.unit() != null && !packaged.unit().equals(given.unit())) {
            mismatches.add(at + "in " + given.unit() + " (the package has it in " + packaged.unit() + ")");
        }
        if (!packaged.categories().isEmpty() && !given.categories().isEmpty()) {
            List<String> unknown = new ArrayList<>(given.categories());
            unknown.removeAll(packaged.categories());
            if (!unknown.isEmpty()) {
                mismatches.add(
                        at + "has the categories " + unknown + " (the package knows " + packaged.categories() + ")");
            }
        }
        if (packaged.type() == FeatureType.TENSOR && !Arrays.equals(packaged.shape(), given.shape())) {
            mismatches.add(at + "has shape " + Arrays.toString(given.shape()) + " (the package has "
                    + Arrays.toString(packaged.shape()) + ")");
        }
    }

    /** The same type, or one all of whose values are values of the other. */
    private static boolean fits(Feature given, Feature packaged) {
        FeatureType from = given.type();
        FeatureType to = packaged.type();
        return from == to
                || (from == FeatureType.INTEGER && to == FeatureType.NUMBER)
                || (from == FeatureType.CATEGORY && to == FeatureType.TEXT)
                || (from == FeatureType.TEXT
                        && to == FeatureType.CATEGORY
                        && packaged.categories().isEmpty());
    }
}
