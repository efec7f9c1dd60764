package io.github.plimsoll.core.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampsTest {

    private static long byTheFormatter(String text) {
        try {
            return DateTimeFormatter.ISO_OFFSET_DATE_TIME
                    .parse(text, Instant::from)
                    .toEpochMilli();
        } catch (DateTimeException e) {
            return Timestamps.UNUSUAL;
        }
    }

    @Property
    void whatItReadsTheFormatterReadsAlike(
            @ForAll @LongRange(min = -62_167_219_200_000L, max = 253_402_300_799_999L) long millis,
            @ForAll @IntRange(min = -1080, max = 1080) int minutesEast) {
        String text = DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
                Instant.ofEpochMilli(millis).atOffset(ZoneOffset.ofTotalSeconds(minutesEast * 60)));

        assertThat(Timestamps.millis(text)).isIn(byTheFormatter(text), Timestamps.UNUSUAL);
        assertThat(Timestamps.millis(Instant.ofEpochMilli(millis).toString())).isEqualTo(millis);
    }

    @Property
    void aChangedCharacterIsReadAsTheFormatterReadsItOrLeftToIt(
            @ForAll @IntRange(max = 28) int place, @ForAll @IntRange(min = 32, max = 126) int character) {
        StringBuilder text = new StringBuilder("2024-02-29T23:59:59.123+02:30");
        text.setCharAt(place, (char) character);

        assertThat(Timestamps.millis(text.toString())).isIn(byTheFormatter(text.toString()), Timestamps.UNUSUAL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2023-02-29T10:00:00Z",
                "2024-13-01T10:00:00Z",
                "2024-01-01T24:00:00Z",
                "2024-01-01T10:60:00Z",
                "2024-01-01T10:00:60Z",
                "2024-01-01T10:00:00",
                "2024-01-01T10:00:00.Z",
                "2024-01-01T10:00:00.1234Z",
                "2024-01-01T10:00:00+18:00",
                "2024-01-01T10:00:00+2:00",
                "2024-01-01T10:00:00Zx",
                "2024-01-01t10:00:00z",
                "2024-01-01T10:00Z",
                "+2024-01-01T10:00:00Z",
                "",
                "\u0662024-01-01T10:00:00Z"
            })
    void leavesWhatIsUnusualToTheFormatter(String text) {
        assertThat(Timestamps.millis(text)).isEqualTo(Timestamps.UNUSUAL);
    }
}
