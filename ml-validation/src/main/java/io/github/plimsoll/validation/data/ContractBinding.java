package io.github.plimsoll.validation.data;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Where a contract and the schema of a predictor meet. */
final class ContractBinding {

    private ContractBinding() {}

    /**
     * What a contract says of a feature in an environment.
     *
     * @return the column, or null if the contract lets columns be that it does not know or check
     * @throws IllegalStateException if the model reads a feature that the contract does not have, or has otherwise
     */
    static @Nullable ColumnContract column(DataContract contract, Feature feature, Environment environment) {
        ColumnContract column = contract.byName().get(feature.name());
        if (column == null) {
            if (contract.reaction(Check.UNEXPECTED) == Reaction.REJECT) {
                throw problem(contract, feature, "in no column of the contract", "a column for each feature");
            }
            return null;
        }
        if (!column.environments().contains(environment)) {
            throw problem(contract, feature, "a column that is not there when serving", "one that is");
        }
        if (!column.lifecycle().isChecked()) {
            return null;
        }
        FeatureType type = column.feature().type();
        boolean openText =
                isText(type) && isText(feature.type()) && feature.categories().isEmpty();
        if (type != feature.type() && !openText) {
            throw problem(
                    contract, feature, "of type " + feature.type() + " in the schema", type + ", as in the contract");
        }
        String unit = column.feature().unit();
        if (unit != null && feature.unit() != null && !unit.equals(feature.unit())) {
            throw problem(contract, feature, "in " + feature.unit() + " in the schema", unit + ", as in the contract");
        }
        return column;
    }

    private static boolean isText(FeatureType type) {
        return type == FeatureType.TEXT || type == FeatureType.CATEGORY;
    }

    /** The contract's feature, with the range or categories that the schema allows, too. */
    static Feature narrower(Feature schema, Feature contract) {
        Feature both = switch (schema.type()) {
            case NUMBER, INTEGER, TENSOR -> commonRange(schema, contract);
            case CATEGORY -> commonCategories(schema, contract);
            case BOOLEAN, TEXT, TIMESTAMP -> contract;
        };
        return schema.isSensitive() ? both.sensitive() : both;
    }

    private static Feature commonCategories(Feature schema, Feature contract) {
        if (schema.categories().isEmpty()) {
            return contract;
        }
        List<String> common = new ArrayList<>(schema.categories());
        if (!contract.categories().isEmpty()) {
            common.retainAll(contract.categories());
        }
        if (common.isEmpty()) {
            throw new IllegalStateException("Guard: '" + schema.name() + "' is one of " + schema.categories()
                    + " in the schema and of " + contract.categories()
                    + " in the contract (expected: sets that have a category in common)");
        }
        Feature narrowed = Feature.category(contract.name(), common);
        narrowed = contract.isNullable() ? narrowed.nullable() : narrowed;
        return contract.isSensitive() ? narrowed.sensitive() : narrowed;
    }

    private static Feature commonRange(Feature schema, Feature contract) {
        double least = Math.max(schema.min(), contract.min());
        double greatest = Math.min(schema.max(), contract.max());
        if (least > greatest) {
            throw new IllegalStateException("Guard: '" + schema.name() + "' is " + schema.min() + " to " + schema.max()
                    + " in the schema and " + contract.min() + " to " + contract.max()
                    + " in the contract (expected: ranges that have a value in common)");
        }
        return contract.range(least, greatest);
    }

    /** The rules between columns that all are features of the schema. */
    static List<RowRule> rules(DataContract contract, List<Feature> schema) {
        List<String> names = schema.stream().map(Feature::name).collect(Collectors.toList());
        return contract.rowRules().stream()
                .filter(rule -> rule.reaction() != Reaction.ACCEPT && names.containsAll(rule.columns()))
                .toList();
    }

    private static IllegalStateException problem(
            DataContract contract, Feature feature, String found, String expected) {
        return new IllegalStateException("Guard: contract '" + contract.name() + "': feature '" + feature.name()
                + "' is " + found + " (expected: " + expected + ")");
    }
}
