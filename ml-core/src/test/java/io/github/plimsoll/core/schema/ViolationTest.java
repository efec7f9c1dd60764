package io.github.plimsoll.core.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ViolationTest {

    @Test
    void readsAsOneLine() {
        Violation violation = Violation.of(Violation.RANGE, Feature.number("age"), -4.0, ">= 0.0");

        assertThat(violation).hasToString("age: -4.0 (expected: >= 0.0)");
        assertThat(violation.severity()).isEqualTo(Violation.Severity.ERROR);
    }

    @Test
    void hidesWhatIsSensitive() {
        Violation violation = Violation.of(Violation.TYPE, Feature.text("iban").sensitive(), "DE02", "text");

        assertThat(violation.observed()).isEqualTo("(sensitive)");
    }

    @Test
    void shortensWhatWasObserved() {
        Feature feature = Feature.number("x");

        assertThat(Violation.of("type", feature, "y".repeat(80), "").observed()).isEqualTo("y".repeat(80));
        assertThat(Violation.of("type", feature, "y".repeat(81), "").observed()).isEqualTo("y".repeat(77) + "...");
        assertThat(Violation.of("type", feature, null, "").observed()).isEqualTo("null");
    }

    @Test
    void staysOnOneLine() {
        Violation violation = Violation.of("unexpected", Feature.text("a\nb"), "x\r\ny\u2028z\u0085\0", "text");

        assertThat(violation.path()).isEqualTo("a?b");
        assertThat(violation.observed()).isEqualTo("x??y?z??");
    }

    @Test
    void changesItsSeverity() {
        Violation error = Violation.of("type", Feature.text("x"), 1, "text");

        assertThat(error.withSeverity(Violation.Severity.ERROR)).isSameAs(error);
        assertThat(error.withSeverity(Violation.Severity.WARNING).severity()).isEqualTo(Violation.Severity.WARNING);
        assertThat(error.withSeverity(Violation.Severity.WARNING).code()).isEqualTo("type");
    }

    @Test
    void refusesNulls() {
        assertThatThrownBy(() -> new Violation(null, "", "", "", Violation.Severity.ERROR))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> new Violation("", null, "", "", Violation.Severity.ERROR))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> new Violation("", "", null, "", Violation.Severity.ERROR))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> new Violation("", "", "", null, Violation.Severity.ERROR))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> new Violation("", "", "", "", null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void turnsNoLineAround() {
        Violation violation =
                Violation.of("type", Feature.text("a"), "x\u202egnp.exe\u202c \u2066y\u2069\u200f", "text");

        assertThat(violation.observed()).isEqualTo("x?gnp.exe? ?y??");
    }
}
