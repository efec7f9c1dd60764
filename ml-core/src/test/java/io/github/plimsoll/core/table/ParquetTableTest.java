package io.github.plimsoll.core.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blue.strategic.parquet.ParquetWriter;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.core.table.TableProblem.Kind;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetTableTest {

    private static final MessageType COLUMNS = new MessageType(
            "applicants",
            Types.required(PrimitiveTypeName.INT64).named("id"),
            Types.optional(PrimitiveTypeName.DOUBLE).named("income"),
            Types.required(PrimitiveTypeName.INT32)
                    .as(LogicalTypeAnnotation.decimalType(2, 9))
                    .named("rate"),
            Types.required(PrimitiveTypeName.BOOLEAN).named("owner"),
            Types.required(PrimitiveTypeName.INT64)
                    .as(LogicalTypeAnnotation.timestampType(true, TimeUnit.MICROS))
                    .named("since"),
            Types.required(PrimitiveTypeName.BINARY)
                    .as(LogicalTypeAnnotation.stringType())
                    .named("housing"));

    @TempDir
    Path folder;

    private Path write(int rows) throws IOException {
        Path file = folder.resolve("applicants.parquet");
        try (ParquetWriter<Integer> writer = ParquetWriter.writeFile(COLUMNS, file.toFile(), (row, out) -> {
            out.write("id", (long) row);
            if (row % 2 == 0) {
                out.write("income", row / 7.0);
            }
            out.write("rate", 125 + row);
            out.write("owner", row == 0);
            out.write("since", -1L); // a microsecond before 1970
            out.write("housing", "RENT");
        })) {
            for (int i = 0; i < rows; i++) {
                writer.write(i);
            }
        }
        return file;
    }

    @Test
    void valuesAreWhatTheyMean() throws IOException {
        Schema<TableRow> schema = Schema.ofTable(
                Feature.number("income").nullable(),
                Feature.number("rate"),
                Feature.bool("owner"),
                Feature.timestamp("since"),
                Feature.category("housing", "OWN", "RENT"));

        try (TableReader reader = Table.parquet(write(3)).open()) {
            assertThat(reader.columns()).containsExactly("id", "income", "rate", "owner", "since", "housing");
            List<TableRow> rows = reader.next(5);

            assertThat(rows).extracting(row -> row.text("id")).containsExactly("0", "1", "2");
            assertThat(rows.get(0).value("since")).isEqualTo(Instant.parse("1969-12-31T23:59:59.999999Z"));
            assertThat(rows.get(1).isNull("income")).isTrue();
            FeatureRow features = schema.read(rows.get(2));
            assertThat(features.violations()).isEmpty();
            assertThat(features.number(0)).isEqualTo(2 / 7.0);
            assertThat(features.number(1)).isEqualTo(1.27);
            assertThat(features.value(2)).isEqualTo(false);
            assertThat(features.categoryCode(4)).isEqualTo(1);
        }
    }

    @Test
    void readingGoesOnAtARow() throws IOException {
        Table table = Table.parquet(write(1000));
        TablePosition position;
        try (TableReader reader = table.open()) {
            reader.next(700);
            position = reader.position();
            assertThat(reader.bytesRead()).isBetween(1L, Files.size(table.path().orElseThrow()));
        }

        try (TableReader reader = table.open(position)) {
            assertThat(reader.next(1000))
                    .hasSize(300)
                    .first()
                    .extracting(row -> row.number("id"))
                    .isEqualTo(700.0);
        }
    }

    @Test
    void whatIsNoParquetOrHasListsIsUnreadable() throws IOException {
        Path text = Files.writeString(folder.resolve("text.parquet"), "id\n1\n");
        Path lists = folder.resolve("lists.parquet");
        MessageType repeated =
                new MessageType("lists", Types.repeated(PrimitiveTypeName.INT32).named("scores"));
        ParquetWriter.<Integer>writeFile(repeated, lists.toFile(), (row, out) -> out.write("scores", row))
                .close();

        for (Path file : List.of(text, lists, folder.resolve("none.parquet"))) {
            assertThatThrownBy(() -> Table.parquet(file).open())
                    .isInstanceOfSatisfying(
                            TableException.class,
                            failure -> assertThat(failure.problem().kind()).isEqualTo(Kind.UNREADABLE));
        }
        assertThatThrownBy(() -> Table.parquet(lists).open()).hasMessageContaining("column 'scores' is a list");
    }

    /** What a host without the library does. */
    public static final class Host implements Callable<String> {

        /** Made by reflection, in a class loader without the library. */
        public Host() {}

        @Override
        public String call() throws IOException {
            Path file = Files.createTempFile("host", ".csv");
            Files.writeString(file, "a\n1\n");
            try (TableReader reader = Table.csv(file).open()) {
                reader.next(1);
            }
            try (TableReader reader = Table.parquet(file).open()) {
                return "read " + reader.columns();
            } catch (IllegalStateException | TableException refusal) {
                return refusal.getMessage();
            } finally {
                Files.delete(file);
            }
        }
    }

    @Test
    void aHostWithoutTheLibraryIsToldTheRemedy() throws Exception {
        assertThat(messageWithout("parquet-floor"))
                .isEqualTo(
                        "Parquet: no library to read it (expected: blue.strategic.parquet:parquet-floor:2.3 on the class path)");
        assertThat(messageWithout("nothing")).contains("not a readable Parquet file"); // the loader is not what fails
    }

    private static String messageWithout(String jar) throws Exception {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<URL> urls = new ArrayList<>();
        for (String entry : all.split(File.pathSeparator, -1)) {
            if (!Path.of(entry).getFileName().toString().startsWith(jar)) {
                urls.add(Path.of(entry).toUri().toURL());
            }
        }
        try (URLClassLoader loader =
                new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            Object host = loader.loadClass(Host.class.getName())
                    .getDeclaredConstructor()
                    .newInstance();
            return (String) ((Callable<?>) host).call();
        }
    }
}
