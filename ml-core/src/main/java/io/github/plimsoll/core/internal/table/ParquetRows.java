package io.github.plimsoll.core.internal.table;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Spliterator;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a Parquet file, through parquet-floor, which is found by name: its jars have no module names that a descriptor
 * could require.
 */
public final class ParquetRows implements Iterator<Map<String, ?>>, AutoCloseable {

    private static final String LIBRARY = "blue.strategic.parquet:parquet-floor:2.3";
    private static final String READER = "blue.strategic.parquet.ParquetReader";
    private static final String HYDRATOR = "blue.strategic.parquet.Hydrator";

    private final Spliterator<Map<String, Object>> reader;
    private final long count;
    private final List<String> columns = new ArrayList<>();
    private final Map<String, Conversion> conversions = new HashMap<>();
    private @Nullable Map<String, Object> coming;

    /** Turns a stored value into the one that is meant. */
    private interface Conversion {
        Object of(Object stored);
    }

    private ParquetRows(Spliterator<Map<String, Object>> reader) {
        this.reader = reader;
        count = reader.estimateSize();
    }

    /**
     * Opens a file.
     *
     * @throws IllegalStateException if the library is not there
     * @throws IOException if the file cannot be read, or has columns that are lists
     */
    public static ParquetRows open(Path file) throws IOException {
        try {
            ClassLoader loader = ParquetRows.class.getClassLoader();
            Class<?> hydrator = Class.forName(HYDRATOR, true, loader);
            Object maps = Proxy.newProxyInstance(
                    loader, new Class<?>[] {hydrator}, (proxy, method, arguments) -> switch (method.getName()) {
                        case "start" -> new LinkedHashMap<String, Object>();
                        case "add" -> added(arguments);
                        case "finish" -> arguments[0];
                        default -> throw new UnsupportedOperationException(method.getName());
                    });
            Object reader = Class.forName(READER, true, loader)
                    .getMethod("spliterator", File.class, hydrator)
                    .invoke(null, file.toFile(), maps);
            @SuppressWarnings("unchecked") // the proxy makes maps
            ParquetRows rows = new ParquetRows((Spliterator<Map<String, Object>>) reader);
            try {
                rows.readColumns();
            } catch (IOException | RuntimeException | Error failure) {
                rows.close();
                throw failure;
            }
            return rows;
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(
                    "Parquet: no library to read it (expected: " + LIBRARY + " on the class path)", e);
        } catch (InvocationTargetException e) {
            throw new IOException("not a readable Parquet file: " + e.getCause(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Parquet: another library than expected (expected: " + LIBRARY + ")", e);
        }
    }

    @SuppressWarnings("unchecked") // the map is the one that "start" made
    private static Object added(Object[] arguments) {
        ((Map<String, @Nullable Object>) arguments[0]).put(String.join(".", (String[]) arguments[1]), arguments[2]);
        return arguments[0];
    }

    // ---- columns ------------------------------------------------------------------------------------------------

    private void readColumns() throws IOException {
        Object schema = call(call(call(reader, "metaData"), "getFileMetaData"), "getSchema");
        for (Object column : (List<?>) call(schema, "getColumns")) {
            String name = String.join(".", (String[]) call(column, "getPath"));
            if ((int) call(column, "getMaxRepetitionLevel") > 0) {
                throw new IOException("column '" + name + "' is a list (expected: columns with one value a row)");
            }
            columns.add(name);
            Conversion conversion = conversion(call(column, "getPrimitiveType"));
            if (conversion != null) {
                conversions.put(name, conversion);
            }
        }
    }

    private static @Nullable Conversion conversion(Object type) throws IOException {
        String stored = call(type, "getPrimitiveTypeName").toString();
        Object meaning = callOrNull(type, "getLogicalTypeAnnotation");
        if (meaning == null || !stored.startsWith("INT") || stored.equals("INT96")) {
            return null;
        }
        if (meaning.getClass().getSimpleName().startsWith("Timestamp") && (boolean) call(meaning, "isAdjustedToUTC")) {
            TimeUnit unit = switch (call(meaning, "getUnit").toString()) {
                case "MILLIS" -> TimeUnit.MILLISECONDS;
                case "MICROS" -> TimeUnit.MICROSECONDS;
                default -> TimeUnit.NANOSECONDS;
            };
            long aSecond = unit.convert(1, TimeUnit.SECONDS);
            return value -> {
                long time = (long) value;
                return Instant.ofEpochSecond(Math.floorDiv(time, aSecond), unit.toNanos(Math.floorMod(time, aSecond)));
            };
        }
        if (meaning.getClass().getSimpleName().startsWith("Decimal")) {
            int scale = (int) call(meaning, "getScale");
            return value -> BigDecimal.valueOf(((Number) value).longValue(), scale);
        }
        return null;
    }

    private static Object call(Object target, String method) throws IOException {
        return Objects.requireNonNull(callOrNull(target, method), method);
    }

    private static @Nullable Object callOrNull(Object target, String method) throws IOException {
        try {
            Method found = target.getClass().getMethod(method);
            found.setAccessible(true); // public, but perhaps of a class that is not
            return found.invoke(target);
        } catch (InvocationTargetException e) {
            throw new IOException("not a readable Parquet file: " + e.getCause(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Parquet: another library than expected (expected: " + LIBRARY + ")", e);
        }
    }

    /** The columns, in the file's order. */
    List<String> columns() {
        return columns;
    }

    /** How many rows the file has. */
    long count() {
        return count;
    }

    // ---- rows ---------------------------------------------------------------------------------------------------

    @Override
    public boolean hasNext() {
        return coming != null || reader.tryAdvance(row -> coming = row);
    }

    @Override
    public Map<String, ?> next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Map<String, Object> row = Objects.requireNonNull(coming);
        coming = null;
        conversions.forEach(
                (column, conversion) -> row.computeIfPresent(column, (name, stored) -> conversion.of(stored)));
        return row;
    }

    @Override
    public void close() throws IOException {
        ((Closeable) reader).close();
    }
}
