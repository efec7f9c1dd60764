package io.github.plimsoll.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class CsvTableTest {

    @Test
    void quotesCommasEmptyCellsAndLineEndsAreReadAsTheStandardSays() throws IOException {
        var table = read("a,b\r\n\"x,\"\"y\"\"\",\n\"1\n2\",€");

        assertThat(table.header()).containsExactly("a", "b");
        assertThat(table.rows()).containsExactly(List.of("x,\"y\"", ""), List.of("1\n2", "€"));
    }

    @Test
    void aRowOfAnotherLengthIsNamed() {
        assertThatThrownBy(() -> read("a,b\n1,2\n3\n")).hasMessage("row 1: 1 cells (expected: 2)");
        assertThatThrownBy(() -> read("")).hasMessage("table: empty (expected: a header)");
    }

    private static CsvTable read(String text) throws IOException {
        return CsvTable.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }
}
