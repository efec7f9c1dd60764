package io.github.plimsoll.monitoring.alert;

import io.github.plimsoll.core.TimeSource;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * An address that JSON is posted to, with its secrets, and how often and how long that is tried.
 *
 * <pre>{@code
 * HttpEndpoint pager = HttpEndpoint.at(URI.create("https://pager.example.com/hooks/ml")).signedWith(secret);
 * }</pre>
 *
 * <p><b>Delivery.</b> A status of 2xx is success. After 408, 425, 429, any 5xx, a time-out or a broken connection it is tried
 * again, four times in all unless told otherwise, 1 second later and twice as long before each further attempt up to 30 seconds,
 * less up to a half so that a fleet does not come back at once. {@code Retry-After} makes the wait longer; when it asks for more
 * than those 30 seconds, this post fails and says so. 400, 413 and 422 are final: this body will never be taken. All other statuses
 * fail at once, and the same message may be tried later, when somebody has repaired the configuration. Redirects are not followed.
 * The wait is on the calling thread, which can be interrupted.
 *
 * <p><b>Copies.</b> Each post carries the message's id in {@code webhook-id} and {@code Idempotency-Key}, the same at every
 * attempt.
 *
 * <p><b>Signature.</b> With a secret, {@code webhook-timestamp} and {@code webhook-signature} are those of the Standard Webhooks
 * specification: the Base64 of the HMAC-SHA-256 of {@code id.timestamp.body}, anew at each attempt. A receiver refuses what is
 * older than some minutes, so that nobody can replay it.
 *
 * <p>Failures name the scheme and the host only: the path of a webhook is often its password. Immutable; thread-safe.
 *
 * @see <a href="https://www.standardwebhooks.com/">Standard Webhooks</a>
 * @since 0.1
 */
public final class HttpEndpoint {

    private static final Set<Integer> PASSING = Set.of(408, 425, 429);
    private static final Set<Integer> FINAL = Set.of(400, 413, 422);
    private static final String SECRET_PREFIX = "whsec_";
    private static final int MOST_ATTEMPTS = 10;
    private static final Duration LONGEST_TIMEOUT = Duration.ofHours(1);
    private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(5);

    private record Header(String name, String value) {}

    private final URI address;
    private final List<Header> headers;
    private final byte @Nullable [] key;
    private final HttpClient client;
    private final Duration timeout;
    private final int attempts;
    private final Duration firstBackoff;
    private final Duration longestBackoff;
    private final TimeSource time;

    private HttpEndpoint(
            URI address,
            List<Header> headers,
            byte @Nullable [] key,
            HttpClient client,
            Duration timeout,
            int attempts,
            Duration firstBackoff,
            Duration longestBackoff,
            TimeSource time) {
        this.address = address;
        this.headers = headers;
        this.key = key;
        this.client = client;
        this.timeout = timeout;
        this.attempts = attempts;
        this.firstBackoff = firstBackoff;
        this.longestBackoff = longestBackoff;
        this.time = time;
    }

    /**
     * An address, without credentials, with 10 seconds for an answer and four attempts, and an HTTP client of its own, which
     * follows no redirects.
     *
     * @param address http or https; a path and a query are allowed
     * @return the endpoint
     * @throws IllegalArgumentException if it is not such an address, or holds a user or a fragment
     */
    public static HttpEndpoint at(URI address) {
        String scheme = String.valueOf(address.getScheme());
        boolean allowed = (scheme.equals("http") || scheme.equals("https"))
                && address.getHost() != null
                && address.getRawUserInfo() == null
                && address.getRawFragment() == null;
        if (!allowed) {
            throw new IllegalArgumentException(
                    "endpoint: not an address of a server (expected: http:// or https:// and a host, no user, no fragment)");
        }
        Duration answer = Duration.ofSeconds(10);
        HttpClient own = HttpClient.newBuilder()
                .connectTimeout(answer)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        return new HttpEndpoint(
                address,
                List.of(),
                null,
                own,
                answer,
                4,
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                TimeSource.system());
    }

    /**
     * This endpoint with another header in each post.
     *
     * @param name the header's name
     * @param value its value
     * @return a changed copy
     * @throws IllegalArgumentException if HTTP does not allow it
     */
    public HttpEndpoint header(String name, String value) {
        try {
            HttpRequest.newBuilder(address).header(name, value);
        } catch (IllegalArgumentException refused) { // its message holds the value
            throw new IllegalArgumentException("header '" + name + "': not allowed by HTTP or reserved");
        }
        List<Header> more = new ArrayList<>(headers);
        more.add(new Header(name, value));
        return new HttpEndpoint(
                address, List.copyOf(more), key, client, timeout, attempts, firstBackoff, longestBackoff, time);
    }

    /**
     * This endpoint with a bearer token.
     *
     * @param token the token
     * @return a changed copy
     * @throws IllegalArgumentException if the token is blank or HTTP does not allow it
     */
    public HttpEndpoint bearerToken(String token) {
        if (token.isBlank()) {
            throw new IllegalArgumentException("token: blank (expected: a token)");
        }
        return header("Authorization", "Bearer " + token);
    }

    /**
     * This endpoint with a user's name and password.
     *
     * @param user the name, without a colon
     * @param password the password
     * @return a changed copy
     * @throws IllegalArgumentException if the name holds a colon
     */
    public HttpEndpoint basicAuthentication(String user, String password) {
        if (user.indexOf(':') >= 0) {
            throw new IllegalArgumentException("user: holds a colon (expected: a name without one)");
        }
        byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return header("Authorization", "Basic " + Base64.getEncoder().encodeToString(both));
    }

    /**
     * This endpoint with signed posts.
     *
     * @param secret {@code whsec_} and the Base64 of 24 to 64 random bytes, which the receiver has, too
     * @return a changed copy
     * @throws IllegalArgumentException if it is not of this form
     */
    public HttpEndpoint signedWith(String secret) {
        byte[] bytes = {};
        if (secret.startsWith(SECRET_PREFIX)) {
            try {
                bytes = Base64.getDecoder().decode(secret.substring(SECRET_PREFIX.length()));
            } catch (IllegalArgumentException damage) {
                bytes = new byte[0];
            }
        }
        if (bytes.length < 24 || bytes.length > 64) {
            throw new IllegalArgumentException(
                    "secret: of another form (expected: whsec_ and the Base64 of 24 to 64 bytes)");
        }
        return new HttpEndpoint(address, headers, bytes, client, timeout, attempts, firstBackoff, longestBackoff, time);
    }

    /**
     * This endpoint with a client of the host: with its proxy, its certificates and its executor.
     *
     * @param host the client
     * @return a changed copy
     * @throws IllegalArgumentException if it follows redirects: what is posted must not go elsewhere
     */
    public HttpEndpoint client(HttpClient host) {
        if (host.followRedirects() != HttpClient.Redirect.NEVER) {
            throw new IllegalArgumentException("client: follows redirects, " + host.followRedirects()
                    + " (expected: NEVER, or tokens and alarms may go elsewhere)");
        }
        return new HttpEndpoint(address, headers, key, host, timeout, attempts, firstBackoff, longestBackoff, time);
    }

    /**
     * This endpoint with another limit on the time of one attempt, from connecting to the last byte of the answer.
     *
     * @param attempt how long one may take
     * @return a changed copy
     * @throws IllegalArgumentException if it is not positive or more than an hour
     */
    public HttpEndpoint timeout(Duration attempt) {
        if (attempt.isNegative() || attempt.isZero() || attempt.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new IllegalArgumentException(
                    "timeout: " + attempt + " (expected: > 0, at most " + LONGEST_TIMEOUT + ")");
        }
        return new HttpEndpoint(address, headers, key, client, attempt, attempts, firstBackoff, longestBackoff, time);
    }

    /**
     * This endpoint with other attempts.
     *
     * @param most how often at most, the first included: 1 to 10
     * @param first how long to wait before the second, at most
     * @param longest how long to wait before any, at most; no more than 5 minutes
     * @return a changed copy
     * @throws IllegalArgumentException if one is out of range, or the first wait longer than the longest
     */
    public HttpEndpoint attempts(int most, Duration first, Duration longest) {
        if (most < 1
                || most > MOST_ATTEMPTS
                || first.isNegative()
                || first.compareTo(longest) > 0
                || longest.compareTo(LONGEST_BACKOFF) > 0) {
            throw new IllegalArgumentException("attempts: " + most + ", " + first + " to " + longest
                    + " apart (expected: 1 to " + MOST_ATTEMPTS + ", from zero to " + LONGEST_BACKOFF
                    + " apart, the first wait not longer than the longest)");
        }
        return new HttpEndpoint(address, headers, key, client, timeout, most, first, longest, time);
    }

    /**
     * This endpoint with another clock, for the timestamps of signatures and for waiting.
     *
     * @param source the host's time source
     * @return a changed copy
     */
    public HttpEndpoint time(TimeSource source) {
        return new HttpEndpoint(
                address,
                headers,
                key,
                client,
                timeout,
                attempts,
                firstBackoff,
                longestBackoff,
                Objects.requireNonNull(source));
    }

    void requireNoQuery() {
        if (address.getRawQuery() != null) {
            throw new IllegalArgumentException(
                    "endpoint: has a query (expected: an address that a path can be added to)");
        }
    }

    // ---- posting ------------------------------------------------------------------------------------------------

    void post(String path, String id, byte[] body) throws InterruptedException {
        post(path, id, body, Set.of());
    }

    /** Posts a body under an id; {@code alsoTaken} are statuses beyond 2xx that say that the receiver has it. */
    void post(String path, String id, byte[] body, Set<Integer> alsoTaken) throws InterruptedException {
        URI to = path.isEmpty() ? address : URI.create(address.toString().replaceAll("/+$", "") + path);
        for (int attempt = 1; ; attempt++) {
            Failure failure = attempt(to, id, body, alsoTaken);
            if (failure == null) {
                return;
            }
            long wait = Math.max(
                    backoffNanos(id, attempt), failure.exception.retryAfter().toNanos());
            if (!failure.isWorthAnotherAttempt || attempt == attempts || wait > longestBackoff.toNanos()) {
                throw failure.exception;
            }
            await(wait);
        }
    }

    private record Failure(DeliveryException exception, boolean isWorthAnotherAttempt) {}

    /** Null if the receiver has taken it. */
    private @Nullable Failure attempt(URI to, String id, byte[] body, Set<Integer> alsoTaken)
            throws InterruptedException {
        CompletableFuture<HttpResponse<Void>> answer =
                client.sendAsync(request(to, id, body), HttpResponse.BodyHandlers.discarding());
        try {
            HttpResponse<Void> response = answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            int status = response.statusCode();
            if ((status >= 200 && status < 300) || alsoTaken.contains(status)) {
                return null;
            }
            String reason = failed("answered with " + status);
            return FINAL.contains(status)
                    ? new Failure(DeliveryException.refused(reason), false)
                    : new Failure(
                            DeliveryException.passing(reason, null, retryAfter(response)),
                            PASSING.contains(status) || status >= 500);
        } catch (TimeoutException late) {
            return new Failure(DeliveryException.passing(failed("no answer in " + timeout), null, Duration.ZERO), true);
        } catch (ExecutionException failure) {
            Throwable cause = failure.getCause();
            if (cause instanceof IOException) {
                return new Failure(
                        DeliveryException.passing(failed(String.valueOf(cause)), cause, Duration.ZERO), true);
            }
            throw new IllegalStateException(failed(String.valueOf(cause)), cause);
        } finally {
            answer.cancel(true); // an exchange that is late, or whose thread was interrupted, must not live on
        }
    }

    private HttpRequest request(URI to, String id, byte[] body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(to)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", id)
                .header("webhook-id", id)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(header -> request.setHeader(header.name, header.value));
        if (key != null) {
            long seconds = Math.floorDiv(time.currentTimeMillis(), 1_000L);
            request.header("webhook-timestamp", Long.toString(seconds));
            request.header("webhook-signature", "v1," + signature(key, id + "." + seconds + ".", body));
        }
        return request.build();
    }

    private static String signature(byte[] key, String prefix, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update(prefix.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (NoSuchAlgorithmException
                | InvalidKeyException impossible) { // every JDK has it, and any bytes are a key
            throw new IllegalStateException(impossible);
        }
    }

    /** Seconds or a date, as RFC 9110 has it; zero for anything else. */
    private Duration retryAfter(HttpResponse<?> response) {
        String value = response.headers().firstValue("Retry-After").orElse("").trim();
        try {
            if (value.matches("[0-9]{1,9}")) {
                return atMostADay(Long.parseLong(value) * 1_000);
            }
            long until = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant()
                    .toEpochMilli();
            return atMostADay(until - time.currentTimeMillis());
        } catch (DateTimeException unreadable) {
            return Duration.ZERO;
        }
    }

    private static Duration atMostADay(long millis) {
        return Duration.ofMillis(Math.min(Math.max(0, millis), TimeUnit.DAYS.toMillis(1)));
    }

    /** Between a half and the whole of the doubled wait: the same for a message and attempt, different over messages. */
    private long backoffNanos(String id, int attempt) {
        long longest = longestBackoff.toNanos();
        long doubled = firstBackoff.toNanos();
        for (int i = 1; i < attempt && doubled < longest; i++) {
            doubled = Math.min(2 * doubled, longest);
        }
        long hash = Integer.toUnsignedLong(
                Json.digest(id, Integer.toString(attempt)).hashCode());
        return (long) (doubled * (0.5 + 0.5 * hash / 0x1p32));
    }

    private void await(long nanos) throws InterruptedException {
        long until = time.nanoTime() + nanos;
        while (time.nanoTime() - until < 0) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            time.parkUntil(this, until);
        }
    }

    private String failed(String reason) {
        return this + ": " + reason;
    }

    /** The scheme and the host, without path and secrets. */
    @Override
    public String toString() {
        return address.getScheme() + "://" + address.getRawAuthority();
    }
}
