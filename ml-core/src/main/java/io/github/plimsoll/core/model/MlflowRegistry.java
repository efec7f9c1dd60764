package io.github.plimsoll.core.model;

import io.github.plimsoll.core.internal.mlflow.MlflowDownload;
import io.github.plimsoll.core.internal.mlflow.MlflowDownload.Limits;
import io.github.plimsoll.core.internal.mlflow.MlflowDownload.Server;
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
 * refused, redirections are not followed, each file must be as long as the server lists it, and a folder appears complete or not
 * at all. Credentials go to this address only.
 *
 * <p>Immutable and thread-safe; each method returns a changed copy. A download blocks the calling thread.
 *
 * @since 0.1
 */
public final class MlflowRegistry {

    private static final Limits LIMITS =
            new Limits(Duration.ofSeconds(30), Duration.ofMinutes(10), 4L << 30, 2, Duration.ofSeconds(1));
    private static final int MOST_RETRIES = 10;
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final Server server;
    private final @Nullable String sha256;

    private MlflowRegistry(Server server, @Nullable String sha256) {
        this.server = server;
        this.sha256 = sha256;
    }

    private MlflowRegistry authorized(String header) {
        return new MlflowRegistry(new Server(server.address(), header, server.client(), server.limits()), sha256);
    }

    private MlflowRegistry limited(Limits limits) {
        return new MlflowRegistry(
                new Server(server.address(), server.authorization(), server.client(), limits), sha256);
    }

    /**
     * A server, without credentials, with 30 seconds for an answer, 10 minutes for a file, 4 GiB for a model, and two retries after
     * one and two seconds.
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
        return new MlflowRegistry(new Server(address, null, null, LIMITS), null);
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
        return authorized("Bearer " + token);
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
        return authorized("Basic " + Base64.getEncoder().encodeToString(both));
    }

    /**
     * A registry that uses a client of the host: with its proxy, its certificates and its executor. Without it, each download
     * makes a client of its own, which follows no redirection.
     *
     * @param host the client
     * @return a changed copy
     */
    public MlflowRegistry client(HttpClient host) {
        return new MlflowRegistry(
                new Server(server.address(), server.authorization(), Objects.requireNonNull(host), server.limits()),
                sha256);
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
        Limits limits = server.limits();
        return limited(new Limits(answer, file, limits.bytes(), limits.retries(), limits.pause()));
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
        Limits limits = server.limits();
        return limited(new Limits(limits.answer(), limits.file(), bytes, limits.retries(), limits.pause()));
    }

    /**
     * A registry that tries again otherwise. Tried again is what may pass by itself: a server that cannot be reached, breaks off,
     * takes too long, or answers 429, 502, 503 or 504. Each question and each file has its own retries; a file goes on where it
     * broke off if the server allows it and says, by a strong {@code ETag}, that it is still the same file, and begins anew
     * otherwise. What has been fetched is not fetched again. When all retries have failed, nothing is left behind.
     *
     * @param most how often, 0 to 10; 0 for not at all
     * @param pause how long to wait on the calling thread before the first retry, at most a minute; twice as long before each
     *     further one
     * @return a changed copy
     * @throws IllegalArgumentException if one is out of range
     */
    public MlflowRegistry retries(int most, Duration pause) {
        if (most < 0 || most > MOST_RETRIES || pause.isNegative() || pause.compareTo(LONGEST_PAUSE) > 0) {
            throw new IllegalArgumentException("retries: " + most + ", pause " + pause + " (expected: 0 to "
                    + MOST_RETRIES + ", and a pause from zero to " + LONGEST_PAUSE + ")");
        }
        Limits limits = server.limits();
        return limited(new Limits(limits.answer(), limits.file(), limits.bytes(), most, pause));
    }

    /**
     * A registry that takes only a model whose files have these bytes. MLflow keeps no hashes, so the host pins what it has
     * looked at once: each download logs the hash.
     *
     * @param hash the SHA-256 of the listing that {@code sha256sum} prints for the files in byte order of their paths, as for a
     *     {@linkplain ModelPackage#sha256() package}; {@code registered_model_meta}, which the download adds, is not in it
     * @return a changed copy
     * @throws IllegalArgumentException if it is not 64 hexadecimal digits in lower case
     */
    public MlflowRegistry expecting(String hash) {
        return new MlflowRegistry(server, TrainingData.checkHash(hash));
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
     *     answer as one of MLflow's, a limit is exceeded, a file is not as long as the server lists it, the hash is not the expected
     *     one, or the folder is there already or cannot be written
     */
    public Path download(String modelUri, Path folder) {
        return MlflowDownload.run(server, modelUri, sha256, folder);
    }

    /** The address, without credentials. */
    @Override
    public String toString() {
        return "MLflow at " + server.address();
    }
}
