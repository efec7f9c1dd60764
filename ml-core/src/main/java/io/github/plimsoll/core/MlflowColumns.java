package io.github.plimsoll.core;

import io.github.plimsoll.core.internal.mlflow.MlflowRules;
import io.github.plimsoll.core.model.MlflowSignature;
import io.github.plimsoll.core.model.MlflowSignature.ArrayType;
import io.github.plimsoll.core.model.MlflowSignature.Enforcement;
import io.github.plimsoll.core.model.MlflowSignature.Field;
import io.github.plimsoll.core.model.MlflowSignature.Scalar;
import io.github.plimsoll.core.model.MlflowSignature.TensorType;
import io.github.plimsoll.core.model.ModelDescription;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.FeatureType;
import io.github.plimsoll.core.schema.Violation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Holds features, and the rows of them, to the columns of an MLflow signature. Immutable. */
final class MlflowColumns {

    private static final MlflowColumns NONE =
            new MlflowColumns(List.of(), new int[0], new Scalar[0], Enforcement.MLFLOW);

    private final List<Feature> features;
    private final int[] checked; // features whose values the column may refuse
    private final Scalar[] columns; // at the same index
    private final Enforcement enforcement;

    private MlflowColumns(List<Feature> features, int[] checked, Scalar[] columns, Enforcement enforcement) {
        this.features = features;
        this.checked = checked;
        this.columns = columns;
        this.enforcement = enforcement;
    }

    /** The columns of a model, none if it has no signature; adds what does not match. */
    static MlflowColumns of(
            ModelDescription model, List<Feature> features, Enforcement enforcement, List<String> mismatches) {
        MlflowSignature signature = MlflowSignature.of(model).orElse(null);
        if (signature == null || signature.inputs().isEmpty()) {
            return NONE;
        }
        List<Field> inputs = signature.inputs();
        if (inputs.get(0).type() instanceof TensorType) {
            tensors(inputs, features, mismatches);
            return NONE;
        }
        Scalar[] types = new Scalar[features.size()];
        if (inputs.get(0).name() == null) {
            if (inputs.size() != features.size()) {
                mismatches.add("MLflow signature: " + inputs.size() + " columns without names, but the schema has "
                        + features.size() + " features");
            } else {
                for (int i = 0; i < features.size(); i++) {
                    types[i] = match(inputs.get(i), features.get(i), enforcement, mismatches);
                }
            }
        } else {
            boolean inOrder = model.signature().inputs().size() == 1;
            byName(inputs, features, inOrder, types, enforcement, mismatches);
        }
        int[] checked =
                IntStream.range(0, types.length).filter(i -> types[i] != null).toArray();
        Scalar[] columns = new Scalar[checked.length];
        for (int i = 0; i < checked.length; i++) {
            columns[i] = types[checked[i]];
        }
        return new MlflowColumns(features, checked, columns, enforcement);
    }

    private static void byName(
            List<Field> inputs,
            List<Feature> features,
            boolean inOrder,
            @Nullable Scalar[] types,
            Enforcement enforcement,
            List<String> mismatches) {
        Map<String, Integer> byName = new HashMap<>();
        for (int i = 0; i < features.size(); i++) {
            byName.put(features.get(i).name(), i);
        }
        List<String> common = new ArrayList<>();
        for (Field column : inputs) {
            String name = Objects.requireNonNull(column.name());
            Integer feature = byName.remove(name);
            if (feature != null) {
                common.add(name);
                types[feature] = match(column, features.get(feature), enforcement, mismatches);
            } else if (column.required()) {
                mismatches.add("MLflow column '" + column.name() + "': " + column.type()
                        + ", required, but there is no feature of that name");
            }
        }
        for (Feature feature : features) {
            if (byName.containsKey(feature.name())) {
                mismatches.add("feature '" + feature.name() + "': no MLflow column of that name (the signature has "
                        + inputs + ")");
            }
        }
        List<String> given = features.stream()
                .map(Feature::name)
                .filter(name -> !byName.containsKey(name))
                .toList();
        if (inOrder && !given.equals(common)) {
            mismatches.add("MLflow columns " + common + ": the schema has them in the order " + given
                    + " (expected: the signature's order, since the model takes them by position)");
        }
    }

    /** The column's type if its values need a look, else null; adds what does not match. */
    private static @Nullable Scalar match(
            Field column, Feature feature, Enforcement enforcement, List<String> mismatches) {
        FeatureType type = feature.type();
        boolean exact = enforcement == Enforcement.EXACT;
        boolean fits;
        boolean look = false;
        String remedy = "";
        if (column.type() instanceof Scalar scalar) {
            switch (scalar) {
                case BOOLEAN -> fits = type == FeatureType.BOOLEAN;
                case INTEGER, LONG -> {
                    fits = type == FeatureType.INTEGER || (type == FeatureType.NUMBER && exact);
                    look = fits && (scalar == Scalar.INTEGER || type == FeatureType.NUMBER || feature.isNullable());
                    remedy = type == FeatureType.NUMBER ? "declare the feature as an integer" : "";
                }
                case FLOAT -> {
                    fits = type == FeatureType.NUMBER || (type == FeatureType.INTEGER && exact);
                    look = fits && type == FeatureType.INTEGER;
                    remedy = type == FeatureType.INTEGER
                            ? "declare the feature as a number, or take what fits exactly with Enforcement.EXACT"
                            : "";
                }
                case DOUBLE -> {
                    fits = type == FeatureType.NUMBER || type == FeatureType.INTEGER;
                    look = fits && type == FeatureType.INTEGER;
                }
                case STRING -> fits = type == FeatureType.TEXT || type == FeatureType.CATEGORY;
                case DATETIME -> fits = type == FeatureType.TIMESTAMP;
                default -> fits = false;
            }
            if (fits) {
                return look ? scalar : null;
            }
        } else if (column.type() instanceof ArrayType array) {
            fits = type == FeatureType.TENSOR && (array.items() == Scalar.FLOAT || array.items() == Scalar.DOUBLE);
        } else {
            fits = column.type() instanceof MlflowSignature.Unchecked;
        }
        if (!fits) {
            mismatches.add("MLflow column '" + (column.name() == null ? "" : column.name()) + "': " + column.type()
                    + " cannot take feature '" + feature.name() + "' of type " + type
                    + (remedy.isEmpty() ? "" : " (" + remedy + ")"));
        }
        return null;
    }

    private static void tensors(List<Field> inputs, List<Feature> features, List<String> mismatches) {
        if (inputs.size() != 1 || !(inputs.get(0).type() instanceof TensorType tensor)) {
            return; // the model itself has the same names, and has been asked
        }
        long elements = 1;
        for (int d = 1; d < tensor.shape().size(); d++) {
            long size = tensor.shape().get(d);
            elements = size < 0 || elements < 0 ? -1 : elements * size;
        }
        boolean scalars = features.stream().noneMatch(feature -> feature.type() == FeatureType.TENSOR);
        if (scalars && elements >= 0 && elements != features.size()) {
            mismatches.add("MLflow signature: " + tensor + ", but the schema has " + features.size() + " features");
        }
    }

    /** What the columns refuse of a row. */
    List<Violation> check(FeatureRow row) {
        List<Violation> violations = null;
        for (int i = 0; i < checked.length; i++) {
            Violation violation = check(row, checked[i], columns[i]);
            if (violation != null) {
                violations = violations == null ? new ArrayList<>() : violations;
                violations.add(violation);
            }
        }
        return violations == null ? List.of() : violations;
    }

    private @Nullable Violation check(FeatureRow row, int index, Scalar column) {
        Feature feature = features.get(index);
        if (row.isNull(index)) {
            return column == Scalar.INTEGER || column == Scalar.LONG
                    ? Violation.of(
                            Violation.NULL,
                            feature,
                            null,
                            "a value, since an MLflow " + column
                                    + " column cannot have missing values (log the model with the column as double)")
                    : null;
        }
        String expected = feature.type() == FeatureType.INTEGER
                ? MlflowRules.integer(row.integer(index), column, enforcement)
                : MlflowRules.number(row.number(index), column, enforcement);
        return expected == null
                ? null
                : Violation.of(
                        Violation.INEXACT,
                        feature,
                        feature.type() == FeatureType.INTEGER
                                ? (Object) row.integer(index)
                                : (Object) row.number(index),
                        expected);
    }
}
