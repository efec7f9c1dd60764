package io.github.plimsoll.serving;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.fake.FakeModel;
import io.github.plimsoll.core.schema.Output;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The code of docs/guide/warm-up-and-readiness.md, compiled and run; every block of the page stands here word for word. */
class ReadinessGuideTest {

    record Applicant(double income, int age, double debtRatio) {}

    /** Stands for whatever else a service needs. */
    private static final class FeatureStore {
        private boolean isConnected() {
            return false;
        }
    }

    private final FakeModel model = FakeModel.ofRows("credit-risk", 3, row -> row[2] > 0.5 ? 0.9 : 0.1);
    private final Applicant typical = new Applicant(52_000, 41, 0.31);
    private final Applicant rich = new Applicant(520_000, 41, 0.01);
    private final Applicant poor = new Applicant(5_200, 41, 0.91);

    @Test
    void warmsUp() {
        var risk = Plimsoll.use(model)
                .as(Applicant.class, Output.probability())
                .with(WarmUp.of(List.of(typical, rich, poor)).batchSizes(1, 8, 64))
                .build();

        assertThat(model.runs()).isEqualTo(10 * (3 + 1 + 1));
        assertThat(risk.predict(poor)).isEqualTo(0.9);
    }

    @Test
    void isAskedByAHealthEndpoint() throws Exception {
        Readiness readiness = Readiness.of("credit-risk", "fraud");

        var risk = Plimsoll.use(model)
                .as(Applicant.class, Output.probability())
                .with(WarmUp.of(List.of(typical, rich, poor)).batchSizes(1, 8, 64))
                .with(readiness)
                .build();

        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/health/ready", exchange -> {
            Readiness.Report report = readiness.report();
            byte[] body = report.toString().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(report.isReady() ? 200 : 503, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            var uri = URI.create("http://" + server.getAddress().getHostString() + ":"
                    + server.getAddress().getPort() + "/health/ready");
            var response = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());

            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(page()).contains("```text\n" + response.body() + "\n```");
        } finally {
            server.stop(0);
        }
        risk.close();
    }

    @Test
    void requiresWhatElseHasToHold() {
        FeatureStore featureStore = new FeatureStore();

        Readiness readiness = Readiness.of("credit-risk").require("feature store", featureStore::isConnected);

        assertThat(readiness.report().details()).containsEntry("feature store", "does not hold");
    }

    @Test
    void everyBlockOfThePageIsInThisClass() throws IOException {
        String source = withoutIndent(
                Files.readString(Path.of("src/test/java", getClass().getName().replace('.', '/') + ".java")));
        List<String> blocks = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(page())
                .results()
                .map(block -> withoutIndent(block.group(1)).strip())
                .toList();

        assertThat(blocks)
                .hasSizeGreaterThan(2)
                .allSatisfy(block -> assertThat(source).contains(block));
    }

    private static String page() throws IOException {
        return Files.readString(Path.of("../docs/guide/warm-up-and-readiness.md"));
    }

    private static String withoutIndent(String code) {
        return Pattern.compile("^ +", Pattern.MULTILINE).matcher(code).replaceAll("");
    }
}
