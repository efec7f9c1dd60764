package io.github.plimsoll.validation.profile;

/** What is known of the categories or texts of one feature. */
record WordFacts(long count, long outside, KnownValues.Sorted known) implements Facts {

    @Override
    public void write(FieldWriter out) {
        out.whole("count", count);
        out.whole("outside", outside);
        known.writeTexts(out);
    }

    static WordFacts read(FieldReader in) {
        return new WordFacts(
                in.count("count"), in.count("outside"), KnownValues.Sorted.readTexts(in, WordTally.MOST_KNOWN));
    }
}
