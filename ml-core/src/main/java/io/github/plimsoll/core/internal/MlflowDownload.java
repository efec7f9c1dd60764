package io.github.plimsoll.core.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.plimsoll.core.ModelLoadException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** One download from an MLflow server. Confined to one thread. */
public final class MlflowDownload {

    /**
     * A server and how to deal with it.
     *
     * @param address where it is
     * @param authorization the header that it is shown, or null
     * @param client the host's client, or null
     * @param timeout for an answer
     * @param fileTimeout for a file
     * @param maxBytes for all files
     */
    public record Server(
            URI address,
            @Nullable String authorization,
            @Nullable HttpClient client,
            Duration timeout,
            Duration fileTimeout,
            long maxBytes) {}

    private static final int MAX_ANSWER_BYTES = 16 << 20;
    private static final int MAX_FILES = 10_000;
    private static final int MAX_DEPTH = 16;
    private static final int LONGEST_NAME = 200;
    private static final JsonMapper JSON = new JsonMapper();

    private static final Pattern MODEL_VERSION = Pattern.compile("models:/([^/@]+)/([0-9]+)");
    private static final Pattern MODEL_ALIAS = Pattern.compile("models:/([^/@]+)@([^/@]+)");
    private static final Pattern LOGGED_MODEL = Pattern.compile("models:/(m-[0-9A-Za-z]+)");
    private static final Pattern RUN = Pattern.compile("runs:/([^/@]+)/(.+)");

    private final Server server;
    private final HttpClient client;
    private final String uri;
    private long bytes;
    private int files;

    private MlflowDownload(Server server, String uri) {
        this.server = server;
        this.uri = uri;
        HttpClient given = server.client();
        client = given != null
                ? given
                : HttpClient.newBuilder()
                        .connectTimeout(server.timeout())
                        .followRedirects(HttpClient.Redirect.NEVER) // credentials must not go elsewhere
                        .build();
    }

    /**
     * Fetches a model into a folder.
     *
     * @param server the server
     * @param modelUri the model
     * @param folder a path where nothing is
     * @return the folder
     */
    public static Path run(Server server, String modelUri, Path folder) {
        MlflowDownload download = new MlflowDownload(server, modelUri);
        Path target = folder.toAbsolutePath().normalize();
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw download.failed(
                    "folder " + target + " is there already (expected: a path where nothing is yet)", null);
        }
        Source source = download.resolve();
        return download.into(target, source);
    }

    /** Where the artifacts are, below the server's artifact root, and what the registry calls them. */
    private record Source(
            String path, @Nullable String name, @Nullable String version) {}

    private Source resolve() {
        Matcher version = MODEL_VERSION.matcher(uri);
        if (version.matches()) {
            return ofVersion(version.group(1), version.group(2));
        }
        Matcher alias = MODEL_ALIAS.matcher(uri);
        if (alias.matches()) {
            JsonNode found = ask("mlflow/registered-models/alias?name=" + encoded(alias.group(1)) + "&alias="
                    + encoded(alias.group(2)));
            return ofVersion(alias.group(1), text(found, "/model_version/version"));
        }
        Matcher logged = LOGGED_MODEL.matcher(uri);
        if (logged.matches()) {
            return new Source(ofLoggedModel(logged.group(1)), null, null);
        }
        Matcher run = RUN.matcher(uri);
        if (run.matches()) {
            return ofRun(run.group(1), run.group(2));
        }
        throw new IllegalArgumentException("model '" + Shown.text(uri)
                + "' (expected: models:/name/version, models:/name@alias, models:/m-id or runs:/run-id/path)");
    }

    private Source ofVersion(String name, String version) {
        JsonNode answer =
                ask("mlflow/model-versions/get-download-uri?name=" + encoded(name) + "&version=" + encoded(version));
        return new Source(path(text(answer, "/artifact_uri")), name, version);
    }

    private String ofLoggedModel(String id) {
        return path(text(ask("mlflow/logged-models/" + encoded(id)), "/model/info/artifact_uri"));
    }

    private Source ofRun(String run, String path) {
        for (String part : path.split("/", -1)) {
            requireName(part);
        }
        JsonNode answer = ask("mlflow/runs/get?run_id=" + encoded(run));
        String root = path(text(answer, "/run/info/artifact_uri"));
        if (!list(root + "/" + path).isEmpty()) {
            return new Source(root + "/" + path, null, null);
        }
        // Since MLflow 3, a model that was logged in a run has a place of its own, and the run only names it.
        for (JsonNode output : answer.at("/run/outputs/model_outputs")) {
            String id = output.path("model_id").asText();
            JsonNode model = ask("mlflow/logged-models/" + encoded(id));
            if (path.equals(model.at("/model/info/name").asText())) {
                return new Source(path(text(model, "/model/info/artifact_uri")), null, null);
            }
        }
        throw failed(
                "the run has nothing at path '" + Shown.text(path)
                        + "' (expected: the name the model was logged under)",
                null);
    }

    /** The path below the server's artifact root; refuses what the server does not hand out itself. */
    private String path(String artifactUri) {
        if (LOGGED_MODEL.matcher(artifactUri).matches()) {
            return ofLoggedModel(artifactUri.substring("models:/".length()));
        }
        String own = server.address().toString().replaceAll("/+$", "") + "/api/2.0/mlflow-artifacts/artifacts/";
        String path;
        if (artifactUri.startsWith("mlflow-artifacts:")) {
            path = artifactUri.substring("mlflow-artifacts:".length()).replaceFirst("^//[^/]*", "");
        } else if (artifactUri.startsWith(own)) {
            path = artifactUri.substring(own.length());
        } else {
            throw failed(
                    "the server keeps it at '" + Shown.text(artifactUri)
                            + "', which it does not hand out itself (expected: a server with --serve-artifacts; or fetch the folder"
                            + " with the store's own client and load it)",
                    null);
        }
        path = path.replaceAll("^/+|/+$", "");
        for (String part : path.split("/", -1)) {
            requireName(part);
        }
        return path;
    }

    private Path into(Path target, Source source) {
        Path parent = target.getParent();
        if (parent == null) {
            throw failed("folder " + target + " is a root (expected: a folder of its own)", null);
        }
        Path part = null;
        try {
            Files.createDirectories(parent);
            part = Files.createTempDirectory(parent, ".download-"); // beside it, so that it can be moved in one step
            fetch(source.path(), part, 1);
            if (files == 0) {
                throw failed("nothing is there", null);
            }
            if (!Files.isRegularFile(part.resolve(MlflowLoader.FILE))) {
                throw failed("no file " + MlflowLoader.FILE + " in it (expected: a model folder)", null);
            }
            if (source.name() != null && source.version() != null) {
                Files.writeString(
                        part.resolve(MlflowOpening.REGISTERED),
                        "model_name: " + JSON.writeValueAsString(source.name()) + "\nmodel_version: "
                                + JSON.writeValueAsString(source.version()) + "\n");
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            return target;
        } catch (AtomicMoveNotSupportedException e) {
            throw failed("folder " + target + " cannot be made in one step: " + e, e);
        } catch (IOException e) {
            throw failed("cannot be written to " + target + ": " + e, e);
        } finally {
            if (part != null) {
                delete(part); // moved, or not wanted
            }
        }
    }

    private void fetch(String path, Path folder, int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw failed("nested too deeply (expected: at most " + MAX_DEPTH + " folders)", null);
        }
        for (JsonNode entry : list(path)) {
            String name = entry.path("path").asText();
            requireName(name);
            if (++files > MAX_FILES) {
                throw failed("too many files (expected: at most " + MAX_FILES + ")", null);
            }
            Path to = folder.resolve(name);
            if (entry.path("is_dir").asBoolean()) {
                Files.createDirectory(to);
                fetch(path + "/" + name, to, depth + 1);
            } else {
                long left = server.maxBytes() - bytes;
                if (entry.path("file_size").asLong() > left) {
                    throw tooLarge();
                }
                bytes += store(path + "/" + name, to, left);
            }
        }
    }

    private ModelLoadException tooLarge() {
        return failed(
                "too large (expected: at most " + server.maxBytes() + " bytes; see MlflowRegistry.maxBytes)", null);
    }

    private List<JsonNode> list(String path) {
        JsonNode answer = ask("mlflow-artifacts/artifacts?path=" + encoded(path));
        JsonNode listed = answer.path("files");
        if (!listed.isArray() && !listed.isMissingNode()) {
            throw failed("the server's list of files is none", null);
        }
        if (listed.size() > MAX_FILES) {
            throw failed("too many files (expected: at most " + MAX_FILES + ")", null);
        }
        return Stream.iterate(0, i -> i < listed.size(), i -> i + 1)
                .map(listed::get)
                .toList();
    }

    /** One part of a path that is safe on any file system. */
    private void requireName(String name) {
        boolean safe = !name.isBlank()
                && name.length() <= LONGEST_NAME
                && !name.equals(".")
                && !name.equals("..")
                && name.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':' || Character.isISOControl(c));
        if (!safe) {
            throw failed("the name '" + Shown.text(name) + "' could leave the folder (expected: plain names)", null);
        }
    }

    private long store(String path, Path to, long limit) throws IOException {
        StringBuilder encoded = new StringBuilder("mlflow-artifacts/artifacts");
        for (String part : path.split("/", -1)) {
            encoded.append('/').append(encoded(part));
        }
        try (OutputStream out = Files.newOutputStream(to, StandardOpenOption.CREATE_NEW)) {
            Sink sink = new Sink(out, limit);
            HttpResponse<Void> answer = send(encoded.toString(), sink, server.fileTimeout());
            if (answer.statusCode() != 200) {
                throw refused(answer, "");
            }
            return sink.written;
        }
    }

    private JsonNode ask(String question) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        HttpResponse<Void> answer = send(question, new Sink(body, MAX_ANSWER_BYTES), server.timeout());
        String text = body.toString(StandardCharsets.UTF_8);
        if (answer.statusCode() != 200) {
            throw refused(answer, text);
        }
        try {
            JsonNode json = JSON.readTree(text);
            if (json != null && json.isObject()) {
                return json;
            }
        } catch (JsonProcessingException e) {
            // what it is instead follows
        }
        throw failed(
                "the server answered with " + type(answer)
                        + " instead of JSON (expected: the address of an MLflow server, not of a login page or a proxy)",
                null);
    }

    private HttpResponse<Void> send(String question, Sink sink, Duration limit) {
        String base = server.address().toString().replaceAll("/+$", "");
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + "/api/2.0/" + question))
                .timeout(server.timeout());
        if (server.authorization() != null) {
            request.header("Authorization", server.authorization());
        }
        // The request's own time-out ends with the headers; a body that stalls needs this one.
        CompletableFuture<HttpResponse<Void>> answer = client.sendAsync(request.build(), info -> sink);
        try {
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw failed("the server took longer than " + limit + " (expected: see MlflowRegistry.timeouts)", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("interrupted", e);
        } catch (ExecutionException e) {
            if (sink.full) {
                throw tooLarge();
            }
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw failed(
                    cause instanceof HttpTimeoutException
                            ? "the server took longer than " + server.timeout()
                                    + " (expected: see MlflowRegistry.timeouts)"
                            : "the server cannot be reached: " + cause
                                    + " (expected: a running server and a network that leads to it)",
                    cause);
        } finally {
            answer.cancel(true);
        }
    }

    private ModelLoadException refused(HttpResponse<?> answer, String body) {
        int status = answer.statusCode();
        String words = "";
        try {
            JsonNode json = JSON.readTree(body);
            words = json == null ? "" : json.path("message").asText("");
        } catch (JsonProcessingException e) {
            // a page for people
        }
        String said = words.isEmpty() ? "" : ": " + Shown.text(words);
        return failed(
                switch (status) {
                    case 401, 403 ->
                        "the server answered " + status + said + " (expected: "
                                + (server.authorization() == null
                                        ? "credentials, see MlflowRegistry.bearerToken and basicAuthentication"
                                        : "credentials that may read this model")
                                + ")";
                    case 404 ->
                        words.isEmpty()
                                ? "the server answered 404 with " + type(answer)
                                        + " (expected: the address of an MLflow server, with its path if it has one)"
                                : "not found" + said + " (expected: a model that the server has)";
                    case 301, 302, 303, 307, 308 ->
                        "the server answered " + status
                                + ", a redirection, which is not followed (expected: the server's own"
                                + " address, perhaps with https, and credentials if it asks for a login)";
                    default -> "the server answered " + status + said + " (expected: 200)";
                },
                null);
    }

    private static String type(HttpResponse<?> answer) {
        return Shown.text(answer.headers().firstValue("Content-Type").orElse("an unknown type"));
    }

    private String text(JsonNode answer, String pointer) {
        JsonNode value = answer.at(pointer);
        if (!value.isValueNode() || value.isNull() || value.asText().isBlank()) {
            throw failed(
                    "the server's answer has no " + pointer.substring(1).replace('/', '.')
                            + " (expected: MLflow 2.3 or later)",
                    null);
        }
        return value.asText();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private ModelLoadException failed(String reason, @Nullable Throwable cause) {
        return new ModelLoadException("model " + Shown.text(uri) + " of " + server.address() + ": " + reason, cause);
    }

    private static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> entries = Files.walk(folder)) {
            for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(entry);
            }
        } catch (IOException | UncheckedIOException e) {
            LoggerFactory.getLogger(MlflowDownload.class).warn("{} could not be deleted", folder, e);
        }
    }

    /** Writes a body as it comes, as far as a limit. */
    private static final class Sink implements BodySubscriber<Void> {
        private final OutputStream out;
        private final long limit;
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private Flow.@Nullable Subscription subscription;
        // Written by the client's threads one after the other, read when the body has been completed.
        private volatile long written;
        private volatile boolean full;

        private Sink(OutputStream out, long limit) {
            this.out = out;
            this.limit = limit;
        }

        @Override
        public CompletionStage<Void> getBody() {
            return done;
        }

        @Override
        public void onSubscribe(Flow.Subscription to) {
            subscription = to;
            to.request(1);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            Flow.Subscription from = Objects.requireNonNull(subscription);
            try {
                long sum = written;
                for (ByteBuffer buffer : buffers) {
                    byte[] chunk = new byte[buffer.remaining()];
                    buffer.get(chunk);
                    sum += chunk.length;
                    if (sum > limit) {
                        full = true;
                        throw new IOException("more than " + limit + " bytes");
                    }
                    out.write(chunk);
                }
                written = sum;
                from.request(1);
            } catch (IOException e) {
                from.cancel();
                done.completeExceptionally(e);
            }
        }

        @Override
        public void onError(Throwable failure) {
            done.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            done.complete(null);
        }
    }
}
