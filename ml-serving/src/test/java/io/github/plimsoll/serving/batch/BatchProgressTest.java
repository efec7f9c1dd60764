package io.github.plimsoll.serving.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BatchProgressTest {

    @Test
    void progressIsOneLine() {
        BatchProgress half = new BatchProgress(1_200_000, 3, 1_000_000, 600, 1000, 500, Duration.ofSeconds(4), false);

        assertThat(half).hasToString("1,200,000 rows, 60 %, 250,000 rows/s, 3 rejected, 0:03 left");
        assertThat(half.share()).hasValue(0.6);
        assertThat(half.remaining()).contains(Duration.ofMillis(3200));
    }

    @Test
    void longTimesHaveHours() {
        BatchProgress slow = new BatchProgress(10, 0, 10, 1, 1000, 1, Duration.ofSeconds(9), false);

        assertThat(slow).hasToString("10 rows, 0 %, 1 rows/s, 0 rejected, 2:29:51 left");
    }

    @Test
    void nothingIsSaidOfWhatNobodyKnows() {
        BatchProgress rows = new BatchProgress(10, 0, 10, 0, 0, 0, Duration.ZERO, false);

        assertThat(rows).hasToString("10 rows, 0 rows/s, 0 rejected");
        assertThat(rows.share()).isEmpty();
        assertThat(rows.remaining()).isEmpty();
    }

    @Test
    void theTerminalKeepsTheLastLine() {
        ByteArrayOutputStream screen = new ByteArrayOutputStream();
        var printer = BatchProgress.printer(new PrintStream(screen, true, StandardCharsets.UTF_8));

        printer.accept(new BatchProgress(1, 0, 1, 1, 2, 1, Duration.ofSeconds(1), false));
        printer.accept(new BatchProgress(2, 0, 2, 2, 2, 2, Duration.ofSeconds(2), true));

        assertThat(screen.toString(StandardCharsets.UTF_8))
                .isEqualTo("\r1 rows, 50 %, 1 rows/s, 0 rejected, 0:01 left   "
                        + "\r2 rows, 100 %, 1 rows/s, 0 rejected   " + System.lineSeparator());
    }
}
