package io.github.plimsoll.validation.profile;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureType;
import java.util.ArrayList;
import java.util.List;

/** Numbers that are computed of each value of a feature, and summed up like a feature of their own. */
final class Parts {

    private final List<NumberTally> tallies = new ArrayList<>();

    Parts(int number) {
        for (int i = 0; i < number; i++) {
            tallies.add(new NumberTally(FeatureType.NUMBER, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY));
        }
    }

    void add(int part, double value) {
        tallies.get(part).add(value);
    }

    void add(List<NumberFacts> others) {
        for (int i = 0; i < others.size(); i++) {
            tallies.get(i).add(others.get(i));
        }
    }

    List<NumberFacts> facts() {
        return tallies.stream().map(NumberTally::facts).toList();
    }

    static void write(List<NumberFacts> parts, FieldWriter out) {
        out.objects("parts", parts, NumberFacts::write);
    }

    static List<NumberFacts> read(FieldReader in, int number) {
        List<NumberFacts> parts = in.objects("parts", each -> NumberFacts.read(FeatureType.NUMBER, each));
        if (parts.size() != number) {
            throw in.problem("parts", parts.size(), "" + number);
        }
        return parts;
    }

    static List<FeatureProfile> profiles(List<String> names, List<NumberFacts> parts) {
        List<FeatureProfile> profiles = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            profiles.add(
                    new FeatureProfile(Feature.number(names.get(i)), States.NONE, Unreadable.Facts.NONE, parts.get(i)));
        }
        return profiles;
    }
}
