package io.github.plimsoll.core.schema;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The features of a schema with what is looked up per call; shared by a schema and its rows. */
final class SchemaLayout {

    private final List<Feature> features;
    private final FeatureType[] types;
    private final Map<String, Integer> indexes;
    private final List<Map<String, Integer>> categoryCodes;
    private final long[][] shapes;

    SchemaLayout(List<Feature> features) {
        if (features.isEmpty()) {
            throw new IllegalArgumentException("features: none (expected: at least one)");
        }
        this.features = List.copyOf(features);
        types = this.features.stream().map(Feature::type).toArray(FeatureType[]::new);
        indexes = new HashMap<>();
        for (Feature feature : this.features) {
            if (indexes.put(feature.name(), indexes.size()) != null) {
                throw new IllegalArgumentException(
                        "features: '" + feature.name() + "' stands twice (expected: names that differ)");
            }
        }
        categoryCodes = this.features.stream().map(SchemaLayout::codes).toList();
        shapes = this.features.stream().map(Feature::shape).toArray(long[][]::new);
    }

    private static Map<String, Integer> codes(Feature feature) {
        Map<String, Integer> codes = new HashMap<>();
        for (String category : feature.categories()) {
            codes.put(category, codes.size());
        }
        return codes;
    }

    List<Feature> features() {
        return features;
    }

    int size() {
        return types.length;
    }

    Feature feature(int index) {
        return features.get(index);
    }

    FeatureType type(int index) {
        return types[index];
    }

    int indexOf(String name) {
        return indexes.getOrDefault(name, -1);
    }

    /** The code of a category's name, or -1. */
    int code(int index, String category) {
        return categoryCodes.get(index).getOrDefault(category, -1);
    }

    /** The shape of a tensor; not a copy, so not to be changed. */
    long[] shape(int index) {
        return shapes[index];
    }
}
