package io.github.plimsoll.monitoring.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.plimsoll.monitoring.drift.Finding.Spelling.Change;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingsTest {

    private static final Spellings NAMES =
            new Spellings(List.of("Saint-Étienne", "New York", "Köln", "Kiel", "naïve user", "€ account"));

    @ParameterizedTest
    @CsvSource({
        "KIEL, CASE, Kiel",
        "new york, CASE, New York",
        "' Kiel ', WHITESPACE, Kiel",
        "New\u00A0York, WHITESPACE, New York",
        "Saint-E\u0301tienne, NORMALIZATION, Saint-Étienne",
        "KÃ¶ln, ENCODING, Köln",
        "â‚¬ account, ENCODING, € account",
        "K??ln, ENCODING, Köln",
        "K\uFFFDln, ENCODING, Köln",
        "saint etienne?, , ",
        "new_york, PUNCTUATION, New York",
        "Hamburg, , ",
        "?, , "
    })
    void aKnownNameIsToldWhateverWayItIsWritten(String name, Change change, String known) {
        var spelling = NAMES.of("town", Map.of(name, 1));

        assertThat(spelling)
                .isEqualTo(change == null ? null : new Finding.Spelling("town", change, Map.of(name, known)));
    }

    @Test
    void mostOfWhatIsUnknownHasToBeAKnownNameAndMostOfThatDecides() {
        assertThat(NAMES.of("town", Map.of("KIEL", 5, "Rome", 5))).isNull();
        assertThat(NAMES.of("town", Map.of("KIEL", 6, "Rome", 5))).isNotNull();
        assertThat(Objects.requireNonNull(NAMES.of("town", Map.of("KIEL", 2, "KÃ¶ln", 3)))
                        .change())
                .isEqualTo(Change.ENCODING);
    }
}
