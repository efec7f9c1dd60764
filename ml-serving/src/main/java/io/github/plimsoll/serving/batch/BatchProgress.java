package io.github.plimsoll.serving.batch;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * How far a run has come.
 *
 * @param rows the records dealt with, also by runs before this one
 * @param rejected those of them without a prediction
 * @param runRows the records dealt with by this run
 * @param bytes how much of the file was read
 * @param totalBytes the size of the file, or 0 for rows of the host's own, whose number nobody knows
 * @param runBytes how much of the file was read by this run
 * @param elapsed how long this run has taken so far
 * @param isLast whether the table has been scored to its end
 * @since 0.1
 */
public record BatchProgress(
        long rows,
        long rejected,
        long runRows,
        long bytes,
        long totalBytes,
        long runBytes,
        Duration elapsed,
        boolean isLast) {

    /**
     * The speed of this run.
     *
     * @return records a second, 0 at the very beginning
     */
    public double rowsPerSecond() {
        return elapsed.isZero() ? 0 : runRows * 1e9 / elapsed.toNanos();
    }

    /**
     * How much of the file has been read.
     *
     * @return from 0 to 1; empty for rows of the host's own
     */
    public OptionalDouble share() {
        return totalBytes <= 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(isLast ? 1 : Math.min(1.0, (double) bytes / totalBytes));
    }

    /**
     * How long the rest will take at the speed so far.
     *
     * @return the time; empty at the very beginning and for rows of the host's own
     */
    public Optional<Duration> remaining() {
        if (totalBytes <= 0 || runBytes <= 0) {
            return Optional.empty();
        }
        double rest = isLast ? 0 : (double) Math.max(0, totalBytes - bytes) / runBytes;
        return Optional.of(Duration.ofMillis((long) (elapsed.toMillis() * rest)));
    }

    /**
     * Shows progress on a terminal, in one line that is written again and again, and ends with the last one.
     *
     * @param terminal where to, such as {@code System.err}
     * @return for {@link BatchScoring#progress}
     */
    public static Consumer<BatchProgress> printer(PrintStream terminal) {
        Objects.requireNonNull(terminal);
        return progress -> {
            terminal.print("\r" + progress + "   "); // the line before may have been longer
            if (progress.isLast()) {
                terminal.println();
            }
            terminal.flush();
        };
    }

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** The progress in one line, such as {@code 1,200,000 rows, 45 %, 312,000 rows/s, 3 rejected, 0:12 left}. */
    @Override
    public String toString() {
        StringBuilder line = new StringBuilder(count(rows)).append(" rows");
        share().ifPresent(share -> line.append(String.format(Locale.ROOT, ", %.0f %%", Math.floor(share * 100))));
        line.append(", ").append(count(Math.round(rowsPerSecond()))).append(" rows/s, ");
        line.append(count(rejected)).append(" rejected");
        if (!isLast) {
            remaining().ifPresent(left -> line.append(", ").append(clock(left)).append(" left"));
        }
        return line.toString();
    }

    private static String clock(Duration time) {
        long seconds = time.toSeconds();
        return seconds < 3600
                ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
}
