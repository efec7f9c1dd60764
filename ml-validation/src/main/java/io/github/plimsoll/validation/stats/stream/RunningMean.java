package io.github.plimsoll.validation.stats.stream;

/** The mean of the values so far and the sum of their squared distances from it (Welford). Not thread-safe. */
final class RunningMean {

    private long n;
    private double mean;
    private double squares;

    void add(double value) {
        n++;
        double before = value - mean;
        mean += before / n;
        squares += before * (value - mean);
    }

    void copy(RunningMean other) {
        n = other.n;
        mean = other.mean;
        squares = other.squares;
    }

    void clear() {
        copy(new RunningMean());
    }

    long n() {
        return n;
    }

    double mean() {
        return mean;
    }

    /** With n; NaN without a value. */
    double populationDeviation() {
        return Math.sqrt(squares / n);
    }

    /** With n - 1; 0 of fewer than two values. */
    double deviation() {
        return n < 2 ? 0 : Math.sqrt(squares / (n - 1));
    }
}
