package io.github.plimsoll.core.schema;

import java.util.Map;

/** Reads the entries of a map whose keys are the features' names. */
record MapReader(boolean ignoresUnknownFields) implements InputReader<Map<String, ?>> {

    @Override
    public FeatureRow read(SchemaLayout layout, Map<String, ?> input) {
        RowWriter row = new RowWriter(layout);
        int found = 0;
        for (int i = 0; i < layout.size(); i++) {
            String name = layout.feature(i).name();
            Object value = input.get(name);
            if (value != null || input.containsKey(name)) {
                found++;
                row.object(i, value);
            } else {
                row.missing(i);
            }
        }
        if (found < input.size() && !ignoresUnknownFields) {
            for (Object key : input.keySet()) { // generics promise strings, heap pollution does not keep the promise
                if (!(key instanceof String name)) {
                    row.unexpected(Wording.observed(key));
                } else if (layout.indexOf(name) < 0) {
                    row.unexpected(name);
                }
            }
        }
        return row.finish();
    }

    @Override
    public MapReader ignoringUnknownFields() {
        return new MapReader(true);
    }
}
