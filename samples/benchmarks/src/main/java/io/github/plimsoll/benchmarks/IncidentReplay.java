package io.github.plimsoll.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.monitoring.drift.Baseline;
import io.github.plimsoll.monitoring.drift.Incident;
import io.github.plimsoll.monitoring.drift.Window;
import io.github.plimsoll.monitoring.drift.WindowMonitor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Replays recorded streams with known incidents through a {@link WindowMonitor}, batch by batch, and writes what it reports:
 * {@code alarms.csv} with a line for each column that an alarm names, {@code alarms.json} with every alarm in full.
 *
 * <p>A stream is a folder with {@code stream.json} (columns, rows in a batch, delay of labels, announced seasons),
 * {@code reference.csv.gz}, {@code batches.zip} and {@code labels.zip}. The labels of a batch are given to the monitor as many
 * batches later as they are said to be late. Nothing else is read, and all streams get the same configuration.
 */
public final class IncidentReplay {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String USAGE = "usage: IncidentReplay INCIDENTS_DIR OUT_DIR [--false-alarms N/BATCHES]";
    private static final String ROW_ID = "row_id";
    private static final String TIME = "ts";

    private final Path folder;
    private final JsonNode stream;
    private final List<Feature> features = new ArrayList<>();
    private final Set<String> numbers = new LinkedHashSet<>();
    private final Schema<Map<String, ?>> schema;
    private final String prediction;
    private final String label;

    private IncidentReplay(Path folder) throws IOException {
        this.folder = folder;
        stream = JSON.readTree(folder.resolve("stream.json").toFile());
        for (JsonNode column : stream.get("columns")) {
            String name = column.get("name").asText();
            boolean number = column.get("kind").asText().equals("numeric");
            features.add(number ? Feature.number(name) : Feature.category(name));
            if (number) {
                numbers.add(name);
            }
        }
        schema = Schema.ofMap(features);
        prediction = stream.get("prediction").asText();
        label = stream.get("label").asText();
    }

    /** What was reported after a batch. */
    private record Alarm(String stream, int batch, Incident incident) {}

    /**
     * Runs the replay.
     *
     * @param args the folder with the streams, the folder to write to, and maybe {@code --false-alarms N/BATCHES}
     */
    public static void main(String[] args) throws IOException {
        if (args.length != 2 && !(args.length == 4 && args[2].equals("--false-alarms"))) {
            throw new IllegalArgumentException(USAGE);
        }
        String[] budget = (args.length == 4 ? args[3] : "1/1000").split("/", -1);
        if (budget.length != 2) {
            throw new IllegalArgumentException("--false-alarms: " + args[3] + " (expected: N/BATCHES, such as 1/1000)");
        }
        List<Path> folders;
        try (Stream<Path> all = Files.list(Path.of(args[0]))) {
            folders = all.filter(folder -> Files.exists(folder.resolve("stream.json")))
                    .sorted()
                    .toList();
        }
        List<Alarm> alarms = new ArrayList<>();
        for (Path folder : folders) {
            List<Alarm> found =
                    new IncidentReplay(folder).run(Double.parseDouble(budget[0]), Double.parseDouble(budget[1]));
            System.out.println(folder.getFileName() + ": " + found.size() + " alarms");
            alarms.addAll(found);
        }
        write(alarms, Files.createDirectories(Path.of(args[1])));
    }

    private static void write(List<Alarm> alarms, Path out) throws IOException {
        List<String> lines = new ArrayList<>(List.of("stream,batch,column"));
        ArrayNode json = JSON.createArrayNode();
        for (Alarm alarm : alarms) {
            Incident incident = alarm.incident();
            incident.columns()
                    .forEach(column -> lines.add(quoted(alarm.stream()) + ',' + alarm.batch() + ',' + quoted(column)));
            ObjectNode node = json.addObject()
                    .put("stream", alarm.stream())
                    .put("batch", alarm.batch())
                    .put("kind", incident.kind().name().toLowerCase(Locale.ROOT));
            incident.columns().forEach(node.putArray("columns")::add);
            node.put("evidence", incident.evidence())
                    .put("threshold", incident.threshold())
                    .put("window", incident.window())
                    .put("onset", incident.onset());
            incident.details().forEach(node.putArray("details")::add);
            node.put("text", incident.toString());
        }
        Files.write(out.resolve("alarms.csv"), lines);
        JSON.writerWithDefaultPrettyPrinter()
                .writeValue(out.resolve("alarms.json").toFile(), json);
    }

    private static String quoted(String cell) {
        return cell.matches("[^,\"\\r\\n]*") ? cell : '"' + cell.replace("\"", "\"\"") + '"';
    }

    private List<Alarm> run(double falseAlarms, double batches) throws IOException {
        WindowMonitor monitor = monitor(falseAlarms, batches);
        int delay = stream.get("label_delay_batches").asInt();
        String name = String.valueOf(folder.getFileName());
        Map<Integer, Map<String, Double>> awaited = new HashMap<>();
        List<Alarm> alarms = new ArrayList<>();
        try (ZipFile tables = new ZipFile(folder.resolve("batches.zip").toFile());
                ZipFile labels = new ZipFile(folder.resolve("labels.zip").toFile())) {
            for (int batch = 0; batch < stream.get("batches").asInt(); batch++) {
                int now = batch;
                Window window = monitor.window();
                awaited.put(batch, add(table(tables, batch), window));
                var report = isInSeason(batch) ? monitor.closeInSeason(window) : monitor.close(window);
                report.incidents().forEach(incident -> alarms.add(new Alarm(name, now, incident)));
                Map<String, Double> answers = awaited.remove(batch - delay);
                if (answers != null) {
                    label(monitor, batch - delay, answers, table(labels, batch - delay))
                            .forEach(incident -> alarms.add(new Alarm(name, now, incident)));
                }
            }
        }
        return alarms;
    }

    private WindowMonitor monitor(double falseAlarms, double batches) throws IOException {
        Baseline.Builder baseline =
                Baseline.builder(features).windowRows(stream.get("batch_rows").asInt());
        CsvTable reference;
        try (InputStream in = new GZIPInputStream(Files.newInputStream(folder.resolve("reference.csv.gz")))) {
            reference = CsvTable.read(in);
        }
        int ofPrediction = reference.header().indexOf(prediction);
        int ofLabel = reference.header().indexOf(label);
        for (List<String> cells : reference.rows()) {
            baseline.add(row(reference.header(), cells), number(cells.get(ofPrediction)), number(cells.get(ofLabel)));
        }
        return WindowMonitor.against(baseline.build(), falseAlarms, batches);
    }

    /** Counts the rows of a batch, and returns the prediction of each. */
    private Map<String, Double> add(CsvTable table, Window window) {
        int ofId = table.header().indexOf(ROW_ID);
        int ofTime = table.header().indexOf(TIME);
        int ofPrediction = table.header().indexOf(prediction);
        Map<String, Double> predictions = new HashMap<>();
        for (List<String> cells : table.rows()) {
            double answer = number(cells.get(ofPrediction));
            window.add(row(table.header(), cells), answer, Instant.parse(cells.get(ofTime)));
            predictions.put(cells.get(ofId), answer);
        }
        return predictions;
    }

    private List<Incident> label(WindowMonitor monitor, int batch, Map<String, Double> answers, CsvTable table) {
        int ofId = table.header().indexOf(ROW_ID);
        int ofLabel = table.header().indexOf(label);
        double[] predictions = new double[table.rows().size()];
        double[] outcomes = new double[predictions.length];
        for (int i = 0; i < predictions.length; i++) {
            List<String> cells = table.rows().get(i);
            predictions[i] = answers.getOrDefault(cells.get(ofId), Double.NaN);
            outcomes[i] = number(cells.get(ofLabel));
        }
        return monitor.outcomes(batch, predictions, outcomes);
    }

    private boolean isInSeason(int batch) {
        for (JsonNode season : stream.get("calendar")) {
            if (season.get("from_batch").asInt() <= batch
                    && batch <= season.get("to_batch").asInt()) {
                return true;
            }
        }
        return false;
    }

    private FeatureRow row(List<String> header, List<String> cells) {
        Map<String, @Nullable Object> row = new HashMap<>();
        for (int i = 0; i < cells.size(); i++) {
            String column = header.get(i);
            if (!Set.of(ROW_ID, TIME, prediction, label).contains(column)) {
                row.put(column, value(column, cells.get(i)));
            }
        }
        return schema.read(row);
    }

    private @Nullable Object value(String column, String cell) {
        if (cell.isEmpty()) {
            return null;
        }
        double number = numbers.contains(column) ? number(cell) : Double.NaN;
        return Double.isNaN(number)
                ? cell
                : (Object) Double.valueOf(number); // what is no number stays text, for the schema to refuse
    }

    /** The number that a cell holds, NaN if none. */
    private static double number(String cell) {
        try {
            return Double.parseDouble(cell);
        } catch (NumberFormatException none) {
            return Double.NaN;
        }
    }

    private static CsvTable table(ZipFile file, int batch) throws IOException {
        ZipEntry entry = file.getEntry(String.format(Locale.ROOT, "%04d.csv", batch));
        if (entry == null) {
            throw new IOException(file.getName() + ": no batch " + batch);
        }
        try (InputStream in = file.getInputStream(entry)) {
            return CsvTable.read(in);
        }
    }
}
