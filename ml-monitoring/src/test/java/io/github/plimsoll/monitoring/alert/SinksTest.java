package io.github.plimsoll.monitoring.alert;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.plimsoll.core.TimeSource;
import io.github.plimsoll.core.fake.ManualClock;
import io.github.plimsoll.monitoring.drift.Incident.Kind;
import io.github.plimsoll.monitoring.drift.WindowReport.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** Reports that go all the way to a log and to a server. */
@Timeout(240)
class SinksTest {

    @Test
    void theLevelOfALogTellsHowBadItIs() {
        Logger logger = (Logger) LoggerFactory.getLogger("alerts");
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        logger.setAdditive(false);
        logger.setLevel(Level.INFO);
        Reports.Feed feed = Reports.feed(
                Alerting.on(Runnable::run).sink("log", AlertSink.logger(logger)).build());
        feed.accept(Reports.opening(1, Reports.incident(1, Kind.SPIKES, "income")));
        feed.accept(Reports.opening(2, Reports.incident(2, Kind.UNIT_CHANGE, "income")));
        feed.accept(Reports.all(3, State.RECOVERED));

        assertThat(lines.list).extracting(ILoggingEvent::getLevel).containsExactly(Level.WARN, Level.ERROR, Level.INFO);
        assertThat(lines.list.get(1).getFormattedMessage())
                .startsWith("credit:7: worse after PT")
                .contains("unit change in income");
    }

    @Test
    void aReceiverThatIsDownForHoursGetsEachAlertOnceAndInOrder() throws Exception {
        ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
        boolean[] down = {true};
        try (var receiver = new Receiver((number, exchange) -> {
            if (down[0]) {
                exchange.getResponseHeaders().set("Retry-After", "7200");
            }
            exchange.sendResponseHeaders(down[0] ? 503 : 200, -1);
        })) {
            Alerting alerting = Alerting.on(Runnable::run)
                    .sink("pager", AlertSink.webhook(receiver.endpoint().time(clock)))
                    .time(clock)
                    .build();
            Reports.Feed feed = Reports.feed(alerting);
            feed.accept(Reports.opening(1, Reports.incident(1, Kind.SPIKES, "income")));
            feed.accept(Reports.all(2, State.RECOVERED));
            clock.advance(Duration.ofMinutes(119));
            alerting.deliver();
            assertThat(receiver.requests).hasSize(1); // it asked to be left alone for two hours
            down[0] = false;
            clock.advance(Duration.ofMinutes(1));
            alerting.deliver();

            List<Alert> received = receiver.requests.stream()
                    .skip(1)
                    .map(request -> Alert.fromJson(request.text()))
                    .toList();
            assertThat(received).extracting(Alert::event).containsExactly(Alert.Event.OPENED, Alert.Event.RECOVERED);
            assertThat(receiver.requests.get(1).header("Idempotency-Key"))
                    .isEqualTo(received.get(0).messageId())
                    .isEqualTo(receiver.requests.get(0).header("Idempotency-Key"));
        }
    }

    @Test
    void aChatGetsItsOwnForm() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (var chat = new Receiver(Receiver.statuses(200))) {
            Alerting alerting = Alerting.on(executor)
                    .sink("chat", AlertSink.webhook(chat.endpoint().time(TimeSource.system()), alert -> "{\"text\":1}"))
                    .build();
            Reports.feed(alerting).accept(Reports.opening(1, Reports.incident(1, Kind.SPIKES, "income")));
            executor.shutdown();
            assertThat(executor.awaitTermination(2, TimeUnit.MINUTES)).isTrue();

            assertThat(chat.requests).extracting(Receiver.Request::text).containsExactly("{\"text\":1}");
        }
    }
}
