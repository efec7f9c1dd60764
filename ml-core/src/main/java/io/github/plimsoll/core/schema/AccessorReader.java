package io.github.plimsoll.core.schema;

import java.util.List;

/** Reads an input with one accessor a feature. */
final class AccessorReader<I> implements InputReader<I> {

    private final List<Accessor> accessors;
    private final RowFiller[] fillers;

    /** One accessor for each of the layout's features, in their order. */
    AccessorReader(SchemaLayout layout, List<Accessor> accessors) {
        this.accessors = List.copyOf(accessors);
        fillers = RowFiller.of(layout, this.accessors);
    }

    @Override
    public FeatureRow read(SchemaLayout layout, I input) {
        RowWriter row = new RowWriter(layout);
        try {
            for (RowFiller filler : fillers) {
                filler.fill(row, input);
            }
        } catch (Error e) {
            throw e;
        } catch (Throwable e) { // checked ones too: a getter may declare some, and Kotlin's do not even declare them
            throw failure(layout, input, e);
        }
        return row.finish();
    }

    /** Finds the accessor that threw by calling each again. Its exception's message may hold a sensitive value, so is not in ours. */
    private IllegalStateException failure(SchemaLayout layout, I input, Throwable cause) {
        String failed = "an accessor";
        for (int i = 0; i < accessors.size(); i++) {
            try {
                accessors.get(i).handle().invoke((Object) input);
            } catch (Error e) {
                throw e;
            } catch (Throwable e) {
                failed = "feature '" + layout.feature(i).name() + "': "
                        + accessors.get(i).origin();
                break;
            }
        }
        return new IllegalStateException(failed + " threw a " + cause.getClass().getName(), cause);
    }

    @Override
    public InputReader<I> over(SchemaLayout layout) {
        return new AccessorReader<>(layout, accessors);
    }
}
