package io.github.plimsoll.monitoring.drift;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is wrong with answers: not the model's, one constant, or others than they were. */
final class PredictionRules {

    private static final double MOST = 0.5;
    private static final double MOSTLY = 0.8;
    private static final int MAX_NAMES = 5;

    private final Case found;
    private final int fallback;

    PredictionRules(Case found) {
        this.found = found;
        fallback = found.layout.encoder.fallbackColumn();
    }

    /** The cause of what moved in answers only. */
    Cause cause() {
        if (found.evidence(Channel.FALLBACK, fallback) > 0) {
            Finding.Fallbacks fallbacks = found.explanation.fallbacks();
            return Cause.of(Incident.Kind.FALLBACK_STORM, fallbacks).where(Double::isInfinite, fallbacks.before());
        }
        for (int output = found.features; output < fallback; output++) {
            Cause cause = found.layout.encoder.isNumber(output) ? ofScore(output) : ofLabel(output);
            if (cause != null) {
                return cause;
            }
        }
        return Cause.of(Incident.Kind.PREDICTION_SHIFT);
    }

    /** A constant, if it has most of what moved. */
    private @Nullable Cause ofScore(int output) {
        Finding.PredictionShift shift = found.explanation.predictions(output);
        if (found.evidence(Channel.ATOM, output) > 0 && shift != null) {
            double[] values = found.values(output);
            double top = Case.mostFrequent(values);
            double gained = Case.share(values, top) - found.norm.share(output, top);
            if (gained >= MOST * shift.moved()) {
                return found.constant(Incident.Kind.PREDICTION_FALLBACK, output, top);
            }
        }
        return null;
    }

    /** A few labels move together whatever the reason, so that one of them has to be nearly all, or nearly all that is new. */
    private @Nullable Cause ofLabel(int output) {
        double[] values = found.values(output);
        double[] unseen = Arrays.stream(values)
                .filter(code -> found.norm.isUnseen(output, code))
                .toArray();
        if (found.evidence(Channel.UNSEEN_NAME, output) > 0 && unseen.length > 0) {
            double top = Case.mostFrequent(unseen);
            String name = found.name(output);
            return Case.share(unseen, top) >= MOSTLY
                    ? found.constant(Incident.Kind.PREDICTION_FALLBACK, output, top)
                    : Cause.of(
                            Incident.Kind.PREDICTION_SHIFT,
                            found.explanation.rate(found.layout.unseen[output], name + " is a new name"),
                            new Finding.NewNames(name, found.explanation.newNames(output, MAX_NAMES)));
        }
        return found.evidence(Channel.CELLS, output) > 0 && found.isStuck(output, values)
                ? found.constant(Incident.Kind.PREDICTION_FALLBACK, output, Case.mostFrequent(values))
                : null;
    }

    /** What became of answers, whatever the cause. */
    List<Finding> consequences(Cause cause, List<Integer> columns) {
        List<Finding> findings = new ArrayList<>();
        if (cause.kind() != Incident.Kind.FALLBACK_STORM && found.evidence(Channel.FALLBACK, fallback) > 0) {
            findings.add(found.explanation.fallbacks());
        }
        for (int output = found.features; output < fallback; output++) {
            if (found.layout.encoder.isNumber(output)) {
                Finding.PredictionShift shift = found.explanation.predictions(output);
                findings.addAll(shift == null ? List.of() : List.of(shift));
            } else if (columns.indexOf(output) > 0) { // of the first column this was said already
                findings.addAll(found.explanation.shifts(output));
            }
        }
        return findings;
    }
}
