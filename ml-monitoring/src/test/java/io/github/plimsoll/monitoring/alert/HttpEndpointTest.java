package io.github.plimsoll.monitoring.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.plimsoll.core.TimeSource;
import io.github.plimsoll.core.fake.ManualClock;
import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class HttpEndpointTest {

    private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);
    private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private final Waits clock = new Waits();

    /** A clock that moves on at once when somebody waits, and notes how long the wait was. */
    private static final class Waits implements TimeSource {
        private final ManualClock clock = ManualClock.at(Instant.ofEpochSecond(1_614_265_330L));
        private final List<Duration> waits = new ArrayList<>();

        @Override
        public long currentTimeMillis() {
            return clock.currentTimeMillis();
        }

        @Override
        public long nanoTime() {
            return clock.nanoTime();
        }

        @Override
        public void parkUntil(Object blocker, long nanoTime) {
            Duration wait = Duration.ofNanos(nanoTime - nanoTime());
            waits.add(wait);
            clock.advance(wait);
        }
    }

    private static DeliveryException failureOf(HttpEndpoint endpoint) {
        DeliveryException failure = catchThrowableOfType(DeliveryException.class, () -> endpoint.post("", ID, BODY));
        assertThat(failure).isNotNull();
        return failure;
    }

    // ---- what is sent ---------------------------------------------------------------------------------------------

    @Test
    void aPostCarriesBodyIdAndHeaders() throws Exception {
        try (var receiver = new Receiver(Receiver.statuses(204))) {
            receiver.endpoint().bearerToken("t0ken").header("X-Team", "risk").post("", ID, BODY);

            Receiver.Request request = receiver.requests.get(0);
            assertThat(request.method()).isEqualTo("POST");
            assertThat(request.path()).isEqualTo("/hooks/ml");
            assertThat(request.body()).isEqualTo(BODY);
            assertThat(request.header("Content-Type")).isEqualTo("application/json");
            assertThat(request.header("Idempotency-Key")).isEqualTo(ID);
            assertThat(request.header("webhook-id")).isEqualTo(ID);
            assertThat(request.header("Authorization")).isEqualTo("Bearer t0ken");
            assertThat(request.header("X-Team")).isEqualTo("risk");
            assertThat(request.header("webhook-signature")).isNull();
        }
    }

    @Test
    void theSignatureIsThatOfTheSpecificationsExample() throws Exception {
        try (var receiver = new Receiver(Receiver.statuses(200))) {
            receiver.endpoint().signedWith(SECRET).time(clock).post("", ID, BODY);

            Receiver.Request request = receiver.requests.get(0);
            assertThat(request.header("webhook-timestamp")).isEqualTo("1614265330");
            // (printf 'msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.'; printf '{"test": 2432232314}') | openssl dgst -sha256
            // \
            //     -mac HMAC -macopt hexkey:31f290f6bf06298aab4f08d43c3f082cf648a362da2da4b0 -binary | base64
            assertThat(request.header("webhook-signature"))
                    .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        }
    }

    @Test
    void basicAuthenticationIsSent() throws Exception {
        try (var receiver = new Receiver(Receiver.statuses(200))) {
            receiver.endpoint().basicAuthentication("Aladdin", "open sesame").post("", ID, BODY);

            assertThat(receiver.requests.get(0).header("Authorization"))
                    .isEqualTo("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="); // RFC 7617, section 2
        }
    }

    // ---- attempts -------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(ints = {408, 425, 429, 500, 502, 503, 504})
    void whatMayPassIsTriedAgainUnderTheSameIdWithANewSignature(int status) throws Exception {
        try (var receiver = new Receiver(Receiver.statuses(status, status, 200))) {
            receiver.endpoint().signedWith(SECRET).time(clock).post("", ID, BODY);

            assertThat(receiver.requests).hasSize(3);
            assertThat(receiver.requests)
                    .extracting(request -> request.header("Idempotency-Key"))
                    .containsOnly(ID);
            assertThat(receiver.requests)
                    .extracting(request -> request.header("webhook-timestamp"))
                    .startsWith("1614265330")
                    .last() // waits of half a second to a second, then of one to two
                    .isNotEqualTo("1614265330");
            assertThat(receiver.requests.get(2).header("webhook-signature"))
                    .isNotEqualTo(receiver.requests.get(0).header("webhook-signature"));
            assertThat(clock.waits).hasSize(2);
            assertThat(clock.waits.get(0)).isBetween(Duration.ofMillis(500), Duration.ofSeconds(1));
            assertThat(clock.waits.get(1)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
        }
    }

    @Test
    void attemptsAndWaitsAreBounded() throws Exception {
        try (var receiver = new Receiver(Receiver.statuses(503))) {
            HttpEndpoint endpoint = receiver.endpoint()
                    .attempts(6, Duration.ofSeconds(4), Duration.ofSeconds(10))
                    .time(clock);

            DeliveryException failure = failureOf(endpoint);

            assertThat(failure).hasMessage(receiver.address() + ": answered with 503");
            assertThat(failure.isFinal()).isFalse();
            assertThat(receiver.requests).hasSize(6);
            assertThat(clock.waits)
                    .hasSize(5)
                    .last()
                    .satisfies(wait -> assertThat(wait).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(10)));
        }
    }

    @Test
    void waitsDifferFromMessageToMessage() throws Exception {
        try (var receiver = new Receiver(Receiver.statuses(503))) {
            HttpEndpoint endpoint = receiver.endpoint()
                    .attempts(2, Duration.ofSeconds(1), Duration.ofSeconds(1))
                    .time(clock);
            for (int i = 0; i < 20; i++) {
                String id = "message-" + i;
                assertThatThrownBy(() -> endpoint.post("", id, BODY)).isInstanceOf(DeliveryException.class);
            }

            assertThat(clock.waits.stream().distinct()).hasSize(20);
            assertThat(clock.waits)
                    .allMatch(wait -> wait.toMillis() >= 500 && wait.compareTo(Duration.ofSeconds(1)) <= 0);
        }
    }

    @Test
    void retryAfterIsHonoured() throws Exception {
        try (var receiver = new Receiver((number, exchange) -> {
            if (number == 1) {
                exchange.getResponseHeaders().set("Retry-After", "20");
            } else if (number == 2) { // 1614265330 is 15:02:10, 20 s later it is 15:02:30
                exchange.getResponseHeaders().set("Retry-After", "Thu, 25 Feb 2021 15:02:55 GMT");
            }
            exchange.sendResponseHeaders(number <= 2 ? 429 : 200, -1);
        })) {
            receiver.endpoint().time(clock).post("", ID, BODY);

            assertThat(clock.waits).containsExactly(Duration.ofSeconds(20), Duration.ofSeconds(25));
        }
    }

    @Test
    void aLongRetryAfterIsHandedOnInsteadOfWaitedFor() throws Exception {
        try (var receiver = new Receiver((number, exchange) -> {
            exchange.getResponseHeaders().set("Retry-After", number == 1 ? "600" : "999999999");
            exchange.sendResponseHeaders(503, -1);
        })) {
            assertThat(failureOf(receiver.endpoint().time(clock)).retryAfter()).isEqualTo(Duration.ofMinutes(10));
            assertThat(failureOf(receiver.endpoint().time(clock)).retryAfter()).isEqualTo(Duration.ofDays(1));
            assertThat(clock.waits).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "-5", "1e3", "99999999999999999999", "Thu, 25 Feb 1999 15:02:55 GMT"})
    void aRetryAfterThatIsNoTimeToComeIsLeftOut(String value) throws Exception {
        try (var receiver = new Receiver((number, exchange) -> {
            exchange.getResponseHeaders().set("Retry-After", value);
            exchange.sendResponseHeaders(number == 1 ? 503 : 200, -1);
        })) {
            receiver.endpoint().time(clock).post("", ID, BODY);

            assertThat(clock.waits).hasSize(1);
            assertThat(clock.waits.get(0)).isLessThanOrEqualTo(Duration.ofSeconds(1));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 413, 422})
    void aBodyThatWillNeverBeTakenIsFinal(int status) throws Exception {
        try (var receiver = new Receiver(Receiver.statuses(status))) {
            assertThat(failureOf(receiver.endpoint().time(clock)).isFinal()).isTrue();
            assertThat(receiver.requests).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 308, 401, 403, 404, 410})
    void aMisconfigurationFailsAtOnceAndIsNotFinal(int status) throws Exception {
        try (var other = new Receiver(Receiver.statuses(200));
                var receiver = new Receiver((number, exchange) -> {
                    exchange.getResponseHeaders().set("Location", other.address() + "/elsewhere");
                    exchange.sendResponseHeaders(status, -1);
                })) {
            DeliveryException failure =
                    failureOf(receiver.endpoint().bearerToken("secret").time(clock));

            assertThat(failure.isFinal()).isFalse();
            assertThat(receiver.requests).hasSize(1);
            assertThat(other.requests).isEmpty(); // neither token nor alarm goes where a redirect points
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aServerThatHangsCostsItsTimeoutOnly(boolean answers) throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (var receiver = new Receiver((number, exchange) -> {
            if (answers) {
                exchange.sendResponseHeaders(200, 1_000); // a body that never ends
                exchange.getResponseBody().write(1);
                exchange.getResponseBody().flush();
            }
            never.await();
        })) {
            HttpEndpoint endpoint = receiver.endpoint()
                    .attempts(2, Duration.ZERO, Duration.ZERO)
                    .timeout(Duration.ofMillis(50))
                    .time(clock);

            DeliveryException failure = failureOf(endpoint);

            assertThat(failure).hasMessage(receiver.address() + ": no answer in PT0.05S");
            assertThat(failure.isFinal()).isFalse();
        }
    }

    @Test
    void whatHasHungIsGivenUpAndTriedAgain() throws Exception {
        try (var receiver = new Receiver(Receiver.statuses(200))) {
            var client = new HangingClient(2);

            receiver.endpoint()
                    .client(client)
                    .timeout(Duration.ofMillis(1)) // whatever is over when it is looked at is in time
                    .time(clock)
                    .post("", ID, BODY);

            assertThat(client.hung).hasSize(2).allMatch(CompletableFuture::isCancelled);
            assertThat(receiver.requests).hasSize(1);
        }
    }

    /** A client whose first exchanges never end, and whose others are over at once. */
    private static final class HangingClient extends HttpClient {
        private final HttpClient real = HttpClient.newHttpClient();
        private final List<CompletableFuture<?>> hung = new ArrayList<>();
        private final int hanging;

        HangingClient(int hanging) {
            this.hanging = hanging;
        }

        @Override
        public <T> CompletableFuture<HttpResponse<T>> sendAsync(
                HttpRequest request, HttpResponse.BodyHandler<T> handler) {
            if (hung.size() < hanging) {
                CompletableFuture<HttpResponse<T>> never = new CompletableFuture<>();
                hung.add(never);
                return never;
            }
            return CompletableFuture.completedFuture(
                    real.sendAsync(request, handler).join());
        }

        @Override
        public <T> CompletableFuture<HttpResponse<T>> sendAsync(
                HttpRequest request, HttpResponse.BodyHandler<T> handler, HttpResponse.PushPromiseHandler<T> pushed) {
            throw new UnsupportedOperationException();
        }

        @Override
        public <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<CookieHandler> cookieHandler() {
            return real.cookieHandler();
        }

        @Override
        public Optional<Duration> connectTimeout() {
            return real.connectTimeout();
        }

        @Override
        public Redirect followRedirects() {
            return real.followRedirects();
        }

        @Override
        public Optional<ProxySelector> proxy() {
            return real.proxy();
        }

        @Override
        public SSLContext sslContext() {
            return real.sslContext();
        }

        @Override
        public SSLParameters sslParameters() {
            return real.sslParameters();
        }

        @Override
        public Optional<Authenticator> authenticator() {
            return real.authenticator();
        }

        @Override
        public Version version() {
            return real.version();
        }

        @Override
        public Optional<Executor> executor() {
            return real.executor();
        }
    }

    @Test
    void aServerThatBreaksOffIsTriedAgain() throws Exception {
        try (var receiver = new Receiver((number, exchange) -> {
            if (number > 1) {
                exchange.sendResponseHeaders(200, -1);
            } // else the connection is closed without an answer
        })) {
            receiver.endpoint().time(clock).post("", ID, BODY);

            assertThat(receiver.requests).hasSizeGreaterThanOrEqualTo(2); // the client itself may ask once more
        }
    }

    @Test
    void aServerThatIsNotThereIsNamedWithoutItsPath() throws Exception {
        try (var taken = new Socket()) { // by a socket that does not listen, so that nobody else comes by its port
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            int port = taken.getLocalPort();
            HttpEndpoint endpoint = HttpEndpoint.at(
                            URI.create("http://127.0.0.1:" + port + "/hooks/pa55word?key=pa55word"))
                    .attempts(2, Duration.ZERO, Duration.ZERO)
                    .time(clock);

            DeliveryException failure = failureOf(endpoint);

            assertThat(failure).hasMessageStartingWith("http://127.0.0.1:" + port + ": java.net.ConnectException");
            assertThat(failure.getMessage() + endpoint).doesNotContain("pa55word");
            assertThat(failure.isFinal()).isFalse();
            assertThat(failure).hasCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void awaitingCanBeInterrupted() throws Exception {
        ManualClock still = ManualClock.at(Instant.EPOCH);
        try (var receiver = new Receiver(Receiver.statuses(503))) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread posting = new Thread(() -> {
                try {
                    receiver.endpoint().time(still).post("", ID, BODY);
                } catch (Throwable failure) {
                    thrown.set(failure);
                }
            });
            posting.start();
            while (still.waiting() == 0) {
                Thread.onSpinWait();
            }
            posting.interrupt();
            posting.join();

            assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
            assertThat(receiver.requests).hasSize(1);
        }
    }

    // ---- settings -------------------------------------------------------------------------------------------------

    @Test
    void aClientOfTheHostMayNotFollowRedirects() {
        HttpEndpoint endpoint = HttpEndpoint.at(URI.create("https://example.com"));
        HttpClient following = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();

        assertThatThrownBy(() -> endpoint.client(following))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "client: follows redirects, NORMAL (expected: NEVER, or tokens and alarms may go elsewhere)");
        assertThatCode(() -> endpoint.client(HttpClient.newHttpClient())).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://example.com",
                "example.com",
                "https:///path",
                "https://user@example.com",
                "https://e.com#x"
            })
    void onlyAddressesOfServersAreTaken(String address) {
        assertThatThrownBy(() -> HttpEndpoint.at(URI.create(address)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("endpoint: not an address of a server");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "whsec_",
                "whsec_c2hvcnQ=",
                "whsec_not base64 at all, but long"
            })
    void aSecretOfAnotherFormIsRefusedWithoutBeingShown(String secret) {
        assertThatThrownBy(
                        () -> HttpEndpoint.at(URI.create("https://example.com")).signedWith(secret))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("secret: of another form (expected: whsec_ and the Base64 of 24 to 64 bytes)");
    }

    @Test
    void badSettingsAreNamedAndSecretsAreNot() {
        HttpEndpoint endpoint = HttpEndpoint.at(URI.create("https://example.com"));

        assertThatThrownBy(() -> endpoint.header("X-Key", "pa55word\r\nX-Forged: 1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("header 'X-Key': not allowed by HTTP or reserved");
        assertThatThrownBy(() -> endpoint.header("Host", "elsewhere")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> endpoint.bearerToken(" ")).hasMessage("token: blank (expected: a token)");
        assertThatThrownBy(() -> endpoint.basicAuthentication("a:b", "c"))
                .hasMessage("user: holds a colon (expected: a name without one)");
        assertThatThrownBy(() -> endpoint.timeout(Duration.ZERO))
                .hasMessage("timeout: PT0S (expected: > 0, at most PT1H)");
        for (int most : new int[] {0, 11}) {
            assertThatThrownBy(() -> endpoint.attempts(most, Duration.ZERO, Duration.ZERO))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> endpoint.attempts(2, Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .hasMessage(
                        "attempts: 2, PT2S to PT1S apart (expected: 1 to 10, from zero to PT5M apart, the first wait not longer"
                                + " than the longest)");
        assertThat(endpoint.bearerToken("pa55word")).hasToString("https://example.com");
    }
}
