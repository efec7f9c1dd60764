package io.github.plimsoll.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.plimsoll.core.ModelLoadException;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Schema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MlflowRegistryTest {

    private static final Path GOLDEN = Path.of("src/test/resources/mlflow/onnx-columns");
    private static final String API = "/mlflow/api/2.0/";
    private static final String FILES = API + "mlflow-artifacts/artifacts";
    private static final String VERSION = API + "mlflow/model-versions/get-download-uri?name=credit%20risk&version=3";
    private static final String JSON = "application/json";

    private record Answer(int status, String type, byte[] body) {}

    @TempDir
    Path temp;

    private HttpServer server;
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final CountDownLatch end = new CountDownLatch(1);
    private final Map<String, Answer> answers = new HashMap<>();
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private final List<String> shown = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, Integer> failures = new ConcurrentHashMap<>();
    private final List<String> ranges = Collections.synchronizedList(new ArrayList<>());
    private volatile String stalled = "";
    private volatile String broken = "";
    private volatile String tag = "";
    private volatile boolean rangesWork = true;
    private MlflowRegistry registry;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(executor);
        server.createContext("/", exchange -> {
            String question = exchange.getRequestURI().toString();
            asked.add(question);
            shown.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            Answer answer = answers.getOrDefault(
                    question, new Answer(404, "text/html", "<html>".getBytes(StandardCharsets.UTF_8)));
            exchange.getResponseHeaders().add("Content-Type", answer.type());
            if (answer.status() == 302) {
                exchange.getResponseHeaders().add("Location", "http://elsewhere.invalid/");
            }
            if (failures.getOrDefault(question, 0) > 0) {
                failures.merge(question, -1, Integer::sum);
                exchange.sendResponseHeaders(503, -1);
                exchange.close();
                return;
            }
            if (question.endsWith(broken) && !broken.isEmpty()) {
                ranges.add(String.valueOf(exchange.getRequestHeaders().getFirst("Range")));
                breakOff(exchange, answer.body());
                return;
            }
            if (question.endsWith(stalled) && !stalled.isEmpty()) {
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write(1);
                exchange.getResponseBody().flush();
                try {
                    end.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                exchange.close();
                return;
            }
            exchange.sendResponseHeaders(answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
            exchange.getResponseBody().write(answer.body());
            exchange.close();
        });
        server.start();
        registry = MlflowRegistry.at(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/mlflow/"))
                .retries(0, Duration.ZERO);
        answer(VERSION, "{\"artifact_uri\": \"mlflow-artifacts:/0/models/m-1/artifacts\"}");
        serve("0/models/m-1/artifacts");
    }

    @AfterEach
    void stop() {
        end.countDown();
        server.stop(0);
        executor.shutdownNow();
    }

    /** 100 bytes at a time, then the connection ends, as often as asked. */
    private void breakOff(HttpExchange exchange, byte[] body) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        String condition = exchange.getRequestHeaders().getFirst("If-Range");
        int from = range == null || !rangesWork || !tag.equals(condition)
                ? 0
                : Integer.parseInt(range.replaceAll("\\D", ""));
        if (!tag.isEmpty()) {
            exchange.getResponseHeaders().add("ETag", tag);
        }
        if (from > 0) {
            exchange.getResponseHeaders()
                    .add("Content-Range", "bytes " + from + "-" + (body.length - 1) + "/" + body.length);
        }
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, body.length - from);
        int end = ranges.size() > 3 ? body.length : Math.min(body.length, from + 100);
        exchange.getResponseBody().write(body, from, end - from);
        exchange.getResponseBody().flush();
        exchange.close();
    }

    private void answer(String question, String json) {
        answers.put(question, new Answer(200, JSON, json.getBytes(StandardCharsets.UTF_8)));
    }

    /** Hands out the golden folder, and a folder in it. */
    private void serve(String path) throws IOException {
        StringBuilder files = new StringBuilder("{\"path\": \"sub dir\", \"is_dir\": true}");
        try (Stream<Path> list = Files.list(GOLDEN)) {
            list.forEach(file -> {
                try {
                    byte[] bytes = Files.readAllBytes(file);
                    files.append(", {\"path\": \"%s\", \"is_dir\": false, \"file_size\": %d}"
                            .formatted(file.getFileName(), bytes.length));
                    answers.put(FILES + "/" + path + "/" + file.getFileName(), new Answer(200, "x/y", bytes));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        list(path, files.toString());
        list(path + "/sub dir", "{\"path\": \"empty.txt\", \"is_dir\": false, \"file_size\": 0}");
        answers.put(FILES + "/" + path + "/sub%20dir/empty.txt", new Answer(200, "x/y", new byte[0]));
    }

    private void list(String path, String files) {
        answer(FILES + "?path=" + path.replace("/", "%2F").replace(" ", "%20"), "{\"files\": [" + files + "]}");
    }

    private void assertRefused(String uri, String... words) throws IOException {
        Path folder = temp.resolve("models/it");
        assertThatThrownBy(() -> registry.download(uri, folder))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining(uri)
                .hasMessageContainingAll(words);
        assertThat(folder).doesNotExist();
        if (Files.exists(temp.resolve("models"))) {
            assertThat(temp.resolve("models")).isEmptyDirectory();
        }
    }

    @Test
    void fetchesAVersionWhole() throws IOException {
        Path folder = registry.download("models:/credit risk/3", temp.resolve("models/it"));

        assertThat(folder.resolve("model.onnx")).hasSameBinaryContentAs(GOLDEN.resolve("model.onnx"));
        assertThat(folder.resolve("sub dir/empty.txt")).isEmptyFile();
        assertThat(temp.resolve("models")).isDirectoryContaining(folder::equals);
        try (Stream<Path> left = Files.list(temp.resolve("models"))) {
            assertThat(left).hasSize(1);
        }
        try (Predictor<double[], Double> risk = Plimsoll.load(folder)
                .as(
                        Schema.ofDoubles(
                                MlflowSignature.read(folder).orElseThrow().features()),
                        Output.probabilityOf("1").from("probabilities").labelled("0", "1"))
                .build()) {
            assertThat(risk.prediction(new double[4]).model()).isEqualTo(new ModelId("credit risk", "3"));
        }
        assertThat(shown).containsOnly("null");
    }

    @Test
    void followsAnAlias() {
        answer(
                API + "mlflow/registered-models/alias?name=credit%20risk&alias=champion",
                "{\"model_version\": {\"name\": \"credit risk\", \"version\": \"3\"}}");

        assertThat(registry.download("models:/credit risk@champion", temp.resolve("it")))
                .isDirectoryContaining("glob:**/registered_model_meta");
    }

    @Test
    void fetchesWhatARunHolds() throws IOException {
        answer(
                API + "mlflow/runs/get?run_id=r1",
                "{\"run\": {\"info\": {\"artifact_uri\": \"mlflow-artifacts:/0/r1/artifacts\"}}}");
        serve("0/r1/artifacts/model");

        assertThat(registry.download("runs:/r1/model", temp.resolve("it"))).isDirectoryContaining("glob:**/MLmodel");
        assertThat(temp.resolve("it/registered_model_meta")).doesNotExist();
    }

    @Test
    void findsAModelThatARunOnlyNames() {
        answer(
                API + "mlflow/runs/get?run_id=r1",
                "{\"run\": {\"info\": {\"artifact_uri\": \"mlflow-artifacts:/0/r1/artifacts\"},"
                        + " \"outputs\": {\"model_outputs\": [{\"model_id\": \"m-1\"}]}}}");
        answer(FILES + "?path=0%2Fr1%2Fartifacts%2Fmodel", "{}");
        answer(
                API + "mlflow/logged-models/m-1",
                "{\"model\": {\"info\": {\"name\": \"model\", \"artifact_uri\": \"mlflow-artifacts:/0/models/m-1/artifacts\"}}}");

        assertThat(registry.download("runs:/r1/model", temp.resolve("it"))).isDirectoryContaining("glob:**/MLmodel");
        assertThat(registry.download("models:/m-1", temp.resolve("it2"))).isDirectoryContaining("glob:**/MLmodel");
    }

    @Test
    void showsCredentials() {
        registry.bearerToken("t0ken").download("models:/credit risk/3", temp.resolve("a"));
        assertThat(shown).containsOnly("Bearer t0ken");

        shown.clear();
        registry.basicAuthentication("ann", "pässword").download("models:/credit risk/3", temp.resolve("b"));
        assertThat(shown).containsOnly("Basic YW5uOnDDpHNzd29yZA==");
        assertThat(registry.bearerToken("t0ken").toString()).doesNotContain("t0ken");
    }

    @Test
    void whatTheServerSaysIsPassedOn() throws IOException {
        answers.put(
                VERSION,
                new Answer(404, JSON, "{\"message\": \"Model Version not found\"}".getBytes(StandardCharsets.UTF_8)));
        assertRefused("models:/credit risk/3", "not found: Model Version not found");

        answers.put(VERSION, new Answer(401, JSON, "{}".getBytes(StandardCharsets.UTF_8)));
        assertRefused("models:/credit risk/3", "401", "MlflowRegistry.bearerToken");

        answers.put(VERSION, new Answer(500, JSON, "{\"message\": \"on\\nfire\"}".getBytes(StandardCharsets.UTF_8)));
        assertRefused("models:/credit risk/3", "500: on?fire");
    }

    @Test
    void anAddressThatIsNoMlflowIsSaidToBeSo() throws IOException {
        answers.put(VERSION, new Answer(200, "text/html", "<html>log in</html>".getBytes(StandardCharsets.UTF_8)));
        assertRefused("models:/credit risk/3", "text/html instead of JSON", "login page");

        answers.remove(VERSION);
        assertRefused("models:/credit risk/3", "404 with text/html", "the address of an MLflow server");

        answers.put(VERSION, new Answer(302, "text/html", new byte[0]));
        assertRefused("models:/credit risk/3", "redirection, which is not followed");

        answer(VERSION, "{}");
        assertRefused("models:/credit risk/3", "has no artifact_uri");
    }

    @Test
    void aServerThatIsNotThereIsSaidToBeSo() throws IOException {
        try (Socket taken = new Socket()) { // by a socket that does not listen, so that nobody else comes by its port
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            registry = MlflowRegistry.at(URI.create("http://127.0.0.1:" + taken.getLocalPort() + "/mlflow/"))
                    .retries(0, Duration.ZERO);

            assertRefused("models:/credit risk/3", "cannot be reached");
        }
    }

    @Test
    void aServerThatStallsIsNotWaitedFor() throws IOException {
        stalled = "model.onnx";
        registry = registry.timeouts(Duration.ofSeconds(20), Duration.ofMillis(300));

        assertRefused("models:/credit risk/3", "took longer than PT0.3S");
    }

    @Test
    void aFailureThatPassesIsTriedAgainAsOftenAsTheHostSays() throws IOException {
        failures.put(VERSION, 2);
        failures.put(FILES + "/0/models/m-1/artifacts/model.onnx", 2);

        Path folder =
                registry.retries(2, Duration.ofMillis(1)).download("models:/credit risk/3", temp.resolve("models/it"));

        assertThat(folder.resolve("model.onnx")).hasSameBinaryContentAs(GOLDEN.resolve("model.onnx"));
        assertThat(asked.stream().filter(VERSION::equals)).hasSize(3);
        failures.put(VERSION, 2);
        registry = registry.retries(1, Duration.ofMillis(1));
        assertThatThrownBy(() -> registry.download("models:/credit risk/3", temp.resolve("models/other")))
                .hasMessageContaining("503", "tried 2 times");
    }

    @Test
    void whatDoesNotPassIsNotTriedAgain() throws IOException {
        answers.put(VERSION, new Answer(401, JSON, "{}".getBytes(StandardCharsets.UTF_8)));
        registry = registry.retries(5, Duration.ofSeconds(30));

        assertRefused("models:/credit risk/3", "401");

        assertThat(asked).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "'\"v1\"', true, 'null, bytes=100-, bytes=200-, bytes=300-'", // goes on
        "'\"v1\"', false, 'null, bytes=100-, bytes=100-, bytes=100-'", // the server begins anew each time
        "'W/\"v1\"', true, 'null, null, null, null'", // a weak tag promises no bytes
        "'', true, 'null, null, null, null'",
    })
    void aFileThatBrokeOffGoesOnIfTheServerSaysItIsTheSame(String etag, boolean works, String expected)
            throws IOException {
        broken = "model.onnx";
        tag = etag;
        rangesWork = works;

        Path folder = registry.retries(3, Duration.ZERO).download("models:/credit risk/3", temp.resolve("models/it"));

        assertThat(folder.resolve("model.onnx")).hasSameBinaryContentAs(GOLDEN.resolve("model.onnx"));
        assertThat(String.join(", ", ranges)).isEqualTo(expected);
    }

    @Test
    void aFileThatIsShorterThanListedIsRefused() throws IOException {
        list("0/models/m-1/artifacts", "{\"path\": \"MLmodel\", \"is_dir\": false, \"file_size\": 5}");

        assertRefused("models:/credit risk/3", "file 'MLmodel': ", " bytes (expected: 5, as the server lists it)");
    }

    @Test
    void onlyTheFilesThatTheHostHasPinnedAreTaken() throws Exception {
        registry = registry.expecting("0".repeat(64));
        assertRefused("models:/credit risk/3", "SHA-256 of the whole", "(expected: 0000");

        Map<String, byte[]> files = new TreeMap<>(Map.of("sub dir/empty.txt", new byte[0]));
        try (Stream<Path> list = Files.list(GOLDEN)) {
            for (Path file : list.toList()) {
                files.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        StringBuilder listing = new StringBuilder();
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            listing.append(sha256(file.getValue()))
                    .append("  ")
                    .append(file.getKey())
                    .append('\n');
        }
        registry = registry.expecting(sha256(listing.toString().getBytes(StandardCharsets.UTF_8)));

        assertThat(registry.download("models:/credit risk/3", temp.resolve("models/it")))
                .isDirectoryContaining("glob:**/registered_model_meta");
    }

    private static String sha256(byte[] bytes) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3://bucket/model",
                "file:///etc",
                "http://elsewhere.invalid/api/2.0/mlflow-artifacts/artifacts/x"
            })
    void whatTheServerDoesNotHandOutIsNotFetched(String place) throws IOException {
        answer(VERSION, "{\"artifact_uri\": \"" + place + "\"}");

        assertRefused("models:/credit risk/3", place, "--serve-artifacts");
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "../../evil", "/etc/cron.d/x", "a\\\\b", "C:x", "", ".", "a\\nb"})
    void namesThatCouldLeaveTheFolderAreRefused(String name) throws IOException {
        for (boolean folder : new boolean[] {true, false}) {
            list("0/models/m-1/artifacts", "{\"path\": \"" + name + "\", \"is_dir\": " + folder + "}");

            assertRefused("models:/credit risk/3", "(expected: plain names)");
        }
    }

    @Test
    void pathsThatCouldLeaveTheRootAreRefused() throws IOException {
        answer(VERSION, "{\"artifact_uri\": \"mlflow-artifacts:/0/../../x\"}");
        assertRefused("models:/credit risk/3", "(expected: plain names)");
        assertThatThrownBy(() -> registry.download("runs:/r1/../x", temp.resolve("it")))
                .isInstanceOf(ModelLoadException.class);
    }

    @Test
    void limitsHold() throws IOException {
        registry = registry.maxBytes(700);
        assertRefused("models:/credit risk/3", "too large", "maxBytes");

        list("0/models/m-1/artifacts", "{\"path\": \"MLmodel\", \"is_dir\": false}"); // says nothing of its size
        assertRefused("models:/credit risk/3", "too large");

        StringBuilder deep = new StringBuilder("0/models/m-1/artifacts");
        for (int i = 0; i < 20; i++) {
            list(deep.toString(), "{\"path\": \"d\", \"is_dir\": true}");
            deep.append("/d");
        }
        assertRefused("models:/credit risk/3", "nested too deeply");

        list("0/models/m-1/artifacts", "{\"path\": \"d\", \"is_dir\": true}" + ", {}".repeat(10_000));
        assertRefused("models:/credit risk/3", "too many files");
    }

    @Test
    void whatIsNoModelFolderIsRefused() throws IOException {
        list("0/models/m-1/artifacts", "{\"path\": \"model.onnx\", \"is_dir\": false}");
        assertRefused("models:/credit risk/3", "no file MLmodel");

        list("0/models/m-1/artifacts", "");
        assertRefused("models:/credit risk/3", "nothing is there");
    }

    @Test
    void nothingIsOverwritten() throws IOException {
        Path there = Files.createDirectory(temp.resolve("there"));

        assertThatThrownBy(() -> registry.download("models:/credit risk/3", there))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("is there already");
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "credit", "models:/credit", "models:/credit/latest", "models:/a/b/3", "runs:/x", "http://x/y"
            })
    void whatIsNoModelUriIsTheCallersMistake(String uri) {
        assertThatThrownBy(() -> registry.download(uri, temp.resolve("it")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("models:/name@alias");
    }

    @Test
    void settingsAreChecked() {
        for (String address : List.of("ftp://x", "mlflow", "http://user:secret@x", "http://x?y", "file:///x")) {
            assertThatThrownBy(() -> MlflowRegistry.at(URI.create(address)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageNotContaining("secret");
        }
        assertThatThrownBy(() -> registry.retries(11, Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> registry.retries(1, Duration.ofMinutes(2)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> registry.expecting("ab")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> registry.bearerToken("a\nb")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> registry.basicAuthentication("a:b", "c")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> registry.maxBytes(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> registry.timeouts(Duration.ZERO, Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
