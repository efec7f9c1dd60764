package io.github.plimsoll.validation.profile;

import io.github.plimsoll.core.schema.FeatureRow;

/** That there were values, and no more: of sensitive features. */
record NoFacts(long count) implements Facts {

    @Override
    public void write(FieldWriter out) {
        out.whole("count", count);
    }

    static NoFacts read(FieldReader in) {
        return new NoFacts(in.count("count"));
    }

    @Override
    public long outside() {
        return 0;
    }

    /** Counts values without looking at them. */
    static final class Counter implements Tally {

        private long count;

        @Override
        public void add(FeatureRow row, int index) {
            count++;
        }

        @Override
        public void add(Facts other) {
            count += other.count();
        }

        @Override
        public Facts facts() {
            return new NoFacts(count);
        }
    }
}
