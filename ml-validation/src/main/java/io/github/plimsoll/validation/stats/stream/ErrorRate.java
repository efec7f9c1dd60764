package io.github.plimsoll.validation.stats.stream;

/** The rate of errors so far with its standard deviation, and the lowest that their sum has been. Not thread-safe. */
final class ErrorRate {

    private final long from;
    private final RunningMean rate = new RunningMean();
    private double upper;
    private double lowest;
    private double deviationOfLowest;

    /** The lowest is kept from the {@code from}th value on. */
    ErrorRate(long from) {
        this.from = from;
        clear();
    }

    void clear() {
        rate.clear();
        lowest = Double.POSITIVE_INFINITY;
        deviationOfLowest = Double.POSITIVE_INFINITY;
    }

    void add(double error) {
        rate.add(error);
        double p = rate.mean();
        double deviation = Math.sqrt(Math.max(0, p * (1 - p)) / rate.n());
        upper = p + deviation;
        if (rate.n() >= from && upper <= lowest + deviationOfLowest) {
            lowest = p;
            deviationOfLowest = deviation;
        }
    }

    long n() {
        return rate.n();
    }

    /** Whether the rate and its deviation are so many deviations above the lowest; false while there is none. */
    boolean isAboveLowest(double deviations) {
        return upper > lowest + deviations * deviationOfLowest;
    }
}
