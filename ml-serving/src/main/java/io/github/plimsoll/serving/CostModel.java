package io.github.plimsoll.serving;

/**
 * How long a run of {@code n} rows takes: {@code a * n + b}, fitted by least squares to the latest runs. Not thread-safe.
 *
 * <p>Old runs count for nothing once {@value #WINDOW} later ones are there, so the line follows a model that becomes slower or
 * faster. While all runs of the window have one size, only their mean is known: the line goes through it and keeps its last
 * proportion of {@code a} to {@code b}, at the beginning {@code b = 0}.
 */
final class CostModel {

    static final int WINDOW = 50;

    private final double leastSlope;
    private final int[] rows = new int[WINDOW];
    private final double[] times = new double[WINDOW];
    private int count;
    private int next;
    private double a;
    private double b;
    private boolean spread;
    private int largest;

    /** A model that knows nothing yet; {@code leastSlope} > 0 is the least time that a row is taken to cost. */
    CostModel(double leastSlope) {
        this.leastSlope = leastSlope;
    }

    /** Learns from a run. */
    void add(int n, double time) {
        rows[next] = n;
        times[next] = time;
        next = (next + 1) % WINDOW;
        count = Math.min(WINDOW, count + 1);
        fit();
    }

    private void fit() {
        double meanRows = 0;
        double meanTime = 0;
        largest = 0;
        for (int i = 0; i < count; i++) {
            meanRows += rows[i];
            meanTime += times[i];
            largest = Math.max(largest, rows[i]);
        }
        meanRows /= count;
        meanTime /= count;
        double squares = 0;
        double products = 0;
        for (int i = 0; i < count; i++) {
            squares += (rows[i] - meanRows) * (rows[i] - meanRows);
            products += (rows[i] - meanRows) * (times[i] - meanTime);
        }
        spread = squares > 0;
        if (spread) {
            double slope = products / squares;
            a = Math.max(leastSlope, slope);
            b = Math.max(0, meanTime - slope * meanRows);
        } else {
            double before = time(meanRows);
            double factor = before > 0 ? meanTime / before : 0;
            a = Math.max(leastSlope, before > 0 ? a * factor : meanTime / meanRows);
            b *= factor;
        }
    }

    /** What a row adds to a run. */
    double slope() {
        return a;
    }

    /** What a run costs whatever its size. */
    double intercept() {
        return b;
    }

    boolean isEmpty() {
        return count == 0;
    }

    private double time(double n) {
        return a * n + b;
    }

    /** How long a run of a number of rows takes; 0 if nothing is known yet. */
    double of(int n) {
        return count == 0 ? 0 : time(n);
    }

    /**
     * How many rows a run may have in order to take no longer than {@code limit}: never more than twice as many as were tried
     * lately, so that the line is not trusted far from where it was measured. Where not even one row is that quick, as many
     * as double what a run costs anyway.
     */
    int rowsWithin(double limit) {
        if (count == 0) {
            return 1;
        }
        double allowed = (a + b > limit ? b : limit - b) / a;
        if (!spread && allowed >= largest) {
            allowed = 2.0 * largest; // one size fits the limit: try the next, there is no line yet
        }
        return (int) Math.max(1, Math.min(2.0 * largest, allowed));
    }
}
