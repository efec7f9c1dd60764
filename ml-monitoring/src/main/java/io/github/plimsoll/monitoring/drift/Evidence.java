package io.github.plimsoll.monitoring.drift;

import io.github.plimsoll.monitoring.profile.FeatureProfile;
import java.util.Arrays;

/**
 * How much more likely a feature's counts are under "its law is another" than under "its law is the baseline's".
 *
 * <p>A likelihood ratio E of this kind is, row by row, a martingale with expectation 1 while nothing has changed, so it ever
 * reaches 1 / alpha with a probability of at most alpha, however often one looks (Ville's inequality). The score is its
 * logarithm to base 10.
 *
 * <p>Two such ratios are combined. {@link CellMixture} compares the cells that the baseline has many rows in and is conditional
 * on a row being in one of them; {@link RareCells} compares, for each of the others, how often it occurs at all. Their
 * product is such a ratio too, and so is the mean of both and the product, which sees what either sees.
 */
final class Evidence {

    private static final double LN_10 = StrictMath.log(10);
    private static final double LN_3 = StrictMath.log(3);

    private final int[] mainCells;
    private final CellMixture main;
    private final RareCells rare;

    Evidence(CellSplit split) {
        mainCells = split.main;
        main = new CellMixture(split.parameters, split.ordered);
        rare = new RareCells(split);
    }

    /** The logarithm to base 10 of E; 0 without rows. Depends on the counts only. */
    double score(FeatureProfile profile) {
        double ofMain = main.logEvidence(
                Arrays.stream(mainCells).mapToLong(profile::count).toArray());
        if (rare.isEmpty()) {
            return ofMain / LN_10;
        }
        double ofRare = rare.logEvidence(profile);
        return (LogSum.of(ofMain, ofRare, ofMain + ofRare) - LN_3) / LN_10;
    }
}
