package io.github.plimsoll.monitoring.profile;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gathers rows and cuts cells. Not thread-safe; builds one baseline. */
final class BaselineBuilder {

    private final List<Feature> features;
    private final List<Column> columns = new ArrayList<>();
    private @Nullable List<Feature> layout;
    private int[] indexes = {};
    private int rows;

    BaselineBuilder(List<Feature> features) {
        this.features = List.copyOf(features);
        Set<String> names = new HashSet<>();
        for (Feature feature : this.features) {
            if (!names.add(feature.name())) {
                throw new IllegalArgumentException(
                        "feature '" + feature.name() + "': given twice (expected: names that differ)");
            }
            columns.add(Column.of(feature));
        }
        if (columns.isEmpty()) {
            throw new IllegalArgumentException("features: none (expected: at least one)");
        }
    }

    void add(FeatureRow row) {
        if (row.features() != layout) { // the same list for all rows of a schema
            indexes = indexes(row);
            layout = row.features();
        }
        for (int i = 0; i < indexes.length; i++) {
            columns.get(i).add(row, indexes[i]);
        }
        rows++;
    }

    private int[] indexes(FeatureRow row) {
        int[] found = new int[features.size()];
        for (int i = 0; i < found.length; i++) {
            Feature feature = features.get(i);
            found[i] = row.indexOf(feature.name());
            if (found[i] < 0 || !row.features().get(found[i]).equals(feature)) {
                throw new IllegalArgumentException("rows[" + rows + "]: "
                        + (found[i] < 0
                                ? "no feature '" + feature.name() + "'"
                                : row.features().get(found[i]))
                        + " (expected: " + feature + ")");
            }
        }
        return found;
    }

    Baseline build() {
        if (rows < Baseline.MIN_ROWS) {
            throw new IllegalArgumentException(
                    "baseline: " + rows + " rows (expected: >= " + Baseline.MIN_ROWS + ", better some thousand)");
        }
        List<FeatureBaseline> all = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            Feature feature = features.get(i);
            all.add(new FeatureBaseline(
                    feature.name(),
                    feature.type(),
                    feature.isSensitive(),
                    columns.get(i).cells()));
        }
        return new Baseline(rows, all);
    }
}
