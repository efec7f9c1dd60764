package io.github.plimsoll.monitoring.drift;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is wrong with names: new ones, other spellings of known ones, one that was put there. */
final class NameRules {

    private static final int MAX_NAMES = 5;
    private static final double LEAST_BROKEN = 2;
    private static final double LEAST_SHARE_BROKEN = 0.15;

    private final Case found;

    NameRules(Case found) {
        this.found = found;
    }

    /** The cause of names that the baseline does not have. */
    Cause unseen(int column) {
        String name = found.name(column);
        CellShift rate = found.explanation.rate(found.layout.unseen[column], name + " is a new name");
        Finding.Spelling spelling = spelling(column);
        Incident.Kind kind = Incident.Kind.NEW_CATEGORY;
        Finding names = new Finding.NewNames(name, found.explanation.newNames(column, MAX_NAMES));
        if (spelling != null) {
            names = spelling;
            kind = switch (spelling.change()) {
                case ENCODING, NORMALIZATION -> Incident.Kind.ENCODING_CHANGE;
                case CASE, WHITESPACE, PUNCTUATION -> Incident.Kind.CATEGORY_CASE;
            };
        }
        return Cause.of(kind, rate, names).where(code -> isUnseen(column, code), rate.before());
    }

    private boolean isUnseen(int column, double code) {
        return Double.isFinite(code) && found.norm.isUnseen(column, code);
    }

    private Finding.@Nullable Spelling spelling(int column) {
        RowEncoder encoder = found.layout.encoder;
        List<String> known = new ArrayList<>();
        for (int code = 0; code < encoder.names(column); code++) {
            if (!found.norm.isUnseen(column, code)) {
                known.add(encoder.text(column, code));
            }
        }
        Map<String, Integer> unknown = new TreeMap<>();
        for (double code : found.values(column)) {
            if (isUnseen(column, code)) {
                unknown.merge(found.window.name(column, code), 1, Integer::sum);
            }
        }
        return new Spellings(known).of(found.name(column), unknown);
    }

    /** A known name whose rows' relations are kept is a mix; with relations broken it was put there. */
    Cause cause(int column, double[] values) {
        double broken = found.brokenBy(column);
        return broken > LEAST_SHARE_BROKEN * found.evidence(Channel.CELLS, column) && broken > LEAST_BROKEN
                ? found.constant(Incident.Kind.STUCK_VALUE, column, Case.mostFrequent(values))
                : Cause.of(Incident.Kind.SUBPOPULATION);
    }
}
