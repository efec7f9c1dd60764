package io.github.plimsoll.core.internal.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.plimsoll.core.ModelLoadException;
import io.github.plimsoll.core.internal.Shown;
import io.github.plimsoll.core.internal.pack.Folders;
import io.github.plimsoll.core.internal.pack.Hashes;
import io.github.plimsoll.core.internal.pack.PackagePaths;
import io.github.plimsoll.core.internal.pack.PackagedFile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One download from an MLflow server. Confined to one thread. */
public final class MlflowDownload {

    /**
     * A server.
     *
     * @param address where it is
     * @param authorization the header that it is shown, or null
     * @param client the host's client, or null
     * @param limits how to deal with it
     */
    public record Server(
            URI address,
            @Nullable String authorization,
            @Nullable HttpClient client,
            Limits limits) {}

    /**
     * How to deal with a server.
     *
     * @param answer how long it may take for an answer
     * @param file how long it may take for a file
     * @param bytes the most bytes for all files
     * @param retries how often a failure that may pass is tried again
     * @param pause how long to wait before the first retry; twice as long before each further one
     */
    public record Limits(Duration answer, Duration file, long bytes, int retries, Duration pause) {}

    private static final int MAX_FILES = 10_000;
    private static final int MAX_DEPTH = 16;
    private static final Logger LOG = LoggerFactory.getLogger(MlflowDownload.class);
    private static final JsonMapper JSON = new JsonMapper();

    private static final Pattern MODEL_VERSION = Pattern.compile("models:/([^/@]+)/([0-9]+)");
    private static final Pattern MODEL_ALIAS = Pattern.compile("models:/([^/@]+)@([^/@]+)");
    private static final Pattern LOGGED_MODEL = Pattern.compile("models:/(m-[0-9A-Za-z]+)");
    private static final Pattern RUN = Pattern.compile("runs:/([^/@]+)/(.+)");

    private final MlflowServer server;
    private final String uri;
    private final long maxBytes;
    private final @Nullable String sha256;
    private final List<PackagedFile> files = new ArrayList<>();
    private long bytes;
    private int entries;

    private MlflowDownload(Server server, String uri, @Nullable String sha256) {
        this.server = new MlflowServer(server, "model " + Shown.text(uri) + " of " + server.address());
        this.uri = uri;
        this.sha256 = sha256;
        maxBytes = server.limits().bytes();
    }

    /**
     * Fetches a model into a folder.
     *
     * @param server the server
     * @param modelUri the model
     * @param sha256 the hash of the whole that it has to have, or null for any
     * @param folder a path where nothing is
     * @return the folder
     */
    public static Path run(Server server, String modelUri, @Nullable String sha256, Path folder) {
        MlflowDownload download = new MlflowDownload(server, modelUri, sha256);
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
            JsonNode found = server.ask("mlflow/registered-models/alias?name=" + MlflowServer.encoded(alias.group(1))
                    + "&alias=" + MlflowServer.encoded(alias.group(2)));
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
        JsonNode answer = server.ask("mlflow/model-versions/get-download-uri?name=" + MlflowServer.encoded(name)
                + "&version=" + MlflowServer.encoded(version));
        return new Source(path(text(answer, "/artifact_uri")), name, version);
    }

    private String ofLoggedModel(String id) {
        return path(text(server.ask("mlflow/logged-models/" + MlflowServer.encoded(id)), "/model/info/artifact_uri"));
    }

    private Source ofRun(String run, String path) {
        for (String part : path.split("/", -1)) {
            requireName(part);
        }
        JsonNode answer = server.ask("mlflow/runs/get?run_id=" + MlflowServer.encoded(run));
        String root = path(text(answer, "/run/info/artifact_uri"));
        if (!list(root + "/" + path).isEmpty()) {
            return new Source(root + "/" + path, null, null);
        }
        // Since MLflow 3, a model that was logged in a run has a place of its own, and the run only names it.
        for (JsonNode output : answer.at("/run/outputs/model_outputs")) {
            String id = output.path("model_id").asText();
            JsonNode model = server.ask("mlflow/logged-models/" + MlflowServer.encoded(id));
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
        String own = server.address() + "mlflow-artifacts/artifacts/";
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
            fetch(source.path(), part, "", 1);
            if (entries == 0) {
                throw failed("nothing is there", null);
            }
            if (!Files.isRegularFile(part.resolve(MlflowLoader.FILE))) {
                throw failed("no file " + MlflowLoader.FILE + " in it (expected: a model folder)", null);
            }
            String whole = Hashes.whole(files);
            if (sha256 != null && !sha256.equals(whole)) {
                throw failed("SHA-256 of the whole " + whole + " (expected: " + sha256 + ")", null);
            }
            LOG.info("{}: {} files, {} bytes, SHA-256 of the whole {}", Shown.text(uri), files.size(), bytes, whole);
            if (source.name() != null && source.version() != null) {
                Files.writeString(
                        part.resolve(MlflowOpening.REGISTERED),
                        "model_name: " + JSON.writeValueAsString(source.name()) + "\nmodel_version: "
                                + JSON.writeValueAsString(source.version()) + "\n");
            }
            Folders.publish(part, target);
            return target;
        } catch (IOException e) {
            throw failed("cannot be written to " + target + ": " + e, e);
        } finally {
            delete(part); // moved, or not wanted
        }
    }

    private void fetch(String path, Path folder, String inside, int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw failed("nested too deeply (expected: at most " + MAX_DEPTH + " folders)", null);
        }
        for (JsonNode entry : list(path)) {
            String name = entry.path("path").asText();
            requireName(name);
            if (++entries > MAX_FILES) {
                throw failed("too many files (expected: at most " + MAX_FILES + ")", null);
            }
            Path to = folder.resolve(name);
            if (entry.path("is_dir").asBoolean()) {
                Files.createDirectory(to);
                fetch(path + "/" + name, to, inside + name + "/", depth + 1);
            } else {
                long left = maxBytes - bytes;
                JsonNode stated = entry.path("file_size");
                if (stated.asLong() > left) {
                    throw server.tooLarge();
                }
                long size = server.fetch(path + "/" + name, to, left);
                if (stated.isIntegralNumber() && stated.asLong() != size) {
                    throw failed(
                            "file '" + inside + name + "': " + size + " bytes (expected: " + stated
                                    + ", as the server lists it)",
                            null);
                }
                bytes += size;
                files.add(Hashes.of(to, inside + name));
            }
        }
    }

    private List<JsonNode> list(String path) {
        JsonNode answer = server.ask("mlflow-artifacts/artifacts?path=" + MlflowServer.encoded(path));
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

    /** One part of a path that means the same on any file system. */
    private void requireName(String name) {
        String objection = name.indexOf('/') >= 0 ? "has a '/'" : PackagePaths.objection(name);
        if (objection != null) {
            throw failed("the name '" + Shown.text(name) + "' " + objection + " (expected: plain names)", null);
        }
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

    private ModelLoadException failed(String reason, @Nullable Throwable cause) {
        return server.failed(reason, cause);
    }

    private static void delete(@Nullable Path folder) {
        try {
            if (folder != null) {
                Folders.delete(folder);
            }
        } catch (IOException e) {
            LOG.warn("{} could not be deleted", folder, e);
        }
    }
}
