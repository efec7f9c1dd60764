package io.github.plimsoll.monitoring.drift;

import io.github.plimsoll.monitoring.profile.Baseline;
import io.github.plimsoll.monitoring.profile.Cell;
import io.github.plimsoll.monitoring.profile.FeatureBaseline;
import io.github.plimsoll.monitoring.profile.FeatureProfile;
import io.github.plimsoll.monitoring.profile.Profile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Turns counts into a report. Immutable. */
final class DriftTest {

    private static final int MAX_SHIFTS = 3;

    private final List<Evidence> evidence;
    private final double threshold;

    /** With a bound on the probability that any feature is ever called drifted: an equal part for each (Bonferroni). */
    DriftTest(Baseline baseline, double falseAlarmProbability) {
        evidence = baseline.features().stream()
                .map(feature -> new Evidence(new CellSplit(feature)))
                .toList();
        threshold = StrictMath.log10(evidence.size() / falseAlarmProbability);
    }

    DriftReport apply(Profile profile) {
        List<FeatureDrift> features = new ArrayList<>();
        for (int i = 0; i < evidence.size(); i++) {
            FeatureProfile feature = profile.features().get(i);
            features.add(new FeatureDrift(
                    feature.baseline().name(),
                    feature.rows(),
                    evidence.get(i).score(feature),
                    threshold,
                    Psi.of(feature),
                    shifts(feature)));
        }
        return new DriftReport(profile.rows(), features);
    }

    /** A cell that gained, with how much it adds to the likelihood of the change. */
    private record Gain(CellShift shift, double evidence) {}

    private static List<CellShift> shifts(FeatureProfile profile) {
        FeatureBaseline feature = profile.baseline();
        double base = feature.cells().stream().mapToDouble(Cell::expected).sum();
        long live = profile.rows();
        List<Gain> gains = new ArrayList<>();
        for (int i = 0; i < feature.cells().size(); i++) {
            Cell cell = feature.cells().get(i);
            double before = cell.expected() / base;
            double now = live == 0 ? 0 : (double) profile.count(i) / live;
            if (now > before) {
                double smoothed =
                        (cell.expected() + 0.5) / base; // a cell that was empty would be infinitely surprising
                gains.add(new Gain(
                        CellShift.of(
                                feature.name() + ' ' + cell,
                                before,
                                profile.count(i),
                                live,
                                feature.cells().size()),
                        profile.count(i) * StrictMath.log(now / smoothed)));
            }
        }
        double most = gains.stream().mapToDouble(Gain::evidence).max().orElse(0);
        return gains.stream()
                .filter(gain -> gain.evidence() >= most / 10)
                .sorted(Comparator.comparingDouble(Gain::evidence).reversed())
                .limit(MAX_SHIFTS)
                .map(Gain::shift)
                .toList();
    }
}
