package io.github.plimsoll.core.internal.mlflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.plimsoll.core.ModelLoadException;
import io.github.plimsoll.core.internal.Shown;
import io.github.plimsoll.core.internal.pack.SafeJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Questions to an MLflow server, asked again where that may help. Confined to one thread. */
final class MlflowServer {

    private static final int MAX_ANSWER_BYTES = 16 << 20;
    private static final Set<Integer> PASSING = Set.of(429, 502, 503, 504); // states that may be over soon
    private static final JsonMapper JSON = SafeJson.mapper(200);

    private final String address;
    private final @Nullable String authorization;
    private final HttpClient client;
    private final MlflowDownload.Limits limits;
    private final String subject;

    /** A server; {@code subject} begins messages. */
    MlflowServer(MlflowDownload.Server server, String subject) {
        address = server.address().toString().replaceAll("/+$", "") + "/api/2.0/";
        authorization = server.authorization();
        limits = server.limits();
        this.subject = subject;
        HttpClient given = server.client();
        client = given != null
                ? given
                : HttpClient.newBuilder()
                        .connectTimeout(limits.answer())
                        .followRedirects(HttpClient.Redirect.NEVER) // credentials must not go elsewhere
                        .build();
    }

    /** Where the server's questions begin. */
    String address() {
        return address;
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    ModelLoadException failed(String reason, @Nullable Throwable cause) {
        return new ModelLoadException(subject + ": " + reason, cause);
    }

    ModelLoadException tooLarge() {
        return failed("too large (expected: at most " + limits.bytes() + " bytes; see MlflowRegistry.maxBytes)", null);
    }

    // ---- answers ------------------------------------------------------------------------------------------------

    /** The answer to a question, a JSON object. */
    JsonNode ask(String question) {
        return again(() -> {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            Sink sink = new Sink(Channels.newChannel(body), MAX_ANSWER_BYTES);
            HttpResponse<Void> answer = send(request(question), info -> sink, sink, limits.answer());
            String text = body.toString(StandardCharsets.UTF_8);
            if (answer.statusCode() != 200) {
                throw refused(answer, text);
            }
            return json(answer, text);
        });
    }

    private JsonNode json(HttpResponse<?> answer, String text) {
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

    // ---- files --------------------------------------------------------------------------------------------------

    /** Writes what the server hands out at a path into a new file. The number of bytes. */
    long fetch(String path, Path to, long limit) throws IOException {
        StringBuilder question = new StringBuilder("mlflow-artifacts/artifacts");
        for (String part : path.split("/", -1)) {
            question.append('/').append(encoded(part));
        }
        try (FileChannel out = FileChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            Part part = new Part(out);
            return again(() -> {
                HttpRequest.Builder request = request(question.toString());
                String version = part.version;
                if (out.size() > 0 && version != null) {
                    request.header("Range", "bytes=" + out.size() + "-").header("If-Range", version);
                }
                Sink sink = new Sink(out, limit);
                HttpResponse<Void> answer = send(request, info -> part.begin(info, sink), sink, limits.file());
                if (answer.statusCode() != 200 && answer.statusCode() != 206) {
                    throw refused(answer, "");
                }
                return out.size();
            });
        }
    }

    /** What has arrived of a file, and of which version of it. */
    private static final class Part {

        private final FileChannel out;
        private volatile @Nullable String version; // a strong entity tag; without one, the rest could be another file's

        private Part(FileChannel out) {
            this.out = out;
        }

        private BodySubscriber<Void> begin(HttpResponse.ResponseInfo info, Sink sink) {
            int status = info.statusCode();
            try {
                String range = info.headers().firstValue("Content-Range").orElse("");
                if (status == 200) {
                    out.truncate(0);
                    version = info.headers()
                            .firstValue("ETag")
                            .filter(tag -> tag.startsWith("\""))
                            .orElse(null);
                } else if (status == 206 && !range.startsWith("bytes " + out.size() + "-")) {
                    version = null; // so that the next attempt begins anew
                    throw new IOException("asked to go on at byte " + out.size() + ", it sent " + Shown.text(range));
                }
                sink.wanted = status == 200 || status == 206;
                sink.count = out.size();
            } catch (IOException e) {
                sink.wanted = false;
                sink.done.completeExceptionally(e);
            }
            return sink;
        }
    }

    // ---- sending ------------------------------------------------------------------------------------------------

    /** Something that may fail for reasons that pass. */
    private interface Attempt<T> {
        T run() throws Passing, IOException;
    }

    /** A failure that may be over soon. */
    private static final class Passing extends Exception {

        private static final long serialVersionUID = 1L;

        private Passing(String reason, @Nullable Throwable cause) {
            super(reason, cause);
        }
    }

    private <T> T again(Attempt<T> attempt) {
        Duration pause = limits.pause();
        for (int retries = 0; ; retries++) {
            try {
                return attempt.run();
            } catch (IOException e) {
                throw failed("the file cannot be written: " + e, e);
            } catch (Passing e) {
                if (retries == limits.retries()) {
                    String tried = retries == 0 ? "" : ", tried " + (retries + 1) + " times";
                    throw failed(e.getMessage() + tried, e.getCause());
                }
            }
            sleep(pause);
            pause = pause.multipliedBy(2);
        }
    }

    private void sleep(Duration pause) {
        try {
            TimeUnit.NANOSECONDS.sleep(pause.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("interrupted", e);
        }
    }

    private HttpRequest.Builder request(String question) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(address + question)).timeout(limits.answer());
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return request;
    }

    private HttpResponse<Void> send(
            HttpRequest.Builder request, HttpResponse.BodyHandler<Void> handler, Sink sink, Duration limit)
            throws Passing {
        // The request's own time-out ends with the headers; a body that stalls needs this one.
        CompletableFuture<HttpResponse<Void>> answer = client.sendAsync(request.build(), handler);
        try {
            return answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new Passing(slow(limit), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("interrupted", e);
        } catch (ExecutionException e) {
            if (sink.full) {
                throw tooLarge();
            }
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new Passing(
                    cause instanceof HttpTimeoutException
                            ? slow(limits.answer())
                            : "the server cannot be reached: " + cause
                                    + " (expected: a running server and a network that leads to it)",
                    cause);
        } finally {
            answer.cancel(true);
            sink.stop();
        }
    }

    private static String slow(Duration limit) {
        return "the server took longer than " + limit + " (expected: see MlflowRegistry.timeouts)";
    }

    private ModelLoadException refused(HttpResponse<?> answer, String body) throws Passing {
        int status = answer.statusCode();
        String words = "";
        try {
            JsonNode json = JSON.readTree(body);
            words = json == null ? "" : json.path("message").asText("");
        } catch (JsonProcessingException e) {
            // a page for people
        }
        String said = words.isEmpty() ? "" : ": " + Shown.text(words);
        if (PASSING.contains(status)) {
            throw new Passing("the server answered " + status + said + " (expected: 200)", null);
        }
        return failed(
                switch (status) {
                    case 401, 403 ->
                        "the server answered " + status + said + " (expected: "
                                + (authorization == null
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

    /** Writes a body as it comes, as far as a limit. */
    private static final class Sink implements BodySubscriber<Void> {

        private final WritableByteChannel out;
        private final long limit;
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private Flow.@Nullable Subscription subscription;
        private boolean wanted = true;
        private boolean stopped;
        private long count;
        private volatile boolean full;

        private Sink(WritableByteChannel out, long limit) {
            this.out = out;
            this.limit = limit;
        }

        /** Nothing is written from here on: what arrives late must not get between the bytes of another attempt. */
        private synchronized void stop() {
            stopped = true;
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
        public synchronized void onNext(List<ByteBuffer> buffers) {
            Flow.Subscription from = Objects.requireNonNull(subscription);
            try {
                for (ByteBuffer buffer : buffers) {
                    count += buffer.remaining();
                    if (count > limit) {
                        full = true;
                        throw new IOException("more than " + limit + " bytes");
                    }
                    while (wanted && !stopped && buffer.hasRemaining()) {
                        out.write(buffer);
                    }
                }
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
