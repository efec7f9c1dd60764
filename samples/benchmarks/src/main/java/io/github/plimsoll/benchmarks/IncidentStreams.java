package io.github.plimsoll.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Makes streams with known incidents for {@link IncidentReplay}, from laws of its own and from any tables: to see whether a
 * monitor does as well on streams that nobody has developed it on.
 *
 * <p>Run: {@code IncidentStreams OUT_DIR SEED [TABLE.csv.gz:LABEL[:IGNORED,...]]...}. Five synthetic sources (two of them
 * ordered in time: weather with seasons, a market whose price wanders) and each table given make a stream each, with ten to
 * twelve incidents of kinds, sizes and columns drawn at random. Rows of tables are shuffled. The model is a sum of the mean
 * labels of eight ranges of each column; it answers what it is given, broken or not. {@code truth.json} says what was done.
 */
public final class IncidentStreams {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double[] FACTORS = {10, 100, 1_000, 0.01, 1.609344, 2.20462, 12, 60};
    private static final int WARM = 8;
    private static final int BATCHES = 90;
    private static final int DELAY = 3;

    /** A column of a stream; an hour is a whole number from 0 to 23. */
    private record Column(String name, boolean isNumber, boolean isHour) {}

    private static final class Row {
        private final @Nullable Object[] values;
        private final double label;

        Row(@Nullable Object[] values, double label) {
            this.values = values;
            this.label = label;
        }

        @Nullable
        Object[] values() {
            return values;
        }

        double label() {
            return label;
        }
    }

    /** Where rows come from: all at once for shuffled streams, in their order for those that time orders. */
    private record Source(String name, List<Column> columns, List<Row> rows, int batchRows, int rowsPerHour) {

        boolean isTimeOrdered() {
            return rowsPerHour > 0;
        }
    }

    private IncidentStreams() {}

    /**
     * Makes the streams.
     *
     * @param args the folder to write to, a seed, and tables
     */
    public static void main(String[] args) throws IOException {
        if (args.length < 2) {
            throw new IllegalArgumentException(
                    "usage: IncidentStreams OUT_DIR SEED [TABLE.csv.gz:LABEL[:IGNORED,...]]...");
        }
        Random random = new Random(Long.parseLong(args[1]));
        List<Source> sources = new ArrayList<>(
                List.of(clinic(random), shop(random), machines(random), weather(random), market(random)));
        for (String table : Arrays.asList(args).subList(2, args.length)) {
            sources.add(table(table.split(":", -1), random));
        }
        for (Source source : sources) {
            new Stream(source, random).write(Path.of(args[0]).resolve(source.name()));
            System.out.println(source.name() + ": " + source.rows().size() + " rows");
        }
    }

    // ---- sources ------------------------------------------------------------------------------------------------

    private static List<Column> columns(String numbers, String names) {
        List<Column> columns = new ArrayList<>();
        for (String name : numbers.split(" ", -1)) {
            columns.add(new Column(name, true, name.equals("hour")));
        }
        for (String name : names.isEmpty() ? new String[0] : names.split(" ", -1)) {
            columns.add(new Column(name, false, false));
        }
        return columns;
    }

    private static double round(double value, int decimals) {
        return BigDecimal.valueOf(value)
                .setScale(decimals, java.math.RoundingMode.HALF_UP)
                .doubleValue();
    }

    private static double outcome(double logit, Random random) {
        return random.nextDouble() < 1 / (1 + Math.exp(-logit)) ? 1 : 0;
    }

    private static String zipf(String stem, int most, Random random) {
        return stem + (int) Math.min(most, 1 / (1 - random.nextDouble()));
    }

    private static Source clinic(Random random) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            double age = Math.floor(18 + 70 * Math.pow(random.nextDouble(), 0.8));
            double height = round(1.7 + 0.1 * random.nextGaussian(), 2);
            double weight = round(25 * height * height * Math.exp(0.15 * random.nextGaussian()), 1);
            double sugar = round(90 * Math.exp(0.15 * random.nextGaussian() + 0.004 * (age - 50)), 0);
            double creatinine = round(Math.exp(0.3 * random.nextGaussian()), 2);
            Double cholesterol = random.nextInt(5) == 0 ? null : (Double) round(190 + 35 * random.nextGaussian(), 0);
            double temperature = round(36.8 + Math.abs(0.4 * random.nextGaussian()), 1);
            double hour = Math.floor(12 * (random.nextDouble() + random.nextDouble()));
            String ward = zipf("ward ", 12, random);
            String smoker = random.nextInt(4) == 0 ? "yes" : random.nextInt(3) == 0 ? "former" : "no";
            double logit = 0.04 * (age - 60) + 0.02 * (sugar - 95) + creatinine + (smoker.equals("yes") ? 1 : 0) - 2;
            rows.add(new Row(
                    new @Nullable Object[] {
                        age, height, weight, sugar, creatinine, cholesterol, temperature, hour, ward, smoker
                    },
                    outcome(logit, random)));
        }
        return new Source(
                "clinic",
                columns("age height weight sugar creatinine cholesterol temperature hour", "ward smoker"),
                rows,
                300,
                0);
    }

    private static Source shop(Random random) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            double items = 1 + Math.floor(-2 * Math.log(1 - random.nextDouble()));
            double basket = round(items * 15 * Math.exp(0.7 * random.nextGaussian()), 2);
            double discount = random.nextInt(3) > 0 ? 0 : 5.0 * (1 + random.nextInt(6));
            double visits = Math.floor(Math.exp(1.2 * random.nextGaussian()));
            double seconds = round(60 * Math.exp(random.nextGaussian()), 0);
            double hour = Math.floor(24 * Math.sqrt(random.nextDouble()));
            String country = zipf("country ", 30, random);
            String device = random.nextInt(3) == 0 ? "Desktop" : random.nextInt(5) == 0 ? "Tablet" : "Phone";
            String channel = random.nextInt(2) == 0 ? "Search" : random.nextInt(2) == 0 ? "Mail" : "Direct";
            double logit = 0.02 * (60 - basket)
                    + 0.04 * discount
                    + 0.3 * Math.log1p(visits)
                    + (device.equals("Phone") ? -0.7 : 0.4);
            rows.add(new Row(
                    new @Nullable Object[] {items, basket, discount, visits, seconds, hour, country, device, channel},
                    outcome(logit, random)));
        }
        return new Source(
                "shop", columns("items basket discount visits seconds hour", "country device channel"), rows, 500, 0);
    }

    private static Source machines(Random random) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            String type = "type " + "ABCD".charAt(random.nextInt(4));
            double load = round(random.nextDouble(), 3);
            double speed = round(1_500 + 900 * load + 40 * random.nextGaussian(), 0);
            double torque = round(40 - 12 * load + 3 * random.nextGaussian(), 1);
            double air = round(298 + 2 * random.nextGaussian(), 1);
            double process = round(air + 10 + random.nextGaussian(), 1);
            double wear = Math.floor(250 * random.nextDouble());
            double vibration = round(0.2 / Math.pow(1 - random.nextDouble(), 0.4), 4); // heavy tail
            String shift = "shift " + (1 + random.nextInt(3));
            double cost = 20 + 0.2 * wear + 30 * load * load + 4 * vibration + 3 * random.nextGaussian();
            rows.add(new Row(
                    new @Nullable Object[] {load, speed, torque, air, process, wear, vibration, type, shift},
                    round(cost, 2)));
        }
        return new Source(
                "machines", columns("load speed torque air process wear vibration", "type shift"), rows, 400, 0);
    }

    private static Source weather(Random random) {
        List<Row> rows = new ArrayList<>();
        double front = 0;
        double cloud = 0;
        for (int i = 0; i < 24 * 900; i++) {
            double hour = i % 24;
            double year = Math.sin(2 * Math.PI * i / (24 * 365.25));
            front = 0.985 * front + 0.17 * random.nextGaussian();
            cloud = 0.95 * cloud + 0.3 * random.nextGaussian();
            double temperature = round(11 + 9 * year + 4 * Math.sin(2 * Math.PI * (hour - 9) / 24) + 4 * front, 1);
            double dew = round(temperature - 2 - 6 * Math.abs(cloud) - Math.abs(random.nextGaussian()), 1);
            double wind = round(Math.abs(3 + 2 * front + 1.5 * random.nextGaussian()), 1);
            double pressure = round(1_013 - 6 * front + random.nextGaussian(), 1);
            String sky = cloud > 0.8 ? "Overcast" : cloud > -0.3 ? "Cloudy" : "Clear";
            double demand =
                    400 - 8 * temperature + 90 * Math.sin(2 * Math.PI * (hour - 8) / 24) + 15 * random.nextGaussian();
            rows.add(new Row(new @Nullable Object[] {hour, temperature, dew, wind, pressure, sky}, round(demand, 1)));
        }
        return new Source("weather", columns("hour temperature dew wind pressure", "sky"), rows, 120, 1);
    }

    private static Source market(Random random) {
        List<Row> rows = new ArrayList<>();
        double level = 0;
        double mood = 0;
        for (int i = 0; i < 20_000; i++) {
            double hour = (i / 2) % 24;
            level = 0.997 * level + 0.05 * random.nextGaussian();
            mood = 0.97 * mood + 0.2 * random.nextGaussian();
            double price = round(50 * Math.exp(0.5 * level), 2);
            double volume = Math.floor(1_000 * Math.exp(0.6 * mood + 0.3 * random.nextGaussian()));
            double spread = round(0.02 * price * Math.exp(0.3 * random.nextGaussian() - 0.3 * mood), 3);
            double imports = round(200 + 60 * level + 20 * random.nextGaussian(), 0);
            String venue = random.nextInt(3) == 0 ? "North" : mood > 0 ? "South" : "East";
            double logit = 2 * mood - level + 0.5 * random.nextGaussian();
            rows.add(new Row(
                    new @Nullable Object[] {hour, price, volume, spread, imports, venue}, outcome(logit, random)));
        }
        return new Source("market", columns("hour price volume spread imports", "venue"), rows, 200, 2);
    }

    private static Source table(String[] what, Random random) throws IOException {
        Path file = Path.of(what[0]);
        CsvTable table;
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            table = CsvTable.read(in);
        }
        List<String> ignored = new ArrayList<>(what.length > 2 ? Arrays.asList(what[2].split(",", -1)) : List.of());
        ignored.add(what[1]);
        List<Column> columns = new ArrayList<>();
        List<Integer> used = new ArrayList<>();
        for (int i = 0; i < table.header().size(); i++) {
            int index = i;
            if (!ignored.contains(table.header().get(i))) {
                boolean number = table.rows().stream().allMatch(cells -> isNumber(cells.get(index)));
                columns.add(new Column(table.header().get(i), number, false));
                used.add(i);
            }
        }
        int label = table.header().indexOf(what[1]);
        List<Row> rows = new ArrayList<>();
        for (List<String> cells : table.rows()) {
            if (isNumber(cells.get(label)) && !cells.get(label).isEmpty()) {
                @Nullable Object[] values = new @Nullable Object[used.size()];
                for (int i = 0; i < values.length; i++) {
                    String cell = cells.get(used.get(i));
                    values[i] =
                            cell.isEmpty() ? null : columns.get(i).isNumber() ? (Object) Double.valueOf(cell) : cell;
                }
                rows.add(new Row(values, Double.parseDouble(cells.get(label))));
            }
        }
        Collections.shuffle(rows, random);
        String name = String.valueOf(file.getFileName()).replace(".csv.gz", "");
        return new Source(name, columns, rows, Math.max(60, Math.min(500, rows.size() / 20)), 0);
    }

    private static boolean isNumber(String cell) {
        try {
            return cell.isEmpty() || Double.isFinite(Double.parseDouble(cell));
        } catch (NumberFormatException text) {
            return false;
        }
    }

    // ---- the model ----------------------------------------------------------------------------------------------

    /** A sum of the mean labels of ranges and names: weak, but it follows its inputs. */
    private static final class Model {

        private static final int RANGES = 8;

        private final List<Column> columns;
        private final boolean binary;
        private final double mean;
        private final List<double[]> ends = new ArrayList<>();
        private final List<Map<Object, double[]>> effects = new ArrayList<>();

        Model(List<Column> columns, List<Row> rows) {
            this.columns = columns;
            binary = rows.stream().allMatch(row -> row.label() == 0 || row.label() == 1);
            mean = rows.stream().mapToDouble(Row::label).average().orElseThrow();
            for (int i = 0; i < columns.size(); i++) {
                int column = i;
                double[] sorted = rows.stream()
                        .map(row -> row.values()[column])
                        .filter(value -> value instanceof Double)
                        .mapToDouble(value -> (Double) value)
                        .sorted()
                        .toArray();
                ends.add(IntStream.range(1, RANGES)
                        .mapToDouble(k -> sorted.length == 0 ? 0 : sorted[sorted.length * k / RANGES])
                        .toArray());
                Map<Object, double[]> sums = new HashMap<>();
                for (Row row : rows) {
                    double[] sum = sums.computeIfAbsent(part(i, row.values()[i]), unused -> new double[2]);
                    sum[0] += row.label() - mean;
                    sum[1]++;
                }
                effects.add(sums);
            }
        }

        private Object part(int column, @Nullable Object value) {
            if (value instanceof Double number && columns.get(column).isNumber()) {
                int range = 0;
                while (range < RANGES - 1 && number >= ends.get(column)[range]) {
                    range++;
                }
                return range;
            }
            return value == null || columns.get(column).isNumber() ? "?" : value;
        }

        double predict(@Nullable Object[] values) {
            double sum = mean;
            for (int i = 0; i < columns.size(); i++) {
                double[] effect = effects.get(i).get(part(i, values[i]));
                sum += effect == null ? 0 : effect[0] / (effect[1] + 20);
            }
            return round(binary ? Math.max(0.001, Math.min(0.999, sum)) : sum, 6);
        }
    }

    // ---- a stream -----------------------------------------------------------------------------------------------

    /** What is done to the rows of some batches. */
    private record Incident(String kind, List<String> columns, int from, int to, String note, Change change) {}

    @FunctionalInterface
    private interface Change {
        /** Changes rows, some {@code step} batches after the beginning. */
        void apply(Batch batch, int step);
    }

    private static final class Batch {
        private final List<@Nullable Object[]> rows;
        private final double[] labels;
        private double @Nullable [] predictions;

        Batch(List<@Nullable Object[]> rows, double[] labels) {
            this.rows = rows;
            this.labels = labels;
        }
    }

    private static final class Stream {

        private final Source source;
        private final Random random;
        private final List<Column> columns;
        private final List<Row> reference;
        private final List<Row> live;
        private final int batches;
        private final Model model;
        private final boolean binary;
        private final List<Incident> incidents = new ArrayList<>();

        Stream(Source source, Random random) {
            this.source = source;
            this.random = random;
            columns = source.columns();
            List<Row> rows = source.rows();
            int train = rows.size() / 5;
            int end = train + Math.min(4_000, rows.size() * 3 / 10);
            if (source.isTimeOrdered()) { // the history is half of it, trained on and referred to by turns
                end = rows.size() / 2;
                train = end / 2;
                List<Integer> order =
                        new ArrayList<>(IntStream.range(0, end).boxed().toList());
                Collections.shuffle(order, random);
                model = new Model(
                        columns, order.subList(0, train).stream().map(rows::get).toList());
                reference = order.subList(train, end).stream()
                        .sorted()
                        .map(rows::get)
                        .toList();
            } else {
                model = new Model(columns, rows.subList(0, train));
                reference = rows.subList(train, end);
            }
            live = rows.subList(end, rows.size());
            binary = model.binary;
            batches = source.isTimeOrdered() ? Math.min(BATCHES, live.size() / source.batchRows()) : BATCHES;
            plan();
        }

        private void plan() {
            List<String> kinds = new ArrayList<>(List.of(
                    "unit_change",
                    "unit_change",
                    "column_swap",
                    "missing_jump",
                    "sentinel",
                    "stuck_value",
                    "gradual_shift",
                    "label_flip",
                    "added_column",
                    "dropped_column",
                    "type_change",
                    "duplicate_rows",
                    "spikes",
                    "sign_flip",
                    "prediction_fallback",
                    "prediction_shift"));
            if (columns.stream().anyMatch(column -> !column.isNumber())) {
                kinds.addAll(List.of("new_category", "category_case", "subpopulation"));
            }
            if (columns.stream().anyMatch(Column::isHour)) {
                kinds.add("tz_shift");
            }
            Collections.shuffle(kinds, random);
            int at = WARM;
            for (String kind : kinds) {
                int lasts = kind.equals("gradual_shift") || kind.equals("label_flip") ? 6 : 3;
                at += random.nextInt(3);
                if (at + lasts >= batches) {
                    break;
                }
                incidents.add(incident(kind, at, at + lasts - 1));
                at += lasts + 4;
            }
        }

        private int column(boolean number) {
            List<Integer> fit = IntStream.range(0, columns.size())
                    .filter(i -> columns.get(i).isNumber() == number
                            && !columns.get(i).isHour()
                            && (!number || spread(i) > 0))
                    .boxed()
                    .toList();
            return fit.isEmpty() ? 0 : fit.get(random.nextInt(fit.size()));
        }

        private double[] sorted(int column) {
            return reference.stream()
                    .map(row -> row.values()[column])
                    .filter(value -> value instanceof Double)
                    .mapToDouble(value -> (Double) value)
                    .sorted()
                    .toArray();
        }

        private double quantile(int column, double share) {
            double[] sorted = sorted(column);
            return sorted.length == 0 ? 0 : sorted[(int) ((sorted.length - 1) * share)];
        }

        private double spread(int column) {
            double[] values = sorted(column);
            double mean = Arrays.stream(values).average().orElse(0);
            return Math.sqrt(Arrays.stream(values)
                    .map(v -> (v - mean) * (v - mean))
                    .average()
                    .orElse(0));
        }

        private Incident incident(String kind, int from, int to) {
            boolean ofNames =
                    List.of("new_category", "category_case", "subpopulation").contains(kind);
            int hour = IntStream.range(0, columns.size())
                    .filter(i -> columns.get(i).isHour())
                    .findFirst()
                    .orElse(0);
            int column = kind.equals("tz_shift") ? hour : column(!ofNames);
            String name = columns.get(column).name();
            List<String> named = List.of(name);
            double share = new double[] {0.06, 0.15, 0.4}[random.nextInt(3)];
            double sd = spread(column);
            String note = "";
            Change change;
            switch (kind) {
                case "unit_change" -> {
                    double factor = FACTORS[random.nextInt(FACTORS.length)];
                    double part = random.nextInt(3) == 0 ? 0.2 : 1;
                    change = numbers(column, part, value -> value * factor);
                    note = "x" + factor + " on " + part;
                }
                case "column_swap" -> {
                    int other = column(true);
                    for (int tries = 0; tries < 50 && other == column; tries++) {
                        other = column(true);
                    }
                    int second = other;
                    named = List.of(name, columns.get(second).name());
                    change = (batch, step) -> batch.rows.forEach(row -> {
                        Object value = row[column];
                        row[column] = row[second];
                        row[second] = value;
                    });
                }
                case "missing_jump" -> {
                    change = values(column, share, value -> null);
                    note = share + " missing";
                }
                case "sentinel" -> {
                    double code = random.nextBoolean() ? -999 : -1;
                    change = values(column, share, value -> code);
                    note = code + " on " + share;
                }
                case "stuck_value" -> {
                    double typical = quantile(column, 0.5);
                    double part = random.nextBoolean() ? 1 : 0.4;
                    change = values(column, part, value -> typical);
                    note = typical + " on " + part;
                }
                case "gradual_shift" -> {
                    double size = 0.8 + 0.6 * random.nextDouble();
                    change = (batch, step) -> numbers(column, 1, value -> value + size * sd * (step + 1) / 6)
                            .apply(batch, step);
                    note = "+" + size + " sd";
                }
                case "sign_flip" -> change = numbers(column, 1, value -> -value);
                case "label_flip" -> {
                    named = List.of("label");
                    double part = 0.3 + 0.2 * random.nextDouble();
                    change = (batch, step) -> {
                        for (int i = 0; i < batch.labels.length; i++) {
                            batch.labels[i] = !binary
                                    ? batch.labels[i] * (1 + part)
                                    : random.nextDouble() < part ? 1 - batch.labels[i] : batch.labels[i];
                        }
                    };
                    note = "on " + part;
                }
                case "added_column" -> {
                    named = List.of("session_id");
                    change = (batch, step) -> {};
                }
                case "dropped_column" -> change = values(column, 1, value -> null);
                case "type_change" -> change = values(column, 1, value -> value + " units");
                case "duplicate_rows" -> {
                    named = List.of("*");
                    double part = 0.3 + 0.3 * random.nextDouble();
                    change = (batch, step) -> {
                        int size = batch.rows.size();
                        for (int i = (int) (size * (1 - part)); i < size; i++) {
                            int copied = random.nextInt((int) (size * (1 - part)));
                            batch.rows.set(i, batch.rows.get(copied).clone());
                            batch.labels[i] = batch.labels[copied];
                        }
                    };
                    note = "on " + part;
                }
                case "spikes" -> {
                    double top = quantile(column, 1);
                    double times = new double[] {20, 100, 1_000}[random.nextInt(3)];
                    change = numbers(column, 0.02, value -> Math.abs(top) * times + times);
                    note = "x" + times + " on 0.02";
                }
                case "new_category" -> {
                    change = values(column, share, value -> "Never seen");
                    note = "on " + share;
                }
                case "category_case" -> {
                    change = values(column, 1, value -> value.toString().toUpperCase(Locale.ROOT) + " ");
                }
                case "subpopulation" -> {
                    Object wanted = Objects.requireNonNullElse(
                            reference.get(random.nextInt(reference.size())).values()[column], "?");
                    change = (batch, step) -> {
                        for (int i = 0; i < batch.rows.size(); i++) {
                            if (!wanted.equals(batch.rows.get(i)[column]) && random.nextDouble() < 0.6) {
                                Row other = live.get(random.nextInt(live.size()));
                                if (wanted.equals(other.values()[column])) {
                                    batch.rows.set(i, other.values().clone());
                                    batch.labels[i] = other.label();
                                }
                            }
                        }
                    };
                    note = "more of " + wanted;
                }
                case "tz_shift" -> {
                    int steps = 2 + random.nextInt(9);
                    change = numbers(column, 1, value -> (value + steps) % 24);
                    note = "+" + steps;
                }
                case "prediction_fallback" -> {
                    named = List.of("prediction");
                    double constant = model.mean;
                    change = (batch, step) -> batch.predictions =
                            predictions(batch, p -> random.nextDouble() < 0.3 ? round(constant, 6) : p);
                }
                case "prediction_shift" -> {
                    named = List.of("prediction");
                    change = (batch, step) ->
                            batch.predictions = predictions(batch, p -> round(binary ? Math.pow(p, 0.5) : p * 1.25, 6));
                }
                default -> throw new IllegalArgumentException(kind);
            }
            return new Incident(kind, named, from, to, note, change);
        }

        private Change numbers(int column, double share, java.util.function.DoubleUnaryOperator changed) {
            return values(
                    column, share, value -> value instanceof Double number ? changed.applyAsDouble(number) : value);
        }

        private Change values(int column, double share, java.util.function.Function<Object, @Nullable Object> changed) {
            return (batch, step) -> batch.rows.forEach(row -> {
                Object value = row[column];
                if (value != null && random.nextDouble() < share) {
                    row[column] = changed.apply(value);
                }
            });
        }

        private double[] predictions(Batch batch, java.util.function.DoubleUnaryOperator changed) {
            return batch.rows.stream()
                    .mapToDouble(row -> changed.applyAsDouble(model.predict(row)))
                    .toArray();
        }

        private Batch batch(int number) {
            List<@Nullable Object[]> rows = new ArrayList<>();
            double[] labels = new double[source.batchRows()];
            int[] drawn = source.isTimeOrdered()
                    ? IntStream.range(number * labels.length, (number + 1) * labels.length)
                            .toArray()
                    : random.ints(0, live.size())
                            .distinct()
                            .limit(labels.length)
                            .toArray();
            for (int i = 0; i < labels.length; i++) {
                rows.add(live.get(drawn[i]).values().clone());
                labels[i] = live.get(drawn[i]).label();
            }
            return new Batch(rows, labels);
        }

        void write(Path folder) throws IOException {
            Files.createDirectories(folder);
            StringBuilder table = new StringBuilder(header(columns)).append(",prediction,label\n");
            for (Row row : reference) {
                table.append(cells(row.values()))
                        .append(text(model.predict(row.values())))
                        .append(',')
                        .append(text(row.label()))
                        .append('\n');
            }
            try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve("reference.csv.gz")))) {
                out.write(table.toString().getBytes(StandardCharsets.UTF_8));
            }
            try (ZipOutputStream tables = new ZipOutputStream(Files.newOutputStream(folder.resolve("batches.zip")));
                    ZipOutputStream labels = new ZipOutputStream(Files.newOutputStream(folder.resolve("labels.zip")))) {
                long id = 1;
                for (int number = 0; number < batches; number++) {
                    id = write(number, id, tables, labels);
                }
            }
            writeFacts(folder);
        }

        private long write(int number, long firstId, ZipOutputStream tables, ZipOutputStream labels)
                throws IOException {
            Batch batch = batch(number);
            String dropped = "";
            boolean adds = false;
            for (Incident incident : incidents) {
                if (incident.from() <= number && number <= incident.to()) {
                    incident.change().apply(batch, number - incident.from());
                    dropped = incident.kind().equals("dropped_column")
                            ? incident.columns().get(0)
                            : dropped;
                    adds |= incident.kind().equals("added_column");
                }
            }
            double[] predictions = batch.predictions == null ? predictions(batch, p -> p) : batch.predictions;
            int without = columns.stream().map(Column::name).toList().indexOf(dropped);
            List<Column> shown = new ArrayList<>(columns);
            if (without >= 0) {
                shown.remove(without);
            }
            StringBuilder table =
                    new StringBuilder("row_id,ts,").append(header(shown)).append(adds ? ",session_id" : "");
            table.append(",prediction\n");
            StringBuilder answers = new StringBuilder("row_id,label\n");
            Instant begin = Instant.parse("2024-01-01T00:00:00Z").plus(number, ChronoUnit.HOURS);
            for (int i = 0; i < predictions.length; i++) {
                @Nullable Object[] row = batch.rows.get(i);
                Instant time = source.isTimeOrdered()
                        ? Instant.parse("2024-01-01T00:00:00Z")
                                .plus(
                                        (source.rows().size() - live.size() + number * predictions.length + i)
                                                / source.rowsPerHour(),
                                        ChronoUnit.HOURS)
                        : begin.plusSeconds(3_600L * i / predictions.length);
                table.append(firstId + i).append(',').append(time).append(',');
                for (int column = 0; column < row.length; column++) {
                    if (column != without) {
                        table.append(cell(row[column])).append(',');
                    }
                }
                table.append(adds ? random.nextInt(3) + "," : "")
                        .append(text(predictions[i]))
                        .append('\n');
                answers.append(firstId + i)
                        .append(',')
                        .append(text(batch.labels[i]))
                        .append('\n');
            }
            put(tables, number, table);
            put(labels, number, answers);
            return firstId + predictions.length;
        }

        private static void put(ZipOutputStream zip, int number, StringBuilder table) throws IOException {
            zip.putNextEntry(new ZipEntry(String.format(Locale.ROOT, "%04d.csv", number)));
            zip.write(table.toString().getBytes(StandardCharsets.UTF_8));
            zip.closeEntry();
        }

        private static String header(List<Column> columns) {
            return String.join(",", columns.stream().map(Column::name).toList());
        }

        private static String cells(@Nullable Object[] row) {
            StringBuilder cells = new StringBuilder();
            for (Object value : row) {
                cells.append(cell(value)).append(',');
            }
            return cells.toString();
        }

        private static String cell(@Nullable Object value) {
            if (value instanceof Double number) {
                return text(number);
            }
            String text = value == null ? "" : value.toString();
            return text.matches("[^,\"\\r\\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
        }

        private static String text(double value) {
            return new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
        }

        private void writeFacts(Path folder) throws IOException {
            ObjectNode stream = JSON.createObjectNode()
                    .put("name", source.name())
                    .put("task", binary ? "binary" : "regression")
                    .put("mode", source.isTimeOrdered() ? "time" : "iid");
            ArrayNode described = stream.putArray("columns");
            columns.forEach(column -> described
                    .addObject()
                    .put("name", column.name())
                    .put("kind", column.isNumber() ? "numeric" : "categorical"));
            stream.put("prediction", "prediction").put("label", "label");
            stream.put("reference_rows", reference.size()).put("batch_rows", source.batchRows());
            stream.put("batches", batches).put("label_delay_batches", DELAY).putArray("calendar");
            ObjectNode truth = JSON.createObjectNode()
                    .put("stream", source.name())
                    .put("batches", batches)
                    .put("mode", source.isTimeOrdered() ? "time" : "iid")
                    .put("label_delay_batches", DELAY);
            ArrayNode all = truth.putArray("incidents");
            for (Incident incident : incidents) {
                ObjectNode node = all.addObject()
                        .put("kind", incident.kind())
                        .put("from_batch", incident.from())
                        .put("to_batch", incident.to())
                        .put("note", incident.note())
                        .put("severity", "medium");
                incident.columns().forEach(node.putArray("columns")::add);
                node.putArray("visible_in").add(incident.kind().equals("label_flip") ? "labels" : "inputs");
            }
            truth.putArray("benign");
            JSON.writerWithDefaultPrettyPrinter()
                    .writeValue(folder.resolve("stream.json").toFile(), stream);
            JSON.writerWithDefaultPrettyPrinter()
                    .writeValue(folder.resolve("truth.json").toFile(), truth);
        }
    }
}
