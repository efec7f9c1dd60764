package io.github.plimsoll.core.model;

import io.github.plimsoll.core.internal.MlflowDownload;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Fetches model folders from an MLflow tracking server. Nothing else in this library speaks to one, and this does only when it
 * is told to:
 *
 * <pre>{@code
 * MlflowRegistry registry = MlflowRegistry.at(URI.create("https://mlflow.example.com")).bearerToken(token);
 * Path folder = registry.download("models:/credit-risk@champion", Path.of("models/credit-risk"));
 * var risk = Plimsoll.load(folder).as(Applicant.class, Output.probability()).build();
 * }</pre>
 *
 * <p>Only what the server itself hands out is fetched ({@code mlflow server --serve-artifacts}, its default): for a model that
 * lies in a cloud store, use that store's own client and load the folder.
 *
 * <p>The server is not trusted with the host's disk: names that could leave the folder, too many files and too many bytes are
 * refused, redirections are not followed, and a folder appears complete or not at all. Credentials go to this address only.
 *
 * <p>Immutable and thread-safe; each method returns a changed copy. A download blocks the calling thread.
 *
 * @since 0.1
 */
public final class MlflowRegistry {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration FILE_TIMEOUT = Duration.ofMinutes(10);
    private static final long MAX_BYTES = 4L << 30;

    private final URI address;
    private final @Nullable String authorization;
    private final @Nullable HttpClient client;
    private final Duration timeout;
    private final Duration fileTimeout;
    private final long maxBytes;

    private MlflowRegistry(
            URI address,
            @Nullable String authorization,
            @Nullable HttpClient client,
            Duration timeout,
            Duration fileTimeout,
            long maxBytes) {
        this.address = address;
        this.authorization = authorization;
        this.client = client;
        this.timeout = timeout;
        this.fileTimeout = fileTimeout;
        this.maxBytes = maxBytes;
    }

    /**
     * A server, without credentials, with 30 seconds for an answer, 10 minutes for a file and 4 GB for a model.
     *
     * @param address where it is, such as {@code https://mlflow.example.com} or {@code http://127.0.0.1:5000/mlflow}
     * @return the registry
     * @throws IllegalArgumentException if the address is not http or https, or has a user, a query or a fragment
     */
    public static MlflowRegistry at(URI address) {
        String scheme = String.valueOf(address.getScheme());
        boolean allowed = (scheme.equals("http") || scheme.equals("https"))
                && address.getHost() != null
                && address.getRawUserInfo() == null
                && address.getRawQuery() == null
                && address.getRawFragment() == null;
        if (!allowed) {
            throw new IllegalArgumentException(
                    "registry: not an address of a server (expected: http:// or https://, a host, and at most a path)");
        }
        return new MlflowRegistry(address, null, null, TIMEOUT, FILE_TIMEOUT, MAX_BYTES);
    }

    /**
     * A registry that is shown a token.
     *
     * @param token the token
     * @return a changed copy
     * @throws IllegalArgumentException if the token is blank or holds a line break
     */
    public MlflowRegistry bearerToken(String token) {
        if (token.isBlank() || token.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("token: blank or with a line break (expected: a token)");
        }
        return new MlflowRegistry(address, "Bearer " + token, client, timeout, fileTimeout, maxBytes);
    }

    /**
     * A registry that is shown a user's name and password.
     *
     * @param user the name, without a colon
     * @param password the password
     * @return a changed copy
     * @throws IllegalArgumentException if the name holds a colon
     */
    public MlflowRegistry basicAuthentication(String user, String password) {
        if (user.indexOf(':') >= 0) {
            throw new IllegalArgumentException("user: holds a colon (expected: a name without one)");
        }
        byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        String header = "Basic " + Base64.getEncoder().encodeToString(both);
        return new MlflowRegistry(address, header, client, timeout, fileTimeout, maxBytes);
    }

    /**
     * A registry that uses a client of the host: with its proxy, its certificates and its executor. Without it, each download
     * makes a client of its own, which follows no redirection.
     *
     * @param host the client
     * @return a changed copy
     */
    public MlflowRegistry client(HttpClient host) {
        return new MlflowRegistry(address, authorization, Objects.requireNonNull(host), timeout, fileTimeout, maxBytes);
    }

    /**
     * A registry with other time limits.
     *
     * @param answer how long the server may take to connect and to answer a question
     * @param file how long it may take for one file
     * @return a changed copy
     * @throws IllegalArgumentException if one is not positive
     */
    public MlflowRegistry timeouts(Duration answer, Duration file) {
        if (answer.isNegative() || answer.isZero() || file.isNegative() || file.isZero()) {
            throw new IllegalArgumentException("timeouts: " + answer + ", " + file + " (expected: > 0)");
        }
        return new MlflowRegistry(address, authorization, client, answer, file, maxBytes);
    }

    /**
     * A registry with another limit on the size of a model.
     *
     * @param bytes the largest sum of the sizes of its files
     * @return a changed copy
     * @throws IllegalArgumentException if it is less than 1
     */
    public MlflowRegistry maxBytes(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("maxBytes: " + bytes + " (expected: >= 1)");
        }
        return new MlflowRegistry(address, authorization, client, timeout, fileTimeout, bytes);
    }

    /**
     * Fetches a model.
     *
     * <p>For a model of the registry, its name and version are left in the file {@code registered_model_meta}, as MLflow's own
     * client does, so that the predictor's answers carry them.
     *
     * @param modelUri {@code models:/name/version}, {@code models:/name@alias}, {@code models:/m-id} or
     *     {@code runs:/run-id/path}
     * @param folder where to put it: a path where nothing is yet; its parents are made
     * @return the folder
     * @throws IllegalArgumentException if the URI is none of these
     * @throws io.github.plimsoll.core.ModelLoadException if there is no such model, the server cannot be reached or does not
     *     answer as one of MLflow's, a limit is exceeded, or the folder is there already or cannot be written
     */
    public Path download(String modelUri, Path folder) {
        return MlflowDownload.run(
                new MlflowDownload.Server(address, authorization, client, timeout, fileTimeout, maxBytes),
                modelUri,
                folder);
    }

    /** The address, without credentials. */
    @Override
    public String toString() {
        return "MLflow at " + address;
    }
}
