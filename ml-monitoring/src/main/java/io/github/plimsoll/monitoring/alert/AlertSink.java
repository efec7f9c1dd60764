package io.github.plimsoll.monitoring.alert;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.Function;
import org.slf4j.Logger;

/**
 * Where messages about incidents go: a log, a chat, a pager, a queue. A lambda is a sink.
 *
 * <p><b>Threads.</b> {@link Alerting} calls a sink on the host's executor, one message at a time in the order in which they were
 * made, and never on a thread that predicts because of it. A sink may block; it holds up no other sink, if the executor has
 * another thread.
 *
 * <p><b>Failures.</b> A sink that returns has taken the message. One that throws has not, and is given the same message again
 * later, unless what it throws is a {@link DeliveryException} that {@linkplain DeliveryException#isFinal() is final}. It may thus
 * see a message twice, when it took it and failed afterwards: {@link Alert#messageId()} is the same then.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface AlertSink {

    /**
     * Takes a message.
     *
     * @param alert the message
     * @throws Exception if it could not be taken
     */
    void send(Alert alert) throws Exception;

    /**
     * A sink that logs {@link Alert#text()}: recoveries at level {@code INFO}, what is critical at {@code ERROR}, all else at
     * {@code WARN}.
     *
     * @param logger the host's logger
     * @return the sink
     */
    static AlertSink logger(Logger logger) {
        Objects.requireNonNull(logger);
        return alert -> {
            if (alert.event() == Alert.Event.RECOVERED) {
                logger.info("{}", alert.text());
            } else if (alert.severity() == Alert.Severity.CRITICAL) {
                logger.error("{}", alert.text());
            } else {
                logger.warn("{}", alert.text());
            }
        };
    }

    /**
     * A sink that posts {@link Alert#toJson()}.
     *
     * @param endpoint where to, with its secrets and limits
     * @return the sink
     * @see HttpEndpoint
     */
    static AlertSink webhook(HttpEndpoint endpoint) {
        return webhook(endpoint, Alert::toJson);
    }

    /**
     * A sink that posts JSON in a form of the receiver, such as {@code {"text": ...}} for a chat.
     *
     * @param endpoint where to, with its secrets and limits
     * @param body makes the JSON; if it throws, that is a failure of the sink
     * @return the sink
     */
    static AlertSink webhook(HttpEndpoint endpoint, Function<? super Alert, String> body) {
        Objects.requireNonNull(endpoint);
        Objects.requireNonNull(body);
        return alert -> endpoint.post("", alert.messageId(), body.apply(alert).getBytes(StandardCharsets.UTF_8));
    }
}
