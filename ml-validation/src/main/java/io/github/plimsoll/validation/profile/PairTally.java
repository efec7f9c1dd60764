package io.github.plimsoll.validation.profile;

import io.github.plimsoll.core.schema.FeatureRow;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Sums up the products of two features, over the rows in which both have finite values. Not thread-safe. */
final class PairTally {

    private static final int MOST_ADDED = 1 << 30;

    private final int first; // the places of the features among those of the recorder
    private final int second;
    private long rows;
    private int added;
    private final ExactSum x = new ExactSum();
    private final ExactSum y = new ExactSum();
    private final ExactSum xx = new ExactSum();
    private final ExactSum yy = new ExactSum();
    private final ExactSum xy = new ExactSum();

    PairTally(int first, int second) {
        this.first = first;
        this.second = second;
    }

    void add(FeatureRow row, int[] places) {
        double a = row.number(places[first]);
        double b = row.number(places[second]);
        if (Double.isFinite(a) && Double.isFinite(b)) {
            rows++;
            PowerSums.addTo(x, a);
            PowerSums.addTo(y, b);
            PowerSums.addProduct(xx, a, a);
            PowerSums.addProduct(yy, b, b);
            PowerSums.addProduct(xy, a, b);
            count(2);
        }
    }

    private void count(int more) {
        added += more;
        if (added >= MOST_ADDED) {
            sums().forEach(ExactSum::carry);
            added = 0;
        }
    }

    private List<ExactSum> sums() {
        return List.of(x, y, xx, yy, xy);
    }

    void add(PairFacts other) {
        rows += other.rows();
        for (int i = 0; i < other.sums().size(); i++) {
            sums().get(i).add(other.sums().get(i));
        }
        count(1);
    }

    /** The places of the features. */
    @Override
    public String toString() {
        return first + " " + second;
    }

    PairFacts facts() {
        sums().forEach(ExactSum::carry);
        added = 0;
        return new PairFacts(
                first, second, rows, sums().stream().map(ExactSum::copy).toList());
    }

    /** What was counted: the sums of x, y, their squares and their products. */
    record PairFacts(int first, int second, long rows, List<ExactSum> sums) {

        private static final int SUMS = 5;

        static void write(PairFacts facts, FieldWriter out) {
            out.whole("first", facts.first);
            out.whole("second", facts.second);
            out.whole("rows", facts.rows);
            out.objects("sums", facts.sums, ExactSum::write);
        }

        static PairFacts read(FieldReader in) {
            int first = (int) in.count("first");
            int second = (int) in.count("second");
            long rows = in.count("rows");
            List<ExactSum> sums = new ArrayList<>(in.objects("sums", ExactSum::read));
            if (sums.size() != SUMS) {
                throw in.problem("sums", sums.size(), "" + SUMS);
            }
            return new PairFacts(first, second, rows, sums);
        }

        double correlation() {
            BigInteger n = BigInteger.valueOf(rows);
            BigInteger x = value(0);
            BigInteger y = value(1);
            BigInteger inX = value(2).multiply(n).subtract(x.pow(2));
            BigInteger inY = value(3).multiply(n).subtract(y.pow(2));
            BigInteger both = value(4).multiply(n).subtract(x.multiply(y));
            if (inX.signum() <= 0 || inY.signum() <= 0) {
                return Double.NaN;
            }
            double square = PowerSums.ratio(both.pow(2), inX.multiply(inY), 0);
            return both.signum() * Math.sqrt(square);
        }

        private BigInteger value(int sum) {
            return sums.get(sum).chunksValue().shiftLeft(32 * sums.get(sum).base());
        }
    }
}
