package io.github.plimsoll.core;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.plimsoll.core.internal.pack.SafeJson;
import io.github.plimsoll.core.model.ElementType;
import io.github.plimsoll.core.model.Inference;
import io.github.plimsoll.core.model.ModelDescription;
import io.github.plimsoll.core.model.Tensor;
import io.github.plimsoll.core.model.TensorSpec;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.FeatureType;
import io.github.plimsoll.core.schema.Violation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which feature goes into which element of which model input. The rules are in {@link ModelSource#as(
 * io.github.plimsoll.core.schema.Schema, io.github.plimsoll.core.schema.Output)}.
 */
final class InputBinding {

    /** One model input with the features that fill a row of it. */
    private static final class Filling {

        private final TensorSpec spec;
        private final int[] features;

        private Filling(TensorSpec spec, int... features) {
            this.spec = spec;
            this.features = features;
        }
    }

    private final List<Feature> features;
    private final Filling[] fillings; // at the index of the model's input
    private final int[] variableTensors; // features whose number of elements may differ from row to row

    private InputBinding(List<Feature> features, Filling[] fillings) {
        this.features = features;
        this.fillings = fillings;
        this.variableTensors = Arrays.stream(fillings)
                .filter(filling -> filling.spec.elementsPerRow() < 0)
                .flatMapToInt(filling -> Arrays.stream(filling.features))
                .filter(feature -> features.get(feature).type() == FeatureType.TENSOR)
                .toArray();
    }

    /** The binding, or null with at least one more mismatch. */
    static @Nullable InputBinding of(ModelDescription model, List<Feature> features, List<String> mismatches) {
        int before = mismatches.size();
        List<TensorSpec> inputs = model.signature().inputs();
        Map<String, Integer> byName = new LinkedHashMap<>();
        features.forEach(feature -> byName.put(feature.name(), byName.size()));

        List<Filling> fillings = new ArrayList<>();
        TensorSpec only = inputs.size() == 1 ? inputs.get(0) : null;
        boolean asColumns = only != null
                && isMatrix(only)
                && features.stream().noneMatch(f -> f.type() == FeatureType.TENSOR)
                && !(features.size() == 1 && byName.containsKey(only.name()));
        if (only != null && asColumns) {
            bindColumns(model, only, features, mismatches);
            fillings.add(new Filling(only, indexes(features.size())));
        } else if (only != null && features.size() == 1 && features.get(0).type() == FeatureType.TENSOR) {
            fillings.add(new Filling(only, 0));
        } else {
            Set<String> unused = new LinkedHashSet<>(byName.keySet());
            for (TensorSpec input : inputs) {
                Integer feature = byName.get(input.name());
                unused.remove(input.name());
                if (feature == null) {
                    mismatches.add("input '" + input.name() + "': no feature of that name (the model wants " + input
                            + ", the schema has " + byName.keySet() + ")");
                } else {
                    fillings.add(new Filling(input, feature));
                }
            }
            for (String name : unused) {
                mismatches.add("feature '" + name + "': no model input of that name (the model has "
                        + inputs.stream().map(TensorSpec::name).toList() + ")");
            }
        }
        for (Filling filling : fillings) {
            for (int feature : filling.features) {
                checkType(filling.spec, features.get(feature), mismatches);
                if (!asColumns) {
                    checkSize(filling.spec, features.get(feature), mismatches);
                }
            }
        }
        return mismatches.size() > before ? null : new InputBinding(features, fillings.toArray(Filling[]::new));
    }

    private static boolean isMatrix(TensorSpec input) {
        return input.shape().length == 2;
    }

    private static int[] indexes(int count) {
        int[] indexes = new int[count];
        Arrays.setAll(indexes, i -> i);
        return indexes;
    }

    private static void bindColumns(
            ModelDescription model, TensorSpec input, List<Feature> features, List<String> mismatches) {
        long columns = input.elementsPerRow();
        if (columns >= 0 && columns != features.size()) {
            mismatches.add("input '" + input.name() + "': " + columns + " columns, but the schema has "
                    + features.size() + " features "
                    + features.stream().map(Feature::name).toList());
        }
        List<String> trained = trainedNames(model, mismatches);
        List<String> given = features.stream().map(Feature::name).toList();
        if (!trained.isEmpty() && !trained.equals(given)) {
            List<String> missing = new ArrayList<>(trained);
            missing.removeAll(given);
            List<String> surplus = new ArrayList<>(given);
            surplus.removeAll(trained);
            mismatches.add(
                    "input '" + input.name() + "': the model was trained on columns " + trained + ", the schema has "
                            + given + (missing.isEmpty() ? "" : "; missing " + missing)
                            + (surplus.isEmpty() ? "" : "; surplus " + surplus)
                            + (missing.isEmpty() && surplus.isEmpty() ? "; the order differs" : ""));
        }
    }

    private static List<String> trainedNames(ModelDescription model, List<String> mismatches) {
        String names = model.metadata().get("feature_names");
        if (names == null) {
            return List.of();
        }
        List<String> trained = new ArrayList<>();
        boolean sound;
        try {
            JsonNode array = SafeJson.parse(names.getBytes(StandardCharsets.UTF_8), "", "feature_names");
            array.forEach(name -> trained.add(name.textValue()));
            sound = array.isArray() && !trained.contains(null);
        } catch (ModelPackageException malformed) {
            sound = false;
        }
        if (!sound) {
            mismatches.add("metadata 'feature_names': " + names + " (expected: a JSON array of strings)");
        }
        return sound ? trained : List.of();
    }

    private static void checkType(TensorSpec input, Feature feature, List<String> mismatches) {
        ElementType type = input.type();
        boolean fits = switch (feature.type()) {
            case NUMBER, TENSOR -> type.isFloating();
            case INTEGER -> type.isIntegral() || type.isFloating();
            case BOOLEAN -> type == ElementType.BOOL || type.isIntegral() || type.isFloating();
            case CATEGORY, TEXT -> type == ElementType.STRING;
            case TIMESTAMP -> type == ElementType.INT64;
        };
        if (!fits) {
            String remedy = switch (feature.type()) {
                case CATEGORY, TEXT -> "encode it inside the model, or give the model's own numbers as features";
                case TIMESTAMP -> "give the hour, the weekday or an age as a feature";
                case NUMBER -> type.isIntegral() ? "declare the feature as an integer" : "change the feature's type";
                default -> "change the feature's type";
            };
            mismatches.add("input '" + input.name() + "': " + type + " cannot take feature '" + feature.name()
                    + "' of type " + feature.type() + " (" + remedy + ")");
        }
    }

    private static void checkSize(TensorSpec input, Feature feature, List<String> mismatches) {
        long wanted = input.elementsPerRow();
        long given = 1;
        for (long size : feature.shape()) {
            given = size < 0 ? -1 : given * size;
        }
        boolean fits = feature.type() == FeatureType.TENSOR
                ? wanted < 0 || given < 0 || wanted == given
                : wanted == 1 || (wanted < 0 && input.shape().length <= 2);
        if (!fits) {
            mismatches.add("input '" + input.name() + "': " + wanted + " elements a row, but feature '" + feature.name()
                    + "' has " + given);
        }
        if (feature.type() == FeatureType.TENSOR && wanted < 0 && unfixedSizes(input) > 1) {
            mismatches.add("input '" + input.name() + "': " + input
                    + " has more than one size that is not fixed (use a translation)");
        }
    }

    private static long unfixedSizes(TensorSpec input) {
        return Arrays.stream(input.shape()).skip(1).filter(size -> size < 0).count();
    }

    List<Feature> features() {
        return features;
    }

    /** Whether two rows can go into one run of the model. */
    boolean sameShape(FeatureRow a, FeatureRow b) {
        for (int feature : variableTensors) {
            if (a.tensorLength(feature) != b.tensorLength(feature)) {
                return false;
            }
        }
        return true;
    }

    /** Sizes the inputs whose size is not fixed by the first row. */
    void begin(Inference inference, FeatureRow first, int rows) {
        for (int i = 0; i < fillings.length; i++) {
            TensorSpec spec = fillings[i].spec;
            if (spec.elementsPerRow() < 0) {
                int feature = fillings[i].features[0];
                long elements = features.get(feature).type() == FeatureType.TENSOR
                        ? first.tensorLength(feature)
                        : fillings[i].features.length;
                inference.input(i, shape(spec, rows, elements));
            }
        }
    }

    private static long[] shape(TensorSpec spec, int rows, long elements) {
        long[] shape = spec.shape();
        shape[0] = rows;
        long fixed = 1;
        for (int d = 1; d < shape.length; d++) {
            fixed *= Math.max(1, shape[d]);
        }
        for (int d = 1; d < shape.length; d++) {
            if (shape[d] < 0) {
                shape[d] = elements / fixed;
            }
        }
        return shape;
    }

    /** Fills one row of every input; the violation if the model's inputs cannot hold the row. */
    @Nullable
    Violation fill(Inference inference, FeatureRow row, int index) {
        for (int i = 0; i < fillings.length; i++) {
            Tensor tensor = inference.input(i);
            int[] columns = fillings[i].features;
            int element = index * columns.length;
            for (int feature : columns) {
                Violation violation = fill(tensor, element++, row, feature, index);
                if (violation != null) {
                    return violation;
                }
            }
        }
        return null;
    }

    private @Nullable Violation fill(Tensor tensor, int element, FeatureRow row, int feature, int index) {
        switch (features.get(feature).type()) {
            case NUMBER -> {
                double value = row.number(feature);
                if (tensor.type() == ElementType.FLOAT32 && Math.abs(value) > Float.MAX_VALUE && overflows(value)) {
                    return violation(Violation.INEXACT, feature, value, "a number that 32 bits can hold");
                }
                tensor.number(element, value);
            }
            case INTEGER, BOOLEAN, TIMESTAMP -> {
                if (row.isNull(feature)) {
                    if (!tensor.type().isFloating()) {
                        return noNull(tensor, feature);
                    }
                    tensor.number(element, Double.NaN);
                } else {
                    long value = row.integer(feature);
                    if (!holds(tensor.type(), value)) {
                        return violation(
                                Violation.INEXACT, feature, value, "a number that " + tensor.type() + " can hold");
                    }
                    tensor.integer(element, value);
                }
            }
            case CATEGORY, TEXT -> {
                String text = row.text(feature);
                if (text == null) {
                    return noNull(tensor, feature);
                }
                tensor.text(element, text);
            }
            case TENSOR -> {
                if (row.isNull(feature)) { // has no elements, which an input of any size would take
                    return noNull(tensor, feature);
                }
                int given = row.tensorLength(feature);
                int wanted = tensor.length() / tensor.rows();
                if (given != wanted) {
                    return violation(Violation.LENGTH, feature, given + " elements", wanted + " elements");
                }
                boolean narrow = tensor.type() == ElementType.FLOAT32;
                for (int e = 0; e < given; e++) {
                    double value = row.tensorElement(feature, e);
                    if (narrow && Math.abs(value) > Float.MAX_VALUE && overflows(value)) {
                        return overflow(feature, e, value);
                    }
                    tensor.number(index * wanted + e, value);
                }
            }
        }
        return null;
    }

    private static boolean overflows(double value) {
        return !Double.isInfinite(value) && Float.isInfinite((float) value);
    }

    private static boolean holds(ElementType type, long value) {
        return switch (type) {
            case INT8 -> value == (byte) value;
            case UINT8 -> value == (value & 0xFF);
            case INT16 -> value == (short) value;
            case INT32 -> value == (int) value;
            default -> true;
        };
    }

    private Violation noNull(Tensor tensor, int feature) {
        return violation(Violation.NULL, feature, null, "a value, since the model's input is " + tensor.type());
    }

    private Violation overflow(int feature, int element, double value) {
        Violation of = violation(Violation.INEXACT, feature, value, "a number that 32 bits can hold");
        return new Violation(of.code(), of.path() + "[" + element + "]", of.observed(), of.expected(), of.severity());
    }

    private Violation violation(String code, int feature, @Nullable Object observed, String expected) {
        return Violation.of(code, features.get(feature), observed, expected);
    }
}
